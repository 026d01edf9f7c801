"""The participant's books: requests to pay by txId, and the payment each may become.

A txId is good for one request, whatever became of it. Nothing here sleeps or sends: `advance`
plays whatever the clock has made due and returns the callbacks to send.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from simulators.agenda import Agenda
from simulators.endings import OVERCHARGE
from simulators.pi_spi.fates import Answer, Fate, Happening, fate_of
from simulators.pi_spi.order import Order
from simulators.pi_spi.payment import (
    DUPLICATE,
    EXPIRED,
    NO_ALIAS,
    SUSPENDED,
    UNKNOWN_TO_PAYER,
    Demand,
    Status,
)
from simulators.pi_spi.problem import ProblemError
from simulators.postman import Letter
from simulators.statement import Line, Statement

_REASON_AFTER: Final = {
    Happening.REFUSE: UNKNOWN_TO_PAYER,
    Happening.EXPIRE: EXPIRED,
    Happening.FAIL: SUSPENDED,
}
_THIEF: Final = "xsk_thief"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where all events go, and the secret they are signed with. No address: nowhere."""

    url: str
    secret: str


class Bank:
    """All state of the simulated participant, behind one lock."""

    def __init__(
        self,
        webhook: Webhook,
        clock: Callable[[], datetime],
        mint: Callable[[], str],
        fates: Callable[[str], Fate] = fate_of,
    ) -> None:
        """Take the clock (UTC), the source of 14 characters, and the fate of each number."""
        self._webhook = webhook
        self._mint = mint
        self._fate_of = fates
        self._lock = threading.Lock()
        self._agenda: Agenda[tuple[Demand, Happening]] = Agenda(clock)
        self._statement = Statement()
        self._demands: dict[str, Demand] = {}

    def now(self) -> datetime:
        with self._lock:
            return self._agenda.now()

    def demand(self, order: Order) -> tuple[Answer, dict[str, object]]:
        """Open a request and set its fate going; return how to answer, with what.

        One that asks for a confirmation waits for it: none is ever taken here.
        """
        with self._lock:
            demand = Demand(order, self._next_id(), self._agenda.now())
            if order.tx_id in self._demands:
                demand.status, demand.reason = Status.REJETE, DUPLICATE
                return Answer.SENT, demand.reply()
            self._demands[order.tx_id] = demand
            if not order.payer:
                demand.status, demand.reason = Status.REJETE, NO_ALIAS
                return Answer.SENT, demand.reply()
            if order.confirmation:
                demand.status = Status.INITIE
                return Answer.SENT, demand.reply()
            fate = self._fate_of(order.payer)
            self._agenda.add((seconds, (demand, happening)) for seconds, happening in fate.plan)
            return fate.answer, demand.reply()

    def view(self, tx_id: str) -> dict[str, object]:
        """Return how a request stands; ProblemError when there is none."""
        with self._lock:
            if tx_id not in self._demands:
                raise _unknown()
            return self._demands[tx_id].view()

    def payment(self, tx_id: str) -> dict[str, object]:
        """Return the payment a request became; ProblemError when there is none."""
        with self._lock:
            demand = self._demands.get(tx_id)
            payment = None if demand is None else demand.payment()
            if payment is None:
                raise _unknown()
            return payment

    def payment_by_end2end(self, end2end_id: str) -> dict[str, object]:
        """Return a payment by its own id; ProblemError when there is none."""
        with self._lock:
            for demand in self._demands.values():
                payment = demand.payment()
                if payment is not None and demand.paid_id == end2end_id:
                    return payment
            raise _unknown()

    def advance(self) -> list[Letter]:
        """Play everything due by now, in order, and return the callbacks to send."""
        with self._lock:
            return [
                letter
                for demand, happening in self._agenda.past()
                for letter in self._play(demand, happening)
            ]

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made, in the order of requests."""
        with self._lock:
            charges = [demand.charge() for demand in self._demands.values()]
        return [charge for charge in charges if charge is not None]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _play(self, demand: Demand, happening: Happening) -> Iterator[Letter]:
        match happening:
            case Happening.PAY:
                self._pay(demand, extra=0)
            case Happening.OVERPAY:
                self._pay(demand, extra=OVERCHARGE)
            case Happening.RETURN:
                self._give_back(demand)
            case Happening.MUDDLE:
                demand.status = Status.EN_COURS
            case Happening.CALLBACK:
                yield from self._letters(demand.event(), self._webhook.secret)
            case Happening.FORGERY:
                yield from self._letters({**demand.event(), "evCode": "PAIEMENT_RECU"}, _THIEF)
            case _:
                demand.status, demand.reason = Status.REJETE, _REASON_AFTER[happening]
                demand.changed = self._agenda.now()

    def _pay(self, demand: Demand, extra: int) -> None:
        if demand.paid is not None:
            return
        demand.status, demand.reason = Status.IRREVOCABLE, ""
        demand.paid = demand.order.amount + extra
        demand.paid_id = self._next_id()  # not the request's: who mixes them up shall find out
        demand.changed = demand.paid_at = self._agenda.now()
        self._statement.add(_line(demand, "CREDIT", demand.paid_at, demand.paid_id))

    def _give_back(self, demand: Demand) -> None:
        if demand.paid is None or demand.returned_at is not None:
            return
        demand.returned_at = self._agenda.now()
        returned = _line(demand, "REVERSAL", demand.returned_at, self._next_id())
        self._statement.add(replace(returned, reversed_txnid=demand.paid_id or ""))

    def _letters(self, event: dict[str, object], secret: str) -> Iterator[Letter]:
        body = json.dumps({"data": [event], "meta": {"total": 1}}).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if self._webhook.url:
            yield Letter("POST", self._webhook.url, body, {"X-Signature": signature})

    def _next_id(self) -> str:
        """Return country, participant, second, and 14 characters: as in the document."""
        return f"EMLB001{self._agenda.now():%Y%m%d%H%M%S}{self._mint()}"


def _unknown() -> ProblemError:
    return ProblemError(404, "La ressource n'existe pas dans le système")


def _line(demand: Demand, kind: str, at: datetime, txnid: str) -> Line:
    order = demand.order
    return Line(kind, at, txnid, order.tx_id, order.payer, demand.paid or 0)
