"""Fines: the amount comes from the recorded offence, never from whoever is asking."""

from datetime import date

from domain.bill import FINE, Bill
from domain.catalogue import Catalogue


class UnknownOffenceError(ValueError):
    """No such offence is on, or it has no amount in force: nothing can be recorded."""


def record(catalogue: Catalogue, offence_code: str, bill_number: str, day: date) -> Bill:
    """Return the bill of an offence noted on `day`, at the tariff in force that day.

    Raises:
        UnknownOffenceError: the offence is unknown, off, or has no tariff.
    """
    offence = catalogue.offences.get(offence_code)
    tariff = offence.tariff_on(day) if offence is not None and offence.enabled else None
    if tariff is None:
        message = "no such offence, or no amount in force"
        raise UnknownOffenceError(message)
    return Bill(
        bill_number=bill_number,
        service=FINE,
        subject=offence_code,
        amount=tariff.amount,
        legal_basis=tariff.legal_basis,
        issued_on=day,
    )
