"""The worst that can fill a screen: the longest of everything, in one language.

A fine and a request never mix, so each has its own worst; beside them stands every bill that the
catalogue can really make. 90 000 F is the dearest tariff known, though its service is still off.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from domain import gsm7
from domain.bill import Bill
from domain.catalogue import FeeKind, FieldKind, Service
from domain.money import Money
from registries import fines
from tests.dialogues import world
from tests.dialogues.world import BILL, CATALOGUE, NINA, RECEIPT, STRANGER, TEXTS, TODAY
from ussd_app.usecases import wording

DEAREST = Money(90_000)
SETTLED = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
REQUESTABLE = [
    service
    for service in CATALOGUE.services.values()
    if service.enabled and service.fee in {FeeKind.FIXED, FeeKind.PER_UNIT}
]

Face = Mapping[str, str]


def of(lang: str) -> Iterator[Face]:
    """Every set of answers a screen in `lang` is proved with: all that any screen may name."""
    for bill, detail in (*_fines(lang), *_requests(lang)):
        for wallet in world.WALLETS:
            yield {
                **wording.of_bill(bill),
                **detail,
                "cancelled_on": wording.day(SETTLED),
                "tail": bill.bill_number[-3:],
                "wallet": wallet.code,
                "wallet_name": wallet.name,
                "payer": STRANGER,
                "receipt_number": RECEIPT,
            }


def _fines(lang: str) -> Iterator[tuple[Bill, Face]]:
    offences = [offence for offence in CATALOGUE.offences.values() if offence.enabled]
    made = [fines.record(CATALOGUE, offence.code, BILL, TODAY) for offence in offences]
    worst = replace(
        made[0],
        subject=_longest((bill.subject for bill in made), lang, "offence"),
        legal_basis=max((bill.legal_basis for bill in made), key=_septets),
        amount=DEAREST,
    )
    yield from ((replace(bill, settled_at=SETTLED), {}) for bill in (*made, worst))


def _requests(lang: str) -> Iterator[tuple[Bill, Face]]:
    made = [_request(service) for service in REQUESTABLE]
    bills = [bill for bill, _ in made]
    worst = replace(
        max(bills, key=lambda bill: bill.quantity),
        subject=_longest((bill.subject for bill in bills), lang, "service"),
        legal_basis=max((bill.legal_basis for bill in bills), key=_septets),
        amount=DEAREST,
    )
    detail = max((face.get("detail", "") for _, face in made), key=_septets)
    for bill, face in (*made, (worst, {"detail": detail})):
        yield replace(bill, settled_at=SETTLED), face


def _request(service: Service) -> tuple[Bill, Face]:
    """The bill of a service and what it repeats, every answer being the longest allowed."""
    longest_place = max(CATALOGUE.places, key=lambda slug: _septets(CATALOGUE.places[slug].name))
    answers = {}
    for field in service.fields:
        answers[field.name] = {
            FieldKind.DIGITS: "9" * field.high,
            FieldKind.YEAR: str(TODAY.year),
            FieldKind.PLACE: longest_place,
            FieldKind.QUANTITY: str(field.high),
            FieldKind.NINA: NINA,
        }[field.kind]
    request = world.read_request(service.code, answers)
    return request.bill(BILL, TODAY), world.detail_of(request)


def _longest(codes: Iterable[str], lang: str, family: str) -> str:
    return max(codes, key=lambda code: _septets(TEXTS.get(lang, f"{family}.{code}")))


def _septets(text: str) -> int:
    return gsm7.septets(gsm7.to_wire(text)) or 0
