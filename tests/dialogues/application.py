"""The application as a written dialogue needs it: how its effects read, and what they teach."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from domain.bill import Bill, BillStatus
from menus.engine import LANG_ANSWER
from menus.protocol import (
    CancelPayment,
    CopyReceipt,
    Effect,
    FindBill,
    Forget,
    Greet,
    OpenPayment,
    RequestBill,
    Restored,
    Resume,
    SendReceipts,
    Session,
    SetLanguage,
    Told,
    VerifyReceipt,
)
from menus.screens import Dialogue
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
_WALLETS = r"deux portefeuilles"
_DOWN = r"(?P<name>[\w ]+) ne répond pas"
_BILLED = {"due", "under_way", "under_way_yours", "paid_before"}
_Said = re.Match[str]
_REFUSED = {refusal.value for refusal in Refusal}


class Application:
    """What is true while a dialogue is played. The sentences are those of tests/dialogues/play."""

    def __init__(self) -> None:
        self.today = world.TODAY
        self.dialogue: Dialogue = world.DIALOGUE
        self._caller = world.CALLER
        self._wallets = world.WALLETS
        self._down: frozenset[str] = frozenset()
        self._cut: Session | None = None
        self._bills: dict[str, Bill] = {}
        self._paid: dict[str, datetime] = {}
        self._receipts: dict[str, Receipt] = {}

    def learn(self, sentence: str) -> None:
        """Take a sentence as true from now on; ValueError when it is not one."""
        sentences: tuple[tuple[str, Callable[[_Said], None]], ...] = (
            (_TODAY, self._at),
            (_TELEPHONE, self._calls),
            (_FINE, self._fine),
            (_REQUEST, self._request_paid),
            (_RECEIPT, self._receipt),
            (_WALLETS, self._offers_both),
            (_DOWN, self._goes_down),
        )
        for pattern, learn in sentences:
            if found := re.fullmatch(pattern, sentence):
                learn(found)
                return
        raise ValueError("no such sentence")

    def keep(self, session: Session | None) -> None:
        """Keep what could be taken up again, should the session be cut; None: nothing could."""
        self._cut = session

    def write(self, effect: Effect) -> str:
        """Return how an effect reads, without its end."""
        match effect:
            case Greet() | Resume() | Forget() | SendReceipts():
                return type(effect).__name__
            case SetLanguage(lang):
                return f"SetLanguage {lang}"
            case FindBill(number) | VerifyReceipt(number) | CancelPayment(number):
                return f"{type(effect).__name__} {number}"
            case CopyReceipt(number, recipient):
                return f"CopyReceipt {number} à {recipient}"
            case RequestBill(service, answers, again):
                fields = world.CATALOGUE.services[service].fields
                told = [f"{field.name}={answers.get(field.name) or '-'}" for field in fields]
                return " ".join(["RequestBill", service, *told, *(["encore"] if again else [])])
            case OpenPayment(number, version, wallet, payer):
                return f"OpenPayment {number} v{version} {wallet} de {payer or 'ce téléphone'}"

    def answer(self, effect: Effect, told: str, lang: str) -> Told | Restored:
        """Return the event of an effect that ends in `told`: an outcome, and what it names."""
        outcome, *named = told.split()
        if isinstance(effect, Resume) and outcome == "restored":
            if self._cut is None:
                raise ValueError("nothing was left in the middle")
            return Restored(self._cut)
        return Told(outcome, self._facts(effect, outcome, named, lang))

    def _facts(
        self, effect: Effect, outcome: str, named: list[str], lang: str
    ) -> Mapping[str, str]:
        facts: Mapping[str, str] = {}
        match effect:
            case Greet():
                facts = {LANG_ANSWER: named[0] if named else "fr"}
            case SetLanguage(chosen):
                facts = {LANG_ANSWER: chosen}
            case FindBill(number) if number in self._bills:
                facts = self._offered(self._bills[number])
            case RequestBill() if outcome in _BILLED:
                facts = self._requested(effect, lang, *named)
            case OpenPayment(number) if outcome in _REFUSED and number in self._bills:
                facts = wording.of_bill(self._bills[number])
            case VerifyReceipt(number) if number in self._receipts:
                facts = wording.of_receipt(self._receipts[number])
        return facts

    def _requested(self, wish: RequestBill, lang: str, number: str) -> Mapping[str, str]:
        request = world.read_request(wish.service, wish.answers, self.today)
        bill = replace(request.bill(number, self.today), settled_at=self._paid.get(number))
        if bill.settled_at is not None:
            return {"before_on": wording.of_bill(bill)["paid_on"]}
        self._bills[number] = bill
        return {**self._offered(bill), **world.detail_of(request, lang)}

    def _offered(self, bill: Bill) -> Mapping[str, str]:
        return world.facts_of_bill(bill, self._caller, self._wallets, self._down)

    def _at(self, said: _Said) -> None:
        self.today = _date(said["day"])

    def _calls(self, said: _Said) -> None:
        self._caller = said["number"]

    def _offers_both(self, _said: _Said) -> None:
        self.dialogue, self._wallets = world.FULL_DIALOGUE, world.BOTH

    def _goes_down(self, said: _Said) -> None:
        self._down |= {wallet.code for wallet in world.BOTH if wallet.name == said["name"]}

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
