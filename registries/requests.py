"""Requests: a citizen asks for a service, the tariff of the day makes the bill.

The same request of one subscriber within 24 hours is the same bill, so a dropped session or a
second thought cannot make two.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.bill import Bill
from domain.catalogue import Catalogue, FeeKind, Field, FieldKind, Service, Tariff, in_force
from domain.money import Money

SAME_REQUEST = timedelta(hours=24)
REQUESTS_A_DAY = 20  # bills one subscriber may make


class UnknownServiceError(ValueError):
    """No such service is on, it has no amount in force, or it asks for something else by now."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the answers the service needs, checked against the catalogue."""

    service: Service
    answers: Mapping[str, str]
    amount: Money
    unit: Money
    legal_basis: str
    quantity: int

    @property
    def fingerprint(self) -> str:
        """The identity of the request: two alike have the same (64 hex digits)."""
        parts = [self.service.code, *(f"{k}={v}" for k, v in sorted(self.answers.items()))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def bill(self, bill_number: str, day: date) -> Bill:
        """Return the bill of the request, dated `day`."""
        return Bill(
            bill_number=bill_number,
            service=self.service.code,
            subject=self.service.code,
            amount=self.amount,
            legal_basis=self.legal_basis,
            issued_on=day,
            quantity=self.quantity,
        )


def read(catalogue: Catalogue, service_code: str, answers: Mapping[str, str], day: date) -> Request:
    """Return the request for a service, with the amount of `day`.

    Raises:
        UnknownServiceError: the service is unknown, off or has no tariff, or it would not take
            these answers: the catalogue may have changed while they were typed.
    """
    service = catalogue.services.get(service_code)
    if service is None or not service.payable:
        message = "no such service"
        raise UnknownServiceError(message)
    kept = {f.name: _answer(catalogue, service, f, answers) for f in service.fields}
    tariff = _tariff(catalogue, service, kept, day)
    if tariff is None:
        message = "no amount in force"
        raise UnknownServiceError(message)
    quantity = int(_of_kind(service, kept, FieldKind.QUANTITY) or 1)
    amount = tariff.amount * quantity if service.fee is FeeKind.PER_UNIT else tariff.amount
    return Request(service, kept, amount, tariff.amount, tariff.legal_basis, quantity)


def _tariff(
    catalogue: Catalogue, service: Service, kept: Mapping[str, str], day: date
) -> Tariff | None:
    """The tariff of `day`: of the service, of what was chosen, or of the tender."""
    match service.fee:
        case FeeKind.BY_CHOICE:
            chosen = _of_kind(service, kept, FieldKind.CHOICE)
            choices = (choice for field in service.fields for choice in field.choices)
            return next((in_force(c.tariffs, day) for c in choices if c.code == chosen), None)
        case FeeKind.BY_TENDER:
            number = _of_kind(service, kept, FieldKind.TENDER)
            tender = catalogue.tender(service.code, number, day)
            return tender.tariff if tender else None
        case _:
            return service.tariff_on(day)


def _of_kind(service: Service, kept: Mapping[str, str], kind: FieldKind) -> str:
    """The answer to the first field of a kind; empty when there is no such field."""
    return next((kept[field.name] for field in service.fields if field.kind is kind), "")


def _answer(
    catalogue: Catalogue, service: Service, field: Field, answers: Mapping[str, str]
) -> str:
    """The answer to a field, as long as today's catalogue would still take it."""
    answer = answers.get(field.name, "")
    match field.kind:
        case _ if not answer:
            good = field.optional
        case FieldKind.QUANTITY:
            good = answer.isdigit() and field.low <= int(answer) <= field.high
        case FieldKind.PLACE:
            good = answer in {place.slug for place in catalogue.places_of(service)}
        case FieldKind.CHOICE:
            good = answer in {choice.code for choice in field.choices}
        case _:
            good = True
    if not good:
        message = f"{field.name}: no such answer, or not any more"
        raise UnknownServiceError(message)
    return answer
