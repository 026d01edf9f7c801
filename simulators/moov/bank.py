"""The operator's books: transactions, their one debit each, and what is due to happen to them.

Nothing binds two pushes together: each is a transaction of its own, whatever it carries. Nothing
here sleeps: `advance` plays whatever the clock has made due.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from simulators.agenda import Agenda
from simulators.endings import OVERCHARGE
from simulators.moov.fates import Answer, Fate, Happening, fate_of
from simulators.moov.payment import Code, Order, Payment, RefusedError
from simulators.numbering import Numbering
from simulators.statement import Line, Statement

_CODE_AFTER: Final = {
    Happening.GIVE_UP: Code.GIVEN_UP,
    Happening.FAIL: Code.FAILED,
    Happening.MUDDLE: Code.MUDDLED,
}


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self, clock: Callable[[], datetime], fates: Callable[[str], Fate] = fate_of
    ) -> None:
        """Take the clock (UTC) and the fate of each number."""
        self._agenda: Agenda[tuple[Payment, Happening]] = Agenda(clock)
        self._numbers = Numbering(_referenceid)
        self._fate_of = fates
        self._lock = threading.Lock()
        self._statement = Statement()
        self._payments: dict[str, Payment] = {}

    def push(self, order: Order) -> tuple[Answer, dict[str, str]]:
        """Open a transaction and set its fate going; return how to answer, with what."""
        with self._lock:
            fate = self._fate_of(order.payer)
            payment = Payment(self._next_ref(), order)
            self._payments[payment.referenceid] = payment
            if fate.answer is Answer.POOR:
                payment.code = Code.POOR
            self._agenda.add((seconds, (payment, happening)) for seconds, happening in fate.plan)
            return fate.answer, payment.fields()

    def status(self, referenceid: str) -> dict[str, str]:
        """Return what the API says of a transaction.

        Raises:
            RefusedError: there is none of that id; the merchant's own ids are not known by.
        """
        with self._lock:
            if referenceid not in self._payments:
                raise RefusedError(Code.NO_SUCH)
            return self._payments[referenceid].fields()

    def advance(self) -> None:
        """Play everything due by now, in order."""
        with self._lock:
            for payment, happening in self._agenda.past():
                self._play(payment, happening)

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made, in the order of the pushes."""
        with self._lock:
            charges = [payment.charge() for payment in self._payments.values()]
        return [charge for charge in charges if charge is not None]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _play(self, payment: Payment, happening: Happening) -> None:
        match happening:
            case Happening.DEBIT:
                self._debit(payment, extra=0)
            case Happening.OVERDEBIT:
                self._debit(payment, extra=OVERCHARGE)
            case Happening.REVERSE:
                self._reverse(payment)
            case _:
                payment.code = _CODE_AFTER[happening]

    def _debit(self, payment: Payment, extra: int) -> None:
        if payment.debited is not None:
            return
        payment.debited = payment.order.amount + extra
        payment.debited_at = self._agenda.now()
        payment.code = Code.DONE
        self._statement.add(_line(payment, "CREDIT", payment.debited_at, payment.referenceid))

    def _reverse(self, payment: Payment) -> None:
        if payment.debited is None or payment.reversed:
            return
        payment.reversed = True
        reversal = _line(payment, "REVERSAL", self._agenda.now(), self._next_ref())
        self._statement.add(replace(reversal, reversed_txnid=payment.referenceid))

    def _next_ref(self) -> str:
        return self._numbers.next(self._agenda.now())


def _referenceid(moment: datetime) -> str:
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f"7{moment:%Y%m%d}{second * 1000 + moment.microsecond // 1000:08d}"


def _line(payment: Payment, kind: str, at: datetime, txnid: str) -> Line:
    order = payment.order
    national = order.payer.removeprefix("+223")
    return Line(kind, at, txnid, order.externaldata1, national, payment.debited or 0)
