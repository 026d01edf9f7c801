"""The operator's books: passwords, transactions, and what is due to happen to them.

Nothing says that a `reference` used before is refused: a second request with a good password is a
second debit. Nothing here sleeps or sends: `advance` plays whatever the clock has made due and
returns the callbacks to post.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from simulators.agenda import Agenda
from simulators.endings import OVERCHARGE
from simulators.numbering import Numbering, of_orange
from simulators.orange_otp.fates import Answer, Fate, Happening, fate_of
from simulators.orange_otp.passwords import Passwords
from simulators.orange_otp.payment import Order, PoorError, ProblemError, Status, Transaction
from simulators.statement import Line, Statement

_STATUS_AFTER: Final = {
    Happening.CANCEL: Status.CANCELLED,
    Happening.FAIL: Status.FAILED,
    Happening.MUDDLE: Status.EN_TRAITEMENT,
}


@dataclass(frozen=True, slots=True)
class Callback:
    """A transaction to tell; `event` is the same when the same is told again."""

    body: dict[str, object]
    event: str
    forged: bool = False


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        below: Callable[[int], int],
        wrong_otp_code: str,
        fates: Callable[[str], Fate] = fate_of,
    ) -> None:
        """Take the clock (UTC), the dice, and the fate of each number."""
        self._agenda = Agenda[tuple[Transaction, Happening]](clock)
        self._passwords = Passwords(below)
        self._wrong_otp_code = wrong_otp_code
        self._fate_of = fates
        self._lock = threading.Lock()
        self._statement = Statement()
        self._numbers = Numbering(of_orange)
        self._transactions: list[Transaction] = []
        self._to_tell: list[Callback] = []

    def password(self, msisdn: str) -> str:
        """Give the citizen of `msisdn`, 8 national digits, what the operator's menu would."""
        with self._lock:
            return self._passwords.give(msisdn, self._agenda.now())

    def pay(self, order: Order) -> tuple[Answer, dict[str, object]]:
        """Take the password and set the payment's fate going; return how to answer, with what.

        Raises:
            ProblemError: the password is not that number's, or the wallet is too poor.
        """
        with self._lock:
            now, fate = self._agenda.now(), self._fate_of(order.customer)
            if fate.answer is Answer.DEAF:
                return fate.answer, {}
            if not self._passwords.take(order.customer, order.otp, now):
                raise ProblemError("The OTP is invalid or expired", self._wrong_otp_code)
            paid = Transaction(self._numbers.next(now), order, created=now, updated=now)
            self._transactions.append(paid)
            if fate.answer is Answer.POOR:
                paid.status = Status.FAILED
                raise PoorError
            self._agenda.add((seconds, (paid, happening)) for seconds, happening in fate.plan)
            self._play_due()
            return fate.answer, paid.replied()

    def listed(self, reference: str | None) -> list[dict[str, object]]:
        """Return the transactions of a reference, or all, oldest first."""
        with self._lock:
            return [
                one.listed()
                for one in self._transactions
                if reference in {None, one.order.reference}
            ]

    def status(self, transaction_id: str) -> str | None:
        with self._lock:
            found = (one for one in self._transactions if one.transaction_id == transaction_id)
            return next((one.status.value for one in found), None)

    def advance(self) -> list[Callback]:
        """Play everything due by now, in order, and return the callbacks to post."""
        with self._lock:
            self._play_due()
            told, self._to_tell = self._to_tell, []
            return told

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made, in the order of payment."""
        with self._lock:
            charges = [transaction.charge() for transaction in self._transactions]
        return [charge for charge in charges if charge is not None]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _play_due(self) -> None:
        for transaction, happening in self._agenda.past():
            self._play(transaction, happening)

    def _play(self, transaction: Transaction, happening: Happening) -> None:
        match happening:
            case Happening.DEBIT:
                self._debit(transaction, extra=0)
            case Happening.OVERDEBIT:
                self._debit(transaction, extra=OVERCHARGE)
            case Happening.REVERSE:
                self._reverse(transaction)
            case Happening.CALLBACK:
                self._to_tell.append(_callback(transaction))
            case Happening.FORGERY:
                stolen = {**transaction.listed(), "status": Status.SUCCESS.value}
                self._to_tell.append(Callback(stolen, "thief", forged=True))
            case _:
                transaction.status = _STATUS_AFTER[happening]
                transaction.updated = self._agenda.now()

    def _debit(self, transaction: Transaction, extra: int) -> None:
        if transaction.debited is not None:
            return
        now = self._agenda.now()
        transaction.debited = transaction.order.amount + extra
        transaction.debited_at = transaction.updated = now
        transaction.status = Status.SUCCESS
        self._statement.add(_line(transaction, "CREDIT", now, transaction.transaction_id))

    def _reverse(self, transaction: Transaction) -> None:
        if transaction.debited is None or transaction.reversed:
            return
        transaction.reversed = True
        now = self._agenda.now()
        reversal = _line(transaction, "REVERSAL", now, self._numbers.next(now))
        self._statement.add(replace(reversal, reversed_txnid=transaction.transaction_id))


def _line(transaction: Transaction, kind: str, at: datetime, txnid: str) -> Line:
    order = transaction.order
    return Line(kind, at, txnid, order.reference, order.customer, transaction.debited or 0)


def _callback(transaction: Transaction) -> Callback:
    event = f"{transaction.transaction_id}-{transaction.status.value}"
    return Callback(transaction.listed(), event)
