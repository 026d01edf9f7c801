"""What is owed to the State."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain import check_digits
from domain.money import Money

FINE = "fine"


class BillStatus(StrEnum):
    """`DUE -> PAID`, `PAID -> DUE` on a reversal, `DUE -> CANCELLED` by the issuing authority."""

    DUE = "due"
    PAID = "paid"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Bill:
    """One sum owed, found by a number anybody may type: so it names no person and no plate.

    `service` is a catalogue code (`fine` for a fine), `subject` the code of the offence, or the
    service again. `version` grows with each change of what is owed: a price shown is a version.
    """

    bill_number: str
    service: str
    subject: str
    amount: Money
    legal_basis: str
    issued_on: date
    quantity: int = 1
    status: BillStatus = BillStatus.DUE
    version: int = 1
    settled_at: datetime | None = None

    def __post_init__(self) -> None:
        if not check_digits.hold(self.bill_number, check_digits.BILL_DIGITS):
            message = "a bill number is 10 digits ending in its check digits"
            raise ValueError(message)

    @property
    def is_fine(self) -> bool:
        """Whether it is a fine rather than the fee of a request."""
        return self.service == FINE
