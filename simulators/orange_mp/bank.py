"""The operator's books: payTokens, their one debit each, and what is due to happen to them.

A payToken is bound for ever to at most one order and at most one debit. Nothing here sleeps or
sends: `advance` plays whatever the clock has made due and returns the callbacks to post.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from simulators.agenda import Agenda
from simulators.endings import OVERCHARGE
from simulators.numbering import Numbering, of_orange
from simulators.orange_mp.fates import Answer, Fate, Happening, Plan, fate_of
from simulators.orange_mp.payment import (
    INIT_OUTCOME,
    INSUFFICIENT,
    SPEECH,
    BusinessError,
    Order,
    Payment,
    Status,
)
from simulators.statement import Line, Statement

_STATUS_AFTER: Final = {
    Happening.REFUSE: Status.CANCELLED,
    Happening.EXPIRE: Status.EXPIRED,
    Happening.FAIL: Status.FAILED,
    Happening.MUDDLE: Status.EN_TRAITEMENT,
}


@dataclass(frozen=True, slots=True)
class Callback:
    """A body to post, once, to the notifUrl of an order."""

    url: str
    body: dict[str, str]


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        mint: Callable[[], str],
        fates: Callable[[str], Fate] = fate_of,
    ) -> None:
        """Take the clock (UTC), the source of payTokens, and the fate of each number."""
        self._agenda: Agenda[tuple[int, Payment, Happening]] = Agenda(clock)
        self._numbers = Numbering(of_orange)
        self._mint = mint
        self._fate_of = fates
        self._lock = threading.Lock()
        self._statement = Statement()
        self._payments: dict[str, Payment] = {}

    def init(self) -> str:
        """Open a payToken and return it."""
        with self._lock:
            payment = Payment(self._mint(), created=self._agenda.now())
            self._payments[payment.pay_token] = payment
            return payment.pay_token

    def pay(self, order: Order) -> tuple[Answer, dict[str, object]]:
        """Bind `order` to its payToken and set its fate going; return how to answer, with what.

        Raises:
            BusinessError: payToken unknown or already used, or the wallet is too poor.
        """
        with self._lock:
            payment = self._payment(order.pay_token)
            if payment.order is not None:
                raise BusinessError("Le payToken a deja ete utilise", payment.data())
            fate = self._fate_of(order.subscriber)
            payment.order = order
            payment.init = INIT_OUTCOME.get(fate.answer)
            if fate.answer is Answer.POOR:
                payment.status = Status.FAILED
                raise BusinessError(INSUFFICIENT, payment.data())
            if payment.init is not None:
                payment.status = Status.PENDING
                payment.txnid = self._next_txnid()
            self._schedule(payment, fate.plan)
            return fate.answer, payment.data()

    def status(self, pay_token: str) -> dict[str, object]:
        """Return what the API says of a payToken; BusinessError when it is unknown."""
        with self._lock:
            return self._payment(pay_token).data()

    def push(self, pay_token: str) -> dict[str, object]:
        """Prompt the handset again; only a payment still waiting for its prompt changes by it.

        Raises:
            BusinessError: payToken unknown, or never used to pay.
        """
        with self._lock:
            payment = self._payment(pay_token)
            if payment.order is None:
                raise BusinessError("Le paiement n'a pas ete initie", payment.data())
            fate = self._fate_of(payment.order.subscriber)
            untouched = payment.plan_number == 1 and payment.status is Status.PENDING
            if fate.when_pushed and untouched:
                payment.init = INIT_OUTCOME[Answer.ACCEPTED]
                self._schedule(payment, fate.when_pushed)
            return payment.data()

    def advance(self) -> list[Callback]:
        """Play everything due by now, in order, and return the callbacks to post."""
        callbacks = []
        with self._lock:
            for plan_number, payment, happening in self._agenda.past():
                if plan_number == payment.plan_number:
                    callbacks += self._play(payment, happening)
        return callbacks

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made, in the order of payment."""
        with self._lock:
            charges = [payment.charge() for payment in self._payments.values()]
        return [charge for charge in charges if charge is not None]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _payment(self, pay_token: str) -> Payment:
        if pay_token not in self._payments:
            raise BusinessError("Le payToken est inconnu")
        return self._payments[pay_token]

    def _schedule(self, payment: Payment, plan: Plan) -> None:
        payment.plan_number += 1
        number = payment.plan_number
        self._agenda.add((seconds, (number, payment, happening)) for seconds, happening in plan)

    def _play(self, payment: Payment, happening: Happening) -> list[Callback]:
        match happening:
            case Happening.DEBIT:
                self._debit(payment, extra=0)
            case Happening.OVERDEBIT:
                self._debit(payment, extra=OVERCHARGE)
            case Happening.REVERSE:
                self._reverse(payment)
            case Happening.CALLBACK:
                return [_callback(payment, payment.status)]
            case Happening.FORGERY:
                return [_callback(payment, Status.SUCCESSFULL)]
            case _:
                payment.status = _STATUS_AFTER[happening]
        return []

    def _debit(self, payment: Payment, extra: int) -> None:
        order = _order(payment)
        if payment.debited is not None:
            return
        payment.txnid = payment.txnid or self._next_txnid()
        payment.debited = order.amount + extra
        payment.debited_at = self._agenda.now()
        payment.status = Status.SUCCESSFULL
        self._statement.add(_line(payment, "CREDIT", payment.debited_at, payment.txnid))

    def _reverse(self, payment: Payment) -> None:
        if payment.debited is None or payment.reversed:
            return
        payment.reversed = True
        reversal = _line(payment, "REVERSAL", self._agenda.now(), self._next_txnid())
        self._statement.add(replace(reversal, reversed_txnid=payment.txnid or ""))

    def _next_txnid(self) -> str:
        return self._numbers.next(self._agenda.now())


def _order(payment: Payment) -> Order:
    if payment.order is None:
        raise ValueError("nothing happens to a payToken before it is used to pay")
    return payment.order


def _line(payment: Payment, kind: str, at: datetime, txnid: str) -> Line:
    order = _order(payment)
    return Line(kind, at, txnid, order.order_id, order.subscriber, payment.debited or 0)


def _callback(payment: Payment, status: Status) -> Callback:
    body = {"payToken": payment.pay_token, "status": status.value, "message": SPEECH[status]}
    return Callback(_order(payment).notif_url, body)
