"""The worst that can fill a screen, in one language.

Every bill the catalogue can make stands here, with the longest answers its fields allow; each
once more at 90 000 F, the dearest tariff known, though the service it belongs to is still off.
"""

from collections.abc import Iterator, Mapping
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
REQUESTABLE = [
    service for service in CATALOGUE.services.values() if service.enabled and service.tariffs
]

Face = Mapping[str, str]


def of(lang: str) -> Iterator[Face]:
    """Every set of answers a screen in `lang` is proved with: all that any screen may name."""
    for bill, detail in (*_fines(lang), *_requests()):
        for wallet in (*world.WALLETS, world.ANOTHER):
            for amount in {bill.amount, DEAREST}:
                yield {
                    **wording.of_bill(replace(bill, amount=amount, settled_at=SETTLED)),
                    **detail,
                    "before_on": wording.day(SETTLED),
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
    for service in REQUESTABLE:
        request = world.read_request(service.code, longest_answers(service))
        yield request.bill(BILL, TODAY), world.detail_of(request)


def longest_answers(service: Service) -> dict[str, str]:
    """The longest that each field of a service allows."""
    place = max(CATALOGUE.places, key=lambda slug: _septets(CATALOGUE.places[slug].name))
    answers = {}
    for field in service.fields:
        answers[field.name] = {
            FieldKind.DIGITS: "9" * field.high,
            FieldKind.YEAR: str(TODAY.year),
            FieldKind.PLACE: place,
            FieldKind.QUANTITY: str(field.high),
            FieldKind.NINA: NINA,
        }[field.kind]
    return answers


def _label(lang: str, family: str, code: str) -> int:
    return _septets(TEXTS.get(lang, f"{family}.{code}"))


def _septets(text: str) -> int:
    return gsm7.septets(gsm7.to_wire(text)) or 0
