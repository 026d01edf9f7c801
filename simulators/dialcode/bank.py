"""The operator's books: what was paid to the merchant code, and what is due to happen.

Nothing here sleeps: `advance` plays whatever the clock has made due.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from simulators.agenda import Agenda
from simulators.dialcode.fates import Happening, Plan, fate_of
from simulators.dialcode.payment import Payment, Wish
from simulators.doors import Charge
from simulators.endings import OVERCHARGE
from simulators.numbering import Numbering
from simulators.statement import Statement


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self, clock: Callable[[], datetime], fates: Callable[[str], Plan] = fate_of
    ) -> None:
        """Take the clock (UTC) and the fate of each number."""
        self._agenda: Agenda[tuple[Wish, Happening]] = Agenda(clock)
        self._fate_of = fates
        self._lock = threading.Lock()
        self._statement = Statement()
        self._numbers = Numbering(_number)
        self._payments: list[Payment] = []
        self._minded: set[Wish] = set()

    def wish(self, wish: Wish) -> None:
        """Set the fate of a citizen going who reads what to dial; read again, it is minded once.

        What was reversed may be wished again.
        """
        with self._lock:
            if wish not in self._minded:
                self._minded.add(wish)
                plan = self._fate_of(wish.payer)
                self._agenda.add((seconds, (wish, happening)) for seconds, happening in plan)

    def advance(self) -> None:
        """Play everything due by now, in order."""
        with self._lock:
            for wish, happening in self._agenda.past():
                self._play(wish, happening)

    def charges(self) -> list[Charge]:
        """Return every debit really made, in order."""
        with self._lock:
            return [payment.charge() for payment in self._payments]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _play(self, wish: Wish, happening: Happening) -> None:
        match happening:
            case Happening.PAY:
                self._pay(wish, wish.amount)
            case Happening.OVERPAY:
                self._pay(wish, wish.amount + OVERCHARGE)
            case Happening.REVERSE:
                self._reverse(wish)

    def _pay(self, wish: Wish, amount: int) -> None:
        now = self._agenda.now()
        payment = Payment(self._numbers.next(now), wish, amount, now)
        self._payments.append(payment)
        self._statement.add(payment.credit())

    def _reverse(self, wish: Wish) -> None:
        now = self._agenda.now()
        for payment in self._payments:
            if payment.wish == wish and not payment.reversed:
                payment.reversed = True
                self._statement.add(payment.reversal(now, self._numbers.next(now)))
        self._minded.discard(wish)


def _number(moment: datetime) -> str:
    """Write a moment as `CM261122.031004.000`."""
    return f"CM{moment:%y%m%d.%H%M%S}.{moment.microsecond // 1000:03d}"
