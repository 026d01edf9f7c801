"""Facts about a payment, as every part speaks of them.

An attempt is one collection of one bill through one operator. What is known of it is a set of
`Evidence`; its `Status` is computed from that set and from nothing else (payments/evidence.py).
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.money import FRANCS_MAX


class Status(StrEnum):
    """Where an attempt stands. The order is the fold's, weakest first."""

    CREATED = "created"
    SUBMITTING = "submitting"
    UNKNOWN = "unknown"
    PENDING = "pending"
    FAILED = "failed"
    CLOSED_UNPAID = "closed_unpaid"
    REVERSED = "reversed"
    MISMATCH = "mismatch"
    SUCCEEDED = "succeeded"
    DOUBLE_DEBIT = "double_debit"

    @property
    def is_open(self) -> bool:
        """While an attempt of a bill is open, no other may start."""
        return self in OPEN


OPEN = frozenset({Status.CREATED, Status.SUBMITTING, Status.UNKNOWN, Status.PENDING})


class Kind(StrEnum):
    """What one piece of evidence says."""

    SUBMITTING = "submitting"  # ours: the call is about to be made
    UNKNOWN = "unknown"  # ours: timeout, 5xx or lost lease; it may have been debited
    NOT_SENT = "not_sent"  # ours, under the fence: the operator was never asked
    PENDING = "pending"
    BUSY = "busy"  # the handset was in a session, the prompt did not show
    UNRECOGNISED = "unrecognised"  # a word no document lists: pending, and an alarm
    FAILED = "failed"
    PAID = "paid"
    REVERSED = "reversed"
    CLOSED_UNPAID = "closed_unpaid"


class Source(StrEnum):
    """Who says it. A callback is not here: it only makes us ask."""

    OURS = "ours"
    REPLY = "reply"
    INQUIRY = "inquiry"
    STATEMENT = "statement"
    PEOPLE = "people"  # two of them, who may close an attempt unpaid and nothing else


class Failure(StrEnum):
    """Why an attempt failed, as the citizen is told."""

    INSUFFICIENT = "insufficient"
    REFUSED = "refused"
    EXPIRED = "expired"
    WALLET = "wallet"  # no such wallet, blocked, over its limits
    NOT_SENT = "not_sent"
    CANCELLED = "cancelled"  # the citizen gave it up
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, append-only.

    `operator_ref` is the operator's transaction id and `francs` the amount it names: both are
    present on PAID and REVERSED. `failure` is present on FAILED. `word` keeps the operator's own
    word where we did not know it, less what no database can hold.
    """

    kind: Kind
    source: Source
    operator_ref: str | None = None
    francs: int | None = None
    failure: Failure | None = None
    word: str | None = None

    def __post_init__(self) -> None:
        if self.word is not None and not self.word.isprintable():
            kept = "".join(c if c.isprintable() else "?" for c in self.word)
            object.__setattr__(self, "word", kept)
        if self.kind in MONEY_KINDS and not (self.operator_ref and self.francs is not None):
            message = f"{self.kind} evidence names a transaction and an amount"
            raise ValueError(message)
        if self.source is Source.PEOPLE and self.kind is not Kind.CLOSED_UNPAID:
            message = "people may close an attempt unpaid, and nothing else"
            raise ValueError(message)
        if self.francs is not None and not 0 < self.francs <= FRANCS_MAX:
            message = f"an amount moved is 1 to {FRANCS_MAX} francs"
            raise ValueError(message)


MONEY_KINDS = frozenset({Kind.PAID, Kind.REVERSED})
