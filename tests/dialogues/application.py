"""The application as a written dialogue needs it: how its effects read, and what they teach."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from domain.bill import Bill, BillStatus
from menus.engine import LANG_ANSWER
from menus.protocol import (
    Effect,
    FindBill,
    Greet,
    OpenPayment,
    RequestBill,
    SetLanguage,
    Told,
    VerifyReceipt,
)
from payments.intent import Refusal
from receipts.record import Receipt
from registries import fines
from tests.dialogues import world
from ussd_app.usecases import wording

_DAY = r"\d\d/\d\d/\d{4}"
_TODAY = rf"jour (?P<day>{_DAY})"
_TELEPHONE = r"téléphone (?P<number>\d{8})"
_FINE = (
    rf"amende (?P<number>\d{{10}}): (?P<offence>\w+) du (?P<day>{_DAY})"
    rf"(, version (?P<version>\d+))?(, payée le (?P<paid>{_DAY}))?(?P<cancelled>, annulée)?"
)
_REQUEST = rf"demande (?P<number>\d{{10}}): payée le (?P<paid>{_DAY})"
_RECEIPT = (
    rf"reçu (?P<number>\d{{16}}): amende (?P<bill>\d{{10}}), payé le (?P<paid>{_DAY})"
    rf"(, annulé le (?P<cancelled>{_DAY}))?"
)
_BILLED = {"due", "under_way", "paid_before"}
_Said = re.Match[str]
_REFUSED = {refusal.value for refusal in Refusal}


class Application:
    """What is true while a dialogue is played. The sentences are those of tests/dialogues/play."""

    def __init__(self) -> None:
        self.today = world.TODAY
        self._caller = world.CALLER
        self._bills: dict[str, Bill] = {}
        self._paid: dict[str, datetime] = {}
        self._receipts: dict[str, Receipt] = {}

    def learn(self, sentence: str) -> None:
        """Take a sentence as true from now on; ValueError when it is not one."""
        for pattern, learn in (
            (_TODAY, self._at),
            (_TELEPHONE, self._calls),
            (_FINE, self._fine),
            (_REQUEST, self._request_paid),
            (_RECEIPT, self._receipt),
        ):
            if found := re.fullmatch(pattern, sentence):
                learn(found)
                return
        raise ValueError("no such sentence")

    def write(self, effect: Effect) -> str:
        """Return how an effect reads, without its end."""
        match effect:
            case Greet():
                return "Greet"
            case SetLanguage(lang):
                return f"SetLanguage {lang}"
            case FindBill(number) | VerifyReceipt(number):
                return f"{type(effect).__name__} {number}"
            case RequestBill(service, answers, again):
                fields = world.CATALOGUE.services[service].fields
                told = [f"{field.name}={answers[field.name] or '-'}" for field in fields]
                return " ".join(["RequestBill", service, *told, *(["encore"] if again else [])])
            case OpenPayment(number, version, wallet, payer):
                return f"OpenPayment {number} v{version} {wallet} de {payer or 'ce téléphone'}"

    def answer(self, effect: Effect, told: str) -> Told:
        """Return the event of an effect that ends in `told`: an outcome, and what it names."""
        outcome, *named = told.split()
        match effect:
            case Greet():
                return Told(outcome, {LANG_ANSWER: named[0] if named else "fr"})
            case SetLanguage(lang):
                return Told(outcome, {LANG_ANSWER: lang})
            case FindBill(number):
                return Told(outcome, self._found(number))
            case RequestBill():
                return Told(outcome, self._requested(effect, *named) if outcome in _BILLED else {})
            case OpenPayment(number):
                bill = self._bills.get(number) if outcome in _REFUSED else None
                return Told(outcome, wording.of_bill(bill) if bill else {})
            case VerifyReceipt(number):
                receipt = self._receipts.get(number)
                return Told(outcome, wording.of_receipt(receipt) if receipt else {})

    def _found(self, number: str) -> Mapping[str, str]:
        bill = self._bills.get(number)
        return world.facts_of_bill(bill, self._caller) if bill else {}

    def _requested(self, wish: RequestBill, number: str) -> Mapping[str, str]:
        request = world.read_request(wish.service, wish.answers, self.today)
        bill = replace(request.bill(number, self.today), settled_at=self._paid.get(number))
        if bill.settled_at is not None:
            return {"before_on": wording.of_bill(bill)["paid_on"]}
        self._bills[number] = bill
        return {**world.facts_of_bill(bill, self._caller), **world.detail_of(request)}

    def _at(self, said: _Said) -> None:
        self.today = _date(said["day"])

    def _calls(self, said: _Said) -> None:
        self._caller = said["number"]

    def _fine(self, said: _Said) -> None:
        number = said["number"]
        bill = fines.record(world.CATALOGUE, said["offence"], number, _date(said["day"]))
        self._bills[number] = replace(
            bill,
            version=int(said["version"] or 1),
            settled_at=_moment(said["paid"]) if said["paid"] else None,
            status=BillStatus.CANCELLED if said["cancelled"] else BillStatus.DUE,
        )

    def _request_paid(self, said: _Said) -> None:
        self._paid[said["number"]] = _moment(said["paid"])

    def _receipt(self, said: _Said) -> None:
        number, bill = said["number"], self._bills[said["bill"]]
        self._receipts[number] = Receipt(
            receipt_number=number,
            bill_number=bill.bill_number,
            attempt_id="",
            service=bill.service,
            subject=bill.subject,
            francs=bill.amount.francs,
            operator="",
            operator_ref="",
            paid_at=_moment(said["paid"]),
            quittance="",
            cancelled_at=_moment(said["cancelled"]) if said["cancelled"] else None,
        )


def _date(text: str) -> date:
    return _moment(text).date()


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC)
