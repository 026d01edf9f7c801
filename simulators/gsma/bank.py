"""The operator's books: requests by two ids, one transaction and one debit each.

A correlation id is good for one request, whatever became of it. Nothing here sleeps or sends:
`advance` plays whatever the clock has made due and returns the callbacks to send.
"""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from simulators.agenda import Agenda
from simulators.clock import iso
from simulators.endings import OVERCHARGE
from simulators.gsma.errors import BROKEN, DECLINED, EXPIRED, RefusedError, refused
from simulators.gsma.fates import Answer, Fate, Happening, fate_of
from simulators.gsma.order import Order
from simulators.gsma.payment import MUDDLED, Payment, State
from simulators.postman import Letter
from simulators.statement import Line, Statement

_ERROR_AFTER: Final = {
    Happening.DECLINE: DECLINED,
    Happening.EXPIRE: EXPIRED,
    Happening.FAIL: BROKEN,
}


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        mint: Callable[[], uuid.UUID] = uuid.uuid4,
        fates: Callable[[str], Fate] = fate_of,
    ) -> None:
        """Take the clock (UTC), the source of ids, and the fate of each number."""
        self._mint = mint
        self._fate_of = fates
        self._lock = threading.Lock()
        self._agenda: Agenda[tuple[Payment, Happening]] = Agenda(clock)
        self._statement = Statement()
        self._requests: dict[str, Payment] = {}
        self._transactions: dict[str, Payment] = {}
        self._client_ids: dict[str, Payment | None] = {}

    def request(self, order: Order, client_id: str) -> tuple[Answer, dict[str, object]]:
        """Open a request and set its fate going; return how to answer, with what.

        Raises:
            RefusedError: the correlation id was used before, or the wallet is too poor.
        """
        with self._lock:
            if client_id in self._client_ids:
                raise refused("businessRule", "duplicateRequest")
            fate = self._fate_of(order.payer)
            if client_id:
                self._client_ids[client_id] = None
            if fate.answer is Answer.POOR:
                raise refused("businessRule", "insufficientFunds")
            payment = Payment(str(self._mint()), client_id, order, self._agenda.now())
            self._requests[payment.server_id] = payment
            if client_id:
                self._client_ids[client_id] = payment
            self._agenda.add((seconds, (payment, happening)) for seconds, happening in fate.plan)
            return fate.answer, payment.request_state()

    def request_state(self, server_id: str) -> dict[str, object]:
        """Return how a request stands; RefusedError when there is none of that id."""
        with self._lock:
            if server_id not in self._requests:
                raise _unknown()
            return self._requests[server_id].request_state()

    def transaction(self, ref: str) -> dict[str, object]:
        """Return a transaction; RefusedError when there is none of that reference."""
        with self._lock:
            if ref not in self._transactions:
                raise _unknown()
            return self._transactions[ref].transaction()

    def link(self, client_id: str) -> str:
        """Return the path of what a correlation id created; RefusedError when nothing was."""
        with self._lock:
            payment = self._client_ids.get(client_id.lower())
            if payment is None or payment.ref is None:
                raise _unknown()
            return f"/transactions/{payment.ref}"

    def advance(self) -> list[Letter]:
        """Play everything due by now, in order, and return the callbacks to send."""
        with self._lock:
            return [
                letter
                for payment, happening in self._agenda.past()
                for letter in self._play(payment, happening)
            ]

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made, in the order of requests."""
        with self._lock:
            charges = [payment.charge() for payment in self._requests.values()]
        return [charge for charge in charges if charge is not None]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _play(self, payment: Payment, happening: Happening) -> Iterator[Letter]:
        match happening:
            case Happening.DEBIT:
                self._debit(payment, extra=0)
            case Happening.OVERDEBIT:
                self._debit(payment, extra=OVERCHARGE)
            case Happening.REVERSE:
                self._reverse(payment)
            case Happening.MUDDLE:
                self._open(payment, MUDDLED)
            case Happening.CALLBACK:
                yield from self._letters(payment, payment.outcome())
            case Happening.FORGERY:
                lie = {"transactionReference": "REF-0", "transactionStatus": State.COMPLETED}
                yield from self._letters(payment, {**payment.transaction(), **lie})
            case _:
                payment.state, payment.error = State.FAILED, _ERROR_AFTER[happening]

    def _open(self, payment: Payment, word: str) -> str:
        """Have a request be a transaction, in a status; return its reference."""
        ref = payment.ref or f"REF-{self._mint().hex}"
        payment.ref, payment.word = ref, word
        payment.state, payment.error = State.COMPLETED, None
        self._transactions[ref] = payment
        return ref

    def _debit(self, payment: Payment, extra: int) -> None:
        if payment.debited is not None:
            return
        ref = self._open(payment, State.COMPLETED)
        payment.debited = payment.order.amount + extra
        payment.debited_at = self._agenda.now()
        self._statement.add(_line(payment, "CREDIT", payment.debited_at, ref))

    def _reverse(self, payment: Payment) -> None:
        if payment.debited is None or payment.reversed:
            return
        payment.reversed = True
        reversal = _line(payment, "REVERSAL", self._agenda.now(), f"REF-{self._mint().hex}")
        self._statement.add(replace(reversal, reversed_txnid=payment.ref or ""))

    def _letters(self, payment: Payment, told: dict[str, object]) -> Iterator[Letter]:
        headers = {"X-CorrelationID": payment.client_id, "X-Date": iso(self._agenda.now())}
        if url := payment.order.callback_url:
            yield Letter("PUT", url, json.dumps(told).encode(), headers)


def _unknown() -> RefusedError:
    return refused("identification", "identifierError")


def _line(payment: Payment, kind: str, at: datetime, txnid: str) -> Line:
    order = payment.order
    return Line(kind, at, txnid, order.attempt, order.payer, payment.debited or 0)
