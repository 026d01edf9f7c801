"""The port every mobile-money operator stands behind.

Sans-I/O: an operator turns a wish into an `HttpRequest` and what came back into evidence; one
transport sends.

Three truths about a call: yes, no, and unknown. A timeout, a 5xx and a cut are unknown, never a
failure. A word the operator's document does not list is pending, and an alarm; so is an answer
that names another payment, or another currency. A failed inquiry is no evidence at all.

What an operator can do stands in its `Capabilities`; what it cannot do keeps the default of
`Operator`, which does nothing. Policy follows from the declaration and never from a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.exchange import Answer, HttpRequest, NoAnswer, Outcome
from domain.msisdn import Msisdn
from domain.payment import Evidence
from domain.wallet import Wallet
from payments.intent import AmountRules
from payments.reconciliation import Statement

__all__ = [  # an operator finds everything it speaks of here
    "NO_TOKEN",
    "Answer",
    "Callback",
    "Capabilities",
    "Heard",
    "HttpRequest",
    "NoAnswer",
    "Operator",
    "Order",
    "Outcome",
    "Prepared",
    "Token",
    "UnableError",
]

_BROKEN = 500  # the HTTP statuses from here on are the operator's own trouble


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer and the seconds it lives."""

    bearer: str = field(repr=False)
    lifetime: float


NO_TOKEN = Token("", 0.0)  # of an operator whose account's key is enough


@dataclass(frozen=True, slots=True)
class Order:
    """One collection: what the operator is asked to debit, whole francs.

    `created_at` is when it was confirmed, UTC. `otp` is what the citizen obtained from the operator
    and typed in our menu, where it is so. `key` is what is asked under, empty before it is known:
    an answer that names another key is about another payment.
    """

    attempt_id: str
    bill_number: str
    payer: Msisdn
    francs: int
    callback_url: str
    created_at: datetime
    otp: str = field(default="", repr=False)
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is bound to an attempt before anything can be debited.

    `key` is the operator's idempotency handle; `link` the address the citizen opens, if any.
    """

    key: str = field(repr=False)
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an operator can do; what the citizen does stands in its wallet."""

    inquire: bool  # an attempt can be asked about
    prompt_again: bool  # a busy handset can be prompted again under the same key
    statement: bool  # a closed statement can be fetched
    amounts: AmountRules
    expiry: float  # seconds after which the operator itself gives a prompt up


@dataclass(frozen=True, slots=True)
class Callback:
    """What was posted to one of our doors. Header names are in small letters."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What a callback is worth: never money, only a reason to ask.

    Forged ones ring nothing. `event` is the operator's own id of it, by which repetitions are
    known; `attempt_ids` are named where one door serves a whole account.
    """

    genuine: bool
    event: str = ""
    attempt_ids: tuple[str, ...] = ()


class UnableError(RuntimeError):
    """The operator was asked for what it does not declare: a mistake of ours."""


class Operator:
    """A connector. Each documents its wire and its source at the top of its file."""

    wallet: Wallet
    capabilities: Capabilities

    def authorise(self) -> HttpRequest | None:
        """Ask for a bearer; None when the account's key is enough."""
        return None

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """Read the bearer; None when there is none to be had now."""
        del outcome
        return None

    def heartbeat(self, token: Token) -> HttpRequest | None:
        """Ask for a sign of life, which debits nothing; None when there is none but the bearer."""
        del token
        return None

    def read_heartbeat(self, outcome: Outcome) -> bool:
        """Whether the operator can serve: it answered, and not that it is broken."""
        return isinstance(outcome, Answer) and outcome.status < _BROKEN

    def prepare(self, order: Order, token: Token) -> HttpRequest | None:
        """Ask for the key of `order`; nothing can be debited by this. None: the key is ours."""
        del order, token
        return None

    def read_prepare(self, outcome: Outcome) -> Prepared | None:
        """Read the key; None when it was not given (asking again is harmless)."""
        del outcome
        return None

    def own_key(self, order: Order) -> str:
        """Return the key of `order` where it is ours to choose: the same for ever."""
        return order.attempt_id

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest | None:
        """Ask for the debit. Sent at most once in the life of an attempt.

        None where the citizen's own deed (opening the link) is all there is to wait for.
        """
        del order, key, token
        raise UnableError

    def read_collect(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """Read the reply to `collect`; one that names another payment than `order` is no news."""
        del outcome, order
        raise UnableError

    def read_key(self, outcome: Outcome, order: Order) -> str | None:
        """Read the key that inquiries need from now on, where an answer to one names another."""
        del outcome, order
        return None

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest | None:
        """Ask how the debit of `key` stands; None when it cannot be asked (yet)."""
        del order, key, token
        return None

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """Read the answer to `inquire`, `prompt` or `cancel`; empty when nothing was learned."""
        del outcome, order
        return ()

    def prompt(self, key: str, token: Token) -> HttpRequest:
        """Ask that the handset be prompted again, under the same key."""
        del key, token
        raise UnableError

    def cancel(self, key: str, token: Token) -> HttpRequest:
        """Ask that the attempt be closed unpaid, if it is not too late."""
        del key, token
        raise UnableError

    def is_door(self, token: str) -> bool:
        """Whether `token` ends the address of the whole account's callbacks, if there is one."""
        del token
        return False

    def hear(self, callback: Callback) -> Heard:
        """Say what a callback is worth; one that nobody signs is a reason to ask as well."""
        del callback
        return Heard(genuine=True)

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest | None:
        """Ask for the statement closed since an instant, UTC; for its page behind a cursor."""
        del since, token, after
        return None

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """Read a closed statement, or a page of it; None when there is none yet."""
        del outcome
        return None
