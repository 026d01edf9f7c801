"""The worst that can fill a screen, in one language.

Every bill the catalogue can make stands here, on or off, with the longest answers its fields
allow; each once more at 90 000 F, the dearest tariff known. A service that is off has no label
yet, so it borrows the longest there is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from domain import gsm7
from domain.bill import Bill
from domain.catalogue import FieldKind, Service
from domain.money import Money
from registries import fines
from tests.dialogues import world
from tests.dialogues.world import BILL, CATALOGUE, NINA, RECEIPT, STRANGER, TEXTS, TODAY
from ussd_app.usecases import wording

DEAREST = Money(90_000)
SETTLED = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)

Face = Mapping[str, str]


def of(lang: str) -> Iterator[Face]:
    """Every set of answers a screen in `lang` is proved with: all that any screen may name."""
    for bill, detail in (*_fines(lang), *_requests(), *_off(lang)):
        for wallet in world.WALLETS:
            for amount in {bill.amount, DEAREST}:
                yield {
                    **wording.of_bill(replace(bill, amount=amount, settled_at=SETTLED)),
                    **detail,
                    "cancelled_on": wording.day(SETTLED),
                    "tail": bill.bill_number[-3:],
                    "wallet": wallet.code,
                    "wallet_name": wallet.name,
                    "payer": STRANGER,
                    "receipt_number": RECEIPT,
                }


def _fines(lang: str) -> Iterator[tuple[Bill, Face]]:
    """Every fine, and the longest offence under the longest law."""
    offences = [offence for offence in CATALOGUE.offences.values() if offence.enabled]
    made = [fines.record(CATALOGUE, offence.code, BILL, TODAY) for offence in offences]
    longest = max((bill.subject for bill in made), key=lambda code: _label(lang, "offence", code))
    basis = max((bill.legal_basis for bill in made), key=_septets)
    for bill in (*made, replace(made[0], subject=longest, legal_basis=basis)):
        yield bill, {"detail": ""}


def _requests() -> Iterator[tuple[Bill, Face]]:
    """Every request that can be made, each answer being the longest allowed."""
    place = max(CATALOGUE.places, key=lambda slug: _septets(CATALOGUE.places[slug].name))
    for service in _with_tariff(enabled=True):
        answers = {}
        for field in service.fields:
            answers[field.name] = {
                FieldKind.DIGITS: "9" * field.high,
                FieldKind.YEAR: str(TODAY.year),
                FieldKind.PLACE: place,
                FieldKind.QUANTITY: str(field.high),
                FieldKind.NINA: NINA,
            }[field.kind]
        request = world.read_request(service.code, answers)
        yield request.bill(BILL, TODAY), world.detail_of(request)


def _off(lang: str) -> Iterator[tuple[Bill, Face]]:
    on = [service.code for service in _with_tariff(enabled=True)]
    longest = max(on, key=lambda code: _label(lang, "service", code))
    for service in _with_tariff(enabled=False):
        tariff = max(service.tariffs, key=lambda tariff: tariff.since)
        bill = Bill(BILL, longest, longest, tariff.amount, tariff.legal_basis, TODAY)
        yield bill, {"detail": ""}


def _with_tariff(*, enabled: bool) -> Iterable[Service]:
    services = CATALOGUE.services.values()
    return [service for service in services if service.tariffs and service.enabled == enabled]


def _label(lang: str, family: str, code: str) -> int:
    return _septets(TEXTS.get(lang, f"{family}.{code}"))


def _septets(text: str) -> int:
    return gsm7.septets(gsm7.to_wire(text)) or 0
