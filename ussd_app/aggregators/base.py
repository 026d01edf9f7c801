"""What every dialect is reduced to."""

from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from domain.msisdn import Msisdn

SESSION_ID_MAX = 128
TEXT_MAX = 1000
INPUTS_MAX = 40  # a session is over long before


class BadTurnError(ValueError):
    """A request no turn can be read from; `str()` says why, without what was sent."""

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a USSD session.

    `dialled` is the service code as it came, deep dial included; `inputs` is everything typed
    since, in order: its length is the hop's identity in cumulative dialects.
    """

    session_id: str
    caller: Msisdn
    dialled: str
    inputs: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen on its way out, in the letters of the wire."""

    text: str = field(repr=False)
    ends: bool


class How(StrEnum):
    """How a session ended, as the gateway says."""

    CLEAN = "clean"  # our last screen was shown
    CUT = "cut"  # the citizen left, or the network cut
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end of a session, told by the gateway."""

    session_id: str
    caller: Msisdn
    how: How


class Dialect(Protocol):
    """One wire format."""

    content_type: str

    def decode(self, body: bytes, content_type: str) -> Turn:
        """Read a turn.

        Raises:
            BadTurnError: it is none.
        """
        ...

    def decode_end(self, body: bytes, content_type: str) -> Hangup:
        """Read the notification that a session is over.

        Raises:
            BadTurnError: it is none.
        """
        ...

    def encode(self, shown: Shown) -> bytes:
        """Write a screen."""
        ...
