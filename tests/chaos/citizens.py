"""Citizens who pay while the world breaks, and what they must hold when it is whole again."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from domain import gsm7
from sandbox.phone import Phone, Screen
from tests.e2e.audit import Audit, Fine, wait_for
from tests.e2e.invariants import broken

# What the simulated wallets of these endings do, among all sorts of answers.
PAYING = ("00", "20", "22", "31", "32")
REFUSING = "11"
DUE = 1.5  # seconds: the operator is asked one second after the key was pressed
RECOVERY = 90.0  # seconds: a lease, the operator's expiry, and the statement that closes after it


@dataclass(frozen=True)
class Citizen:
    """Somebody who was told that the operator's request would come."""

    phone: Phone
    fine: Fine

    @property
    def pays(self) -> bool:
        return not self.phone.number.endswith(REFUSING)


def confirm(bill: Screen, press: Callable[[], Screen]) -> Screen:
    """Press the key that pays, and again where sessions may have been lost: it is asked twice."""
    screen = press()
    return press() if screen == bill else screen


class Town:
    """Everybody who pays in one test; each has another number."""

    _blocks: Iterator[int] = itertools.count(7100)  # of a hundred numbers each: one for each fate

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self.citizens: list[Citizen] = []

    def newcomer(self, fate: str) -> Citizen:
        """Return somebody with a fine and a wallet of this fate, who has not dialled yet."""
        number = f"+223{next(self._blocks)}55{fate}"
        citizen = Citizen(self._audit.phone(number), self._audit.fine())
        self.citizens.append(citizen)
        return citizen

    def pay(self, *fates: str) -> list[Citizen]:
        """Let one citizen of each fate confirm a payment; return when all were answered."""
        payers = [self.newcomer(fate) for fate in fates]
        for citizen in payers:
            bill = citizen.phone.dial(f"*789*1*{citizen.fine.bill_number}#")
            assert "1 Payer" in bill, bill.text
            end = confirm(bill, partial(citizen.phone.answer, "1"))
            assert "Vous allez recevoir la demande" in end, end.text
        return payers

    def pay_without_sweeper(self, fate: str) -> Citizen:
        """Let somebody pay, and another: whose wake-up finds the first one due."""
        (citizen,) = self.pay(fate)
        time.sleep(DUE)
        self.pay("00")
        return citizen

    def two_halves_pay(self) -> None:
        """Return when one half waits for the operator's answer and the other has pressed a key."""
        self.pay(*PAYING, REFUSING)
        self.wait_until_asked()
        self.pay(*PAYING, REFUSING)

    def wait_until_asked(self) -> None:
        """Wait until the operator was asked for everything confirmed so far."""
        waiting = "SELECT 1 FROM attempts WHERE status = 'created'"
        wait_for("the operator to be asked", lambda: not self._audit.rows(waiting))

    def recovers(self, *, all_paid: bool = True) -> None:
        """Wait until all is settled, then check what each citizen has and what the books say.

        The menus are whole again as well: no operator is left out of them as one that is down.
        `all_paid`: whoever has money has paid, since no request to the operator was cut short.
        """
        self._audit.wait_until_settled(RECOVERY)
        for citizen in self.citizens:
            debited = bool(self._audit.charges(citizen.fine.bill_number))
            self.check(citizen, paid=citizen.pays and (all_paid or debited))
        wrongs = broken(self._audit)
        assert not wrongs, wrongs
        resting = "SELECT operator FROM operator_health WHERE down_until > now()"
        wait_for("the operators to be back", lambda: not self._audit.rows(resting), RECOVERY)

    def check(self, citizen: Citizen, *, paid: bool) -> None:
        """One debit and one receipt, in one text; or nothing, and the citizen knows."""
        bill_number = citizen.fine.bill_number
        charges = self._audit.charges(bill_number)
        told = self.told(citizen)
        if paid:
            (receipt,) = self._audit.receipts(bill_number)
            assert [c.amount for c in charges] == [citizen.fine.amount], told
            assert self._audit.verification(receipt["receipt_number"])["state"] == "valid"
            assert len({text for text in told if f"*9*{receipt['receipt_number']}#" in text}) == 1
        else:
            assert (charges, self._audit.receipts(bill_number)) == ([], [])
            assert any("NON PAYÉ" in text for text in told), told

    def told(self, citizen: Citizen) -> list[str]:
        return [sms.text for sms in self._audit.inbox(citizen.phone.number)]

    def wait_for_debit(self, citizen: Citizen) -> None:
        bill_number = citizen.fine.bill_number
        wait_for("the debit", lambda: self._audit.charges(bill_number))

    def wait_for_receipt(self, citizen: Citizen) -> None:
        words = gsm7.to_wire(f"REÇU Trésor Public: Amende {citizen.fine.bill_number}")
        wait_for("the receipt", lambda: any(words in text for text in self.told(citizen)), RECOVERY)
