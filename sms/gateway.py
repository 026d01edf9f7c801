"""The port of an SMS provider.

A timeout is unknown, not a failure: a receipt may then be sent again, for the same text twice
harms nobody.
"""

from dataclasses import dataclass
from typing import Protocol

from domain.msisdn import Msisdn


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message under `provider_id`."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never carry this message; `reason` is its own word."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or one that says to come back: the message may or may not have left."""

    reason: str


class Gateway(Protocol):
    """An SMS provider."""

    def send(self, to: Msisdn, text: str) -> Sent | Refused | Unknown:
        """Send `text`, already in the letters of the wire, to one number."""
        ...
