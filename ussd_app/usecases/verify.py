"""Is this receipt real? Check digits first: a mistyped number touches no database."""

from dataclasses import dataclass

from receipts import number
from receipts.record import Receipt, Verdict, verdict
from ussd_app.store import books
from ussd_app.usecases.context import Context


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, with the receipt when there is one."""

    verdict: Verdict
    receipt: Receipt | None = None


def verify(context: Context, receipt_number: str) -> Verification:
    """Return what is true of a receipt number, whoever asks."""
    if not number.is_well_typed(receipt_number):
        return Verification(Verdict.MISTYPED)
    with context.db.read() as tx:
        receipt = books.find_receipt(tx, receipt_number)
    return Verification(verdict(receipt), receipt)
