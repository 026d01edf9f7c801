"""The port of an SMS provider.

A timeout is unknown, not a failure: a text that may repeat is then sent again, by another
provider, unless a delivery report has said meanwhile that the first one arrived.

A provider that speaks HTTP is sans-I/O (`HttpGateway`): it says what to send and reads what came.
One that brings its own way out, an SDK or a link that is held open, sends by itself (`Gateway`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from domain.exchange import HttpRequest, Outcome
from domain.msisdn import Msisdn


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message under `provider_id`.

    `cost` in francs and `segments` as the provider counts them, where it says so.
    """

    provider_id: str
    cost: Decimal | None = None
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never carry this message; `reason` is its own word."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or one that says to come back.

    `left`: it may have left all the same. False where the provider cannot have taken it.
    """

    reason: str
    left: bool = True


Result = Sent | Refused | Unknown


class Verdict(StrEnum):
    """What a delivery report says of its message. Only `DELIVERED` and `FAILED` are the end."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report: the provider's `word`, and what it means.

    `number` is the recipient's as the provider writes it, empty where it says none.
    """

    provider_id: str
    word: str
    verdict: Verdict
    reason: str = ""
    number: str = field(default="", repr=False)


class ReportError(ValueError):
    """What was posted is no delivery report."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted to the door of reports: its fields where it was a form, else its bytes."""

    form: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Provider(Protocol):
    """What both kinds of provider declare.

    `price` is the francs of one segment, None where the contract does not say. `named`: reports
    name our key, so that one tells about a text whose sending was never answered. `reports`: each
    text asks for a report, so that their absence says something; elsewhere it may only mean that
    nobody has registered our door.
    """

    @property
    def code(self) -> str:
        """The provider's name in settings, addresses and figures."""
        ...

    @property
    def price(self) -> Decimal | None:
        """See the class."""
        ...

    @property
    def named(self) -> bool:
        """See the class."""
        ...

    @property
    def reports(self) -> bool:
        """See the class."""
        ...

    def read_reports(self, posted: Posted) -> tuple[Report, ...]:
        """Read what the provider posted.

        Raises:
            ReportError: it is no report of this provider.
        """
        ...


@runtime_checkable
class Gateway(Provider, Protocol):
    """A provider that sends by itself."""

    def send(self, to: Msisdn, text: str, key: str = "") -> Result:
        """Send `text`, already in the letters of the wire, to one number.

        `key` is our name of this sending: nobody else can guess it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """Where a bearer is asked for by OAuth's client credentials, and as whom."""

    url: str
    client: tuple[str, str] = field(repr=False)


@runtime_checkable
class HttpGateway(Provider, Protocol):
    """A provider of which every sending is one request over HTTP."""

    @property
    def login(self) -> Login | None:
        """How a bearer is obtained; None where the account's key is enough."""
        ...

    def request(self, to: Msisdn, text: str, key: str, bearer: str) -> HttpRequest:
        """Return the request that sends; see `Gateway.send`."""
        ...

    def read(self, outcome: Outcome, key: str) -> Result:
        """Read what came back."""
        ...
