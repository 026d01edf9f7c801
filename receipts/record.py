"""What a receipt says, and what anyone who checks it is told: nothing that names a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of one payment of one bill. `quittance` is the Treasury's own gapless number.

    A cancelled receipt keeps its number for ever; `cancelled_at` says since when it proves
    nothing.
    """

    receipt_number: str
    bill_number: str
    attempt_id: str
    service: str
    subject: str
    francs: int
    operator: str
    operator_ref: str
    paid_at: datetime
    quittance: str
    cancelled_at: datetime | None = None


class Verdict(StrEnum):
    """The four answers a verification can have."""

    VALID = "valid"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


def verdict(receipt: Receipt | None) -> Verdict:
    """Return what to answer about a well-typed number that `receipt` was found for."""
    if receipt is None:
        return Verdict.UNKNOWN
    return Verdict.CANCELLED if receipt.cancelled_at else Verdict.VALID


def quittance(post: str, year: int, number: int) -> str:
    """Return `post/year/number`, the number six digits wide."""
    return f"{post}/{year}/{number:06d}"
