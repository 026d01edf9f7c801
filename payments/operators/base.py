"""The port every mobile-money operator stands behind.

Sans-I/O: an operator turns a wish into an `HttpRequest` and what came back into evidence; one
transport sends.

Three truths about a call: yes, no, and unknown. A timeout, a 5xx and a cut are unknown, never a
failure. A word the operator's document does not list is pending, and an alarm. A failed inquiry
is no evidence at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.msisdn import Msisdn
from domain.payment import Evidence
from domain.wallet import Wallet
from payments.intent import AmountRules
from payments.reconciliation import Statement


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What to send. `timeout` bounds the whole exchange, in seconds."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    body: bytes = field(repr=False)


class NoAnswer(StrEnum):
    """Why nothing came back."""

    NOT_SENT = "not_sent"  # no connection was made: the operator cannot have heard
    LOST = "lost"  # it may have heard


Outcome = Answer | NoAnswer


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer and the seconds it lives."""

    bearer: str = field(repr=False)
    lifetime: float


@dataclass(frozen=True, slots=True)
class Order:
    """One collection: what the operator is asked to debit, whole francs."""

    attempt_id: str
    bill_number: str
    payer: Msisdn
    francs: int
    callback_url: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an operator can do; policy follows from this and never from its name."""

    push: bool
    inquire: bool
    prompt_again: bool
    statement: bool
    amounts: AmountRules
    expiry: float  # seconds after which the operator itself gives a prompt up


class Operator(Protocol):
    """A connector. `key` is the operator's idempotency handle, kept before anything is debited."""

    wallet: Wallet
    capabilities: Capabilities

    def authorise(self) -> HttpRequest:
        """Ask for a bearer."""
        ...

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """Read the bearer; None when there is none to be had now."""
        ...

    def prepare(self, order: Order, token: Token) -> HttpRequest:
        """Ask for the key of `order`. Nothing can be debited by this."""
        ...

    def read_prepare(self, outcome: Outcome) -> str | None:
        """Read the key; None when it was not given (asking again is harmless)."""
        ...

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest:
        """Ask for the debit. Sent at most once in the life of an attempt."""
        ...

    def read_collect(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """Read the reply to `collect`."""
        ...

    def inquire(self, key: str, token: Token) -> HttpRequest:
        """Ask how the debit of `key` stands."""
        ...

    def prompt(self, key: str, token: Token) -> HttpRequest:
        """Ask that the handset be prompted again, under the same key."""
        ...

    def read_inquire(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """Read the answer to `inquire` or `prompt`; empty when nothing was learned."""
        ...

    def statement(self, since: datetime, token: Token) -> HttpRequest:
        """Ask for the statement closed since an instant, UTC."""
        ...

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """Read a closed statement; None when there is none yet."""
        ...
