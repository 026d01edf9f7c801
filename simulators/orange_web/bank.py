"""The operator's books: pages, their one debit each, and what is due to happen to them.

An order_id is unique for ever. Nothing here sleeps or sends: `advance` plays whatever the clock
has made due and returns the notifications to post.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final

from simulators.agenda import Agenda
from simulators.numbering import Numbering, of_orange
from simulators.orange_web.fates import EXPIRY_SECONDS, Happening, Plan, fate_of
from simulators.orange_web.payment import Order, Page, RefusalError, Status
from simulators.statement import Line, Statement

_STATUS_AFTER: Final = {Happening.FAIL: Status.FAILED, Happening.MUDDLE: Status.EN_COURS}
_STOLEN: Final = {"notif_token": "thief", "txnid": "MP000000.0000.A00000"}


@dataclass(frozen=True, slots=True)
class Notification:
    """A body to post, once, to the notif_url of an order."""

    url: str
    body: dict[str, str]


class Bank:
    """All state of the simulated operator, behind one lock."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        mint: Callable[[], str],
        fates: Callable[[str], Plan] = fate_of,
    ) -> None:
        """Take the clock (UTC), the source of tokens, and the fate of each number."""
        self._agenda = Agenda[tuple[Page, Happening]](clock)
        self._mint = mint
        self._fate_of = fates
        self._lock = threading.Lock()
        self._statement = Statement()
        self._numbers = Numbering(of_orange)
        self._pages: dict[str, Page] = {}
        self._order_ids: set[str] = set()

    def create(self, order: Order) -> Page:
        """Make a page for `order`.

        Raises:
            RefusalError: its order_id was used before.
        """
        with self._lock:
            if order.order_id in self._order_ids:
                raise RefusalError(HTTPStatus.FORBIDDEN, "order_id was used before")
            page = Page(self._mint(), self._mint(), order)
            self._order_ids.add(order.order_id)
            self._pages[page.pay_token] = page
            self._agenda.add([(EXPIRY_SECONDS, (page, Happening.EXPIRE))])
            return page

    def ask(self, order_id: str, amount: int, pay_token: str) -> dict[str, object]:
        """Return how an order stands.

        Raises:
            RefusalError: no page is that order's, at that amount.
        """
        with self._lock:
            page = self._pages.get(pay_token)
            if page is None or (page.order.order_id, page.order.amount) != (order_id, amount):
                raise RefusalError(HTTPStatus.NOT_FOUND, "no such order")
            return page.told()

    def waiting(self) -> dict[str, Order]:
        """Return the pages that can still be used, by pay_token."""
        with self._lock:
            pages = self._pages.items()
            return {token: page.order for token, page in pages if page.status is Status.INITIATED}

    def pay(self, pay_token: str, msisdn: str) -> bool:
        """Let `msisdn`, 8 national digits, confirm on a page; False when it is of no use now."""
        with self._lock:
            page = self._pages.get(pay_token)
            if page is None or page.status is not Status.INITIATED:
                return False
            if plan := self._fate_of(msisdn):
                page.payer, page.status = msisdn, Status.PENDING
                self._agenda.add((seconds, (page, happening)) for seconds, happening in plan)
            return True

    def advance(self) -> list[Notification]:
        """Play everything due by now, in order, and return the notifications to post."""
        with self._lock:
            played = [self._play(page, happening) for page, happening in self._agenda.past()]
        return [notification for notification in played if notification is not None]

    def charges(self) -> list[dict[str, object]]:
        """Return every debit really made, in the order of payment."""
        with self._lock:
            charges = [page.charge() for page in self._pages.values()]
        return [charge for charge in charges if charge is not None]

    def report(self, since: datetime) -> str | None:
        """Return what is closed of the statement since an instant as CSV, or None."""
        with self._lock:
            return self._statement.report(since, self._agenda.now())

    def _play(self, page: Page, happening: Happening) -> Notification | None:
        match happening:
            case Happening.DEBIT:
                self._debit(page)
            case Happening.REVERSE:
                self._reverse(page)
            case Happening.EXPIRE:
                if page.status is Status.INITIATED:
                    page.status = Status.EXPIRED
            case Happening.NOTIFY:
                told = {"notif_token": page.notif_token, "txnid": page.txnid}
                return Notification(page.order.notif_url, {"status": page.status.value, **told})
            case Happening.FORGERY:
                stolen = {"status": Status.SUCCESS.value, **_STOLEN}
                return Notification(page.order.notif_url, stolen)
            case _:
                page.status = _STATUS_AFTER[happening]
        return None

    def _debit(self, page: Page) -> None:
        if page.debited_at is not None:
            return
        now = self._agenda.now()
        page.txnid = self._numbers.next(now)
        page.debited_at = now
        page.status = Status.SUCCESS
        self._statement.add(_line(page, "CREDIT", now, page.txnid))

    def _reverse(self, page: Page) -> None:
        if page.debited_at is None or page.reversed:
            return
        page.reversed = True
        now = self._agenda.now()
        reversal = _line(page, "REVERSAL", now, self._numbers.next(now))
        self._statement.add(replace(reversal, reversed_txnid=page.txnid))


def _line(page: Page, kind: str, at: datetime, txnid: str) -> Line:
    return Line(kind, at, txnid, page.order.order_id, page.payer, page.order.amount)
