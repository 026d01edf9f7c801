"""Bills: the registry port over our own tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, bindparam, desc, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.bill import Bill, BillStatus
from domain.money import Money
from registries.base import Registry
from ussd_app.store import health
from ussd_app.store.attempts import IS_OPEN
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, bills

_DRAWS_MAX = 20  # 10^8 numbers: twenty clashes in a row is a broken dice, not bad luck


_LOOK_UP = select(
    bills,
    exists().where(attempts.c.bill_number == bills.c.bill_number, IS_OPEN).label("open"),
    health.CODES_DOWN.label("down"),
).where(bills.c.bill_number == bindparam("bill_number"))
_FIND = select(bills).where(bills.c.bill_number == bindparam("bill_number"))
_LOCK = _FIND.with_for_update()


@dataclass(frozen=True, slots=True)
class Found:
    """A bill, whether its payment is under way, and the operators that are down."""

    bill: Bill
    under_way: bool
    down: frozenset[str]


def look_up(tx: Tx, bill_number: str, now: datetime) -> Found | None:
    """Find a bill and what there is to know before paying it, in one reading."""
    row = tx.execute(_LOOK_UP, {"bill_number": bill_number, "now": now}).one_or_none()
    return Found(_bill(row), row.open, frozenset((row.down or "").split())) if row else None


class Register(Registry):
    """`registries.base.Registry` within one transaction."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def find_bill(self, bill_number: str) -> Bill | None:
        """See `Registry.find_bill`."""
        return _one(self._tx, bill_number, lock=False)

    def lock_bill(self, bill_number: str) -> Bill | None:
        """Return the bill, which no other transaction can then move until this one ends."""
        return _one(self._tx, bill_number, lock=True)

    def mark_paid(self, bill: Bill) -> None:
        """See `Registry.mark_paid`; serves the way back (`DUE`) too."""
        self._tx.execute(
            update(bills)
            .where(bills.c.bill_number == bill.bill_number)
            .values(status=bill.status, settled_at=bill.settled_at)
        )

    def issue(
        self,
        draw: Callable[[], Bill],
        now: datetime,
        details: Mapping[str, str],
        requester: str | None = None,
        fingerprint: str | None = None,
    ) -> Bill:
        """Write a new bill, drawing its number again while it is taken.

        Raises:
            RuntimeError: no free number after `_DRAWS_MAX` draws.
        """
        for _ in range(_DRAWS_MAX):
            bill = draw()
            row = insert(bills).values(
                bill_number=bill.bill_number,
                service=bill.service,
                subject=bill.subject,
                francs=bill.amount.francs,
                legal_basis=bill.legal_basis,
                issued_on=bill.issued_on,
                quantity=bill.quantity,
                status=bill.status,
                version=bill.version,
                details=dict(details),
                requester=requester,
                fingerprint=fingerprint,
                created_at=now,
            )
            if self._tx.execute(row.on_conflict_do_nothing()).rowcount:
                return bill
        message = "no free bill number"
        raise RuntimeError(message)

    def requested_since(self, requester: str, fingerprint: str, since: datetime) -> Bill | None:
        """Return the newest live bill of the same request since an instant, unpaid ones first."""
        row = self._tx.execute(
            select(bills)
            .where(
                and_(
                    bills.c.requester == requester,
                    bills.c.fingerprint == fingerprint,
                    bills.c.created_at > since,
                    bills.c.status != BillStatus.CANCELLED,
                )
            )
            .order_by(bills.c.status == BillStatus.PAID, desc(bills.c.created_at))
            .limit(1)
        ).one_or_none()
        return _bill(row) if row else None

    def count_requests(self, requester: str, since: datetime) -> int:
        """Return how many bills a subscriber has made since an instant."""
        return self._tx.execute(
            select(func.count())
            .select_from(bills)
            .where(and_(bills.c.requester == requester, bills.c.created_at > since))
        ).scalar_one()

    def cancel(self, bill_number: str) -> bool:
        """Cancel a due bill (the issuing authority's act); False when it is not due."""
        return self._change_due(bill_number, status=BillStatus.CANCELLED)

    def alter(self, bill_number: str, amount: Money) -> bool:
        """Change the amount of a due bill (the same authority's); False when it is not due."""
        return self._change_due(bill_number, francs=amount.francs)

    def _change_due(self, bill_number: str, **values: object) -> bool:
        done = self._tx.execute(
            update(bills)
            .where(and_(bills.c.bill_number == bill_number, bills.c.status == BillStatus.DUE))
            .values(version=bills.c.version + 1, **values)
        )
        return bool(done.rowcount)


def _one(tx: Tx, bill_number: str, *, lock: bool) -> Bill | None:
    row = tx.execute(_LOCK if lock else _FIND, {"bill_number": bill_number}).one_or_none()
    return _bill(row) if row else None


def _bill(row: Row[tuple[object, ...]]) -> Bill:
    return Bill(
        bill_number=row.bill_number,
        service=row.service,
        subject=row.subject,
        amount=Money(row.francs),
        legal_basis=row.legal_basis,
        issued_on=row.issued_on,
        quantity=row.quantity,
        status=BillStatus(row.status),
        version=row.version,
        settled_at=row.settled_at,
    )
