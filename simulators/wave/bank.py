"""The operator's books: sessions, their one payment each, and what is due to happen to them.

A session is paid at most once, while it is open. Nothing here sleeps or sends: `advance` plays
whatever the clock has made due and returns the events to post.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from simulators.agenda import Agenda
from simulators.endings import OVERCHARGE
from simulators.wave.fates import Creation, Fate, Happening, fate_of
from simulators.wave.session import LIFETIME, POOR, ApiError, Order, Session
from simulators.wave.transactions import Transactions

_COMPLETED, _FAILED = "checkout.session.completed", "checkout.session.payment_failed"


@dataclass(frozen=True, slots=True)
class Event:
    """An event to post, with its envelope; `forged` ones are not Wave's."""

    id: str
    type: str
    data: dict[str, object]
    forged: bool = False


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        mint: Callable[[], str],
        fates: Callable[[str], Fate] = fate_of,
    ) -> None:
        """Take the clock (UTC), the source of ids (16 characters), and each number's fate."""
        self._agenda: Agenda[tuple[Session, Happening]] = Agenda(clock)
        self._mint = mint
        self._fate_of = fates
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._keys: dict[str, tuple[Order, Session]] = {}
        self._transactions = Transactions()

    def create(self, order: Order, key: str | None) -> tuple[Creation, dict[str, object]]:
        """Open a session, or find the one opened under `key`; return how to answer, with what.

        Raises:
            ApiError: `key` was used for another order.
        """
        with self._lock:
            first, session = self._keys.get(key or "", (order, None))
            if first != order:
                message = "the Idempotency-Key was used for another request"
                raise ApiError(HTTPStatus.CONFLICT, "idempotency-mismatch", message)
            creation = Creation.ANSWERED
            if session is None:
                session = self._open(order)
                creation = session.fate.creation
            if key:
                self._keys[key] = order, session
            if creation is Creation.ANSWERED:
                self._hand_over(session)
            return creation, session.document()

    def session(self, session_id: str) -> dict[str, object]:
        """Return a session as it is; ApiError when it is unknown."""
        with self._lock:
            return self._session(session_id).document()

    def expire(self, session_id: str) -> None:
        """Close an open session.

        Raises:
            ApiError: unknown, or complete or expired already.
        """
        with self._lock:
            session = self._session(session_id)
            if not session.is_open:
                message = "the session is complete or expired"
                raise ApiError(HTTPStatus.CONFLICT, "checkout-session-not-open", message)
            session.payment_status = "cancelled"
            session.close("expired", self._agenda.now())

    def advance(self) -> list[Event]:
        """Play everything due by now, in order, and return the events to post."""
        events = []
        with self._lock:
            for session, happening in self._agenda.past():
                events += self._play(session, happening)
        return events

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made."""
        with self._lock:
            charges = [session.charge() for session in self._sessions.values()]
        return [charge for charge in charges if charge is not None]

    def transactions(self, day: date | None, after: str, first: int) -> dict[str, object]:
        """Return a page of the transactions of a day, by default today's."""
        with self._lock:
            return self._transactions.page(day or self._agenda.now().date(), after, first)

    def balance(self) -> dict[str, object]:
        """Return what the wallet holds."""
        with self._lock:
            return self._transactions.balance()

    def _session(self, session_id: str) -> Session:
        if session_id not in self._sessions:
            message = "no such session"
            raise ApiError(HTTPStatus.NOT_FOUND, "checkout-session-not-found", message)
        return self._sessions[session_id]

    def _open(self, order: Order) -> Session:
        now = self._agenda.now()
        session = Session(f"cos-{self._mint()}", order, self._fate_of(order.payer), now)
        self._sessions[session.id] = session
        self._agenda.add([(LIFETIME.total_seconds(), (session, Happening.EXPIRE))])
        return session

    def _hand_over(self, session: Session) -> None:
        if not session.handed_over:
            session.handed_over = True
            plan = session.fate.plan
            self._agenda.add((seconds, (session, happening)) for seconds, happening in plan)

    def _play(self, session: Session, happening: Happening) -> list[Event]:
        match happening:
            case Happening.PAY:
                self._pay(session, extra=0)
            case Happening.OVERPAY:
                self._pay(session, extra=OVERCHARGE)
            case Happening.REFUND:
                self._refund(session)
            case Happening.COMPLETED:
                return self._completed(session)
            case Happening.FAILED:
                return [Event(f"EV_{self._mint()}", _FAILED, session.document())]
            case Happening.FORGERY:
                return [self._forgery(session)]
            case _:
                self._change(session, happening)
        return []

    def _change(self, session: Session, happening: Happening) -> None:
        if not session.is_open:
            return
        if happening is Happening.EXPIRE:
            session.close("expired", self._agenda.now())
            return
        session.payment_status = "on_hold" if happening is Happening.MUDDLE else "cancelled"
        session.last_payment_error = POOR if happening is Happening.FAIL else None

    def _pay(self, session: Session, extra: int) -> None:
        if not session.is_open:
            return
        session.close("complete", self._agenda.now())
        session.payment_status = "succeeded"
        session.last_payment_error = None
        session.transaction_id = f"T_{self._mint()}"
        session.paid = session.order.amount + extra
        self._transactions.add(session, self._agenda.now(), reversal=False)

    def _refund(self, session: Session) -> None:
        if session.paid is not None and not session.refunded:
            session.refunded = True
            self._transactions.add(session, self._agenda.now(), reversal=True)

    def _completed(self, session: Session) -> list[Event]:
        if session.paid is None:
            return []
        session.event_id = session.event_id or f"EV_{self._mint()}"
        return [Event(session.event_id, _COMPLETED, session.document())]

    def _forgery(self, session: Session) -> Event:
        paid = {"checkout_status": "complete", "payment_status": "succeeded"}
        data = {**session.document(), **paid, "transaction_id": f"T_{self._mint()}"}
        return Event(f"EV_{self._mint()}", _COMPLETED, data, forged=True)
