"""The operator's books: transactions, their one debit each, and what is due to happen to them.

Nothing binds two pushes together: each is a transaction of its own, whatever it carries. Nothing
here sleeps: `advance` plays whatever the clock has made due.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from simulators.moov.fates import OVERCHARGE, Answer, Fate, Happening, fate_of
from simulators.moov.payment import Code, Order, Payment, RefusedError
from simulators.orange_mp.statement import Line, Statement

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
        self._clock = clock
        self._fate_of = fates
        self._lock = threading.Lock()
        self._latest = clock()
        self._statement = Statement()
        self._payments: dict[str, Payment] = {}
        self._due: list[tuple[datetime, int, Payment, Happening]] = []
        self._order_of_due = itertools.count()
        self._last_ref = ("", 0)

    def push(self, order: Order) -> tuple[Answer, dict[str, str]]:
        """Open a transaction and set its fate going; return how to answer, with what."""
        with self._lock:
            now = self._now()
            fate = self._fate_of(order.payer)
            payment = Payment(self._next_ref(), order)
            self._payments[payment.referenceid] = payment
            if fate.answer is Answer.POOR:
                payment.code = Code.POOR
            for seconds, happening in fate.plan:
                due = now + timedelta(seconds=seconds)
                heapq.heappush(self._due, (due, next(self._order_of_due), payment, happening))
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
            now = self._now()
            while self._due and self._due[0][0] <= now:
                _, _, payment, happening = heapq.heappop(self._due)
                self._play(payment, happening)

    def charges(self, bill_number: str | None = None) -> list[dict[str, object]]:
        """Return every debit really made, in the order of the pushes, for one bill or for all."""
        with self._lock:
            charges = [payment.charge() for payment in self._payments.values()]
        return [
            charge
            for charge in charges
            if charge is not None and bill_number in {None, charge["bill_number"]}
        ]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._now())

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
        payment.debited_at = self._now()
        payment.code = Code.DONE
        self._statement.add(_line(payment, "CREDIT", payment.debited_at, payment.referenceid))

    def _reverse(self, payment: Payment) -> None:
        if payment.debited is None or payment.reversed:
            return
        payment.reversed = True
        reversal = _line(payment, "REVERSAL", self._now(), self._next_ref())
        self._statement.add(replace(reversal, reversed_txnid=payment.referenceid))

    def _next_ref(self) -> str:
        """Number by the millisecond of the day, so that a restart hands out no id again."""
        now = self._now()
        second = now.hour * 3600 + now.minute * 60 + now.second
        ref = (f"{now:%Y%m%d}", second * 1000 + now.microsecond // 1000)
        if ref <= self._last_ref:
            ref = (self._last_ref[0], self._last_ref[1] + 1)
        self._last_ref = ref
        return f"7{ref[0]}{ref[1]:08d}"

    def _now(self) -> datetime:
        # A clock set back must not write into a statement already closed.
        self._latest = max(self._latest, self._clock())
        return self._latest


def _line(payment: Payment, kind: str, at: datetime, txnid: str) -> Line:
    order = payment.order
    national = order.payer.removeprefix("+223")
    return Line(kind, at, txnid, order.externaldata1, national, payment.debited or 0)
