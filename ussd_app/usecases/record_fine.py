"""An offence is noted: the amount follows from the catalogue, never from the officer."""

from domain.bill import Bill
from registries import fines, number
from ussd_app.store.bills import Register
from ussd_app.usecases.context import Context


def record_fine(context: Context, offence: str, plate: str | None) -> Bill:
    """Record a fine and return its bill.

    Raises:
        UnknownOffenceError: no such offence is on.
    """
    now = context.now()
    details = {"plate": plate} if plate else {}
    with context.db.begin() as tx:
        return Register(tx).issue(
            lambda: fines.record(
                context.catalogue, offence, number.draw(context.below), now.date()
            ),
            now,
            details,
        )
