"""The worst that can fill a screen, for the compiler: what effects tell, at its longest.

Every bill the catalogue can make stands here, with the longest answers its fields allow; each
once more at the dearest tariff known, though the service it belongs to may still be off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial

from domain import check_digits, gsm7
from domain.bill import Bill
from domain.catalogue import Catalogue, Field, FieldKind, Service, in_force
from domain.money import Money
from domain.texts import Texts
from domain.wallet import Wallet
from menus.service import choice_id
from registries import fines, requests
from ussd_app.usecases import wording

_BILL = check_digits.append("99999999")
_RECEIPT = check_digits.append("9" * 14)
_PAYER = "70000000"
_WIDE = "W"  # as long as a text may be, in letters of one septet each
_NINA = "1" * 14 + "A"
DEAREST = Money(90_000)  # a premium passport

Face = Mapping[str, str]


class Worst:
    """The worst of one catalogue in one language, on one day."""

    def __init__(self, catalogue: Catalogue, texts: Texts, lang: str, today: date) -> None:
        self._catalogue = catalogue
        self._today = today
        self._lang = lang
        self._spell = partial(texts.get, lang)

    def faces(self, wallets: Sequence[Wallet]) -> Iterator[Face]:
        """Yield every set of answers a screen is proved with: all that any may name."""
        down = wording.of_wallets(wallets, frozenset(wallet.code for wallet in wallets))
        for bill, detail in (*self._fines(), *self._requests()):
            for wallet in wallets:
                for amount in {bill.amount, max(bill.amount, DEAREST)}:
                    costly = replace(bill, amount=amount)
                    yield {**self._face(costly, wallet), **detail, **down}

    def answers(self, service: Service) -> Iterator[dict[str, str]]:
        """Yield the longest answers to the fields of a service: a set for each of its tenders."""
        tenders = [t.number for t in self._catalogue.tenders.values() if t.service == service.code]
        for tender in tenders or [""]:
            yield {field.name: self._longest(service, field, tender) for field in service.fields}

    def _face(self, bill: Bill, wallet: Wallet) -> Face:
        settled = datetime.combine(self._today, time(), UTC)
        return {
            **wording.of_bill(replace(bill, settled_at=settled)),
            "before_on": wording.day(self._today),
            "cancelled_on": wording.day(self._today),
            "tail": bill.bill_number[-3:],
            "wallet": wallet.code,
            "wallet_name": wallet.name,
            "payer": _PAYER,
            "otp_dial": "#144#391#",
            "dial_code": wallet.dial.replace("{amount}", str(bill.amount.francs)),
            "receipt_number": _RECEIPT,
        }

    def _fines(self) -> Iterator[tuple[Bill, Face]]:
        """Every fine, and the longest offence under the longest law."""
        offences = self._catalogue.offences.values()
        codes = [o.code for o in offences if o.enabled and o.tariff_on(self._today)]
        made = [fines.record(self._catalogue, code, _BILL, self._today) for code in codes]
        if not made:
            return
        longest = max(codes, key=lambda code: self._septets(self._spell(f"offence.{code}")))
        basis = max((bill.legal_basis for bill in made), key=self._septets)
        for bill in (*made, replace(made[0], subject=longest, legal_basis=basis)):
            yield bill, {"detail": ""}

    def _requests(self) -> Iterator[tuple[Bill, Face]]:
        for service in self._catalogue.services.values():
            for answers in self.answers(service) if service.payable else ():
                try:
                    request = requests.read(self._catalogue, service.code, answers, self._today)
                except requests.UnknownServiceError:  # not begun, or over: nothing says it today
                    continue
                detail = wording.of_request(request, self._catalogue, self._spell)
                yield request.bill(_BILL, self._today), detail

    def _septets(self, text: str) -> int:
        return gsm7.septets(gsm7.to_wire(text, self._lang)) or 0

    def _longest(  # noqa: PLR0911  # one way out for each kind
        self, service: Service, field: Field, tender: str
    ) -> str:
        match field.kind:
            case FieldKind.TEXT:
                return _WIDE * field.high
            case FieldKind.DIGITS:
                return "9" * field.high
            case FieldKind.YEAR:
                return str(self._today.year)
            case FieldKind.QUANTITY:
                return str(field.high)
            case FieldKind.NINA:
                return _NINA
            case FieldKind.TENDER:
                return tender
            case FieldKind.CHOICE:
                priced = [c.code for c in field.choices if in_force(c.tariffs, self._today)]
                codes = priced or [choice.code for choice in field.choices]
                return max(
                    codes, key=lambda code: self._septets(self._spell(choice_id(field, code)))
                )
            case FieldKind.PLACE:
                places = self._catalogue.places_of(service)
                return max(places, key=lambda place: self._septets(place.name)).slug
