"""The ledger, the receipts and the Treasury's gapless quittances."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from payments.ledger import UNOWNED, Entry
from receipts.record import Receipt, quittance
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, entries, quittance_counters, receipts

_DRAWS_MAX = 20
_FIND = select(receipts).where(receipts.c.receipt_number == bindparam("receipt_number"))


def posted(tx: Tx, bill_number: str) -> list[Entry]:
    """Return the entries of a bill, in order."""
    mine = select(entries).where(entries.c.bill_number == bill_number)
    return [_entry(row) for row in tx.execute(mine.order_by(entries.c.entry_id))]


def unowned(tx: Tx, operator: str, operator_ref: str) -> list[Entry]:
    """Return the entries of a transaction that stand for no bill, in order."""
    mine = and_(
        entries.c.bill_number.is_(None),
        entries.c.operator == operator,
        entries.c.operator_ref == operator_ref,
    )
    return [
        _entry(row) for row in tx.execute(select(entries).where(mine).order_by(entries.c.entry_id))
    ]


def post(tx: Tx, new: Iterable[Entry], now: datetime) -> None:
    """Append entries."""
    for entry in new:
        fields = {name: getattr(entry, name) for name in Entry.__slots__}
        fields["bill_number"] = entry.bill_number or None
        tx.execute(insert(entries).values(**fields, posted_at=now))


def valid_receipt(tx: Tx, bill_number: str) -> Receipt | None:
    """Return the one receipt of a bill that is not cancelled."""
    valid = and_(receipts.c.bill_number == bill_number, receipts.c.cancelled_at.is_(None))
    row = tx.execute(select(receipts).where(valid)).one_or_none()
    return _receipt(row) if row else None


def find_receipt(tx: Tx, receipt_number: str) -> Receipt | None:
    """Return a receipt by number, cancelled ones too."""
    row = tx.execute(_FIND, {"receipt_number": receipt_number}).one_or_none()
    return _receipt(row) if row else None


def had_receipt(tx: Tx, attempt_id: str) -> bool:
    """Whether an attempt ever had a receipt, cancelled since or not."""
    mine = receipts.c.attempt_id == attempt_id
    return tx.execute(select(receipts.c.receipt_number).where(mine)).first() is not None


def receipts_paid_by(tx: Tx, payer: Msisdn, since: datetime, most: int) -> list[Receipt]:
    """Return the newest valid receipts of what a number paid since an instant."""
    mine = and_(
        attempts.c.payer == payer.e164,
        receipts.c.paid_at > since,
        receipts.c.cancelled_at.is_(None),
    )
    joined = receipts.join(attempts, attempts.c.attempt_id == receipts.c.attempt_id)
    query = select(receipts).select_from(joined).where(mine)
    rows = tx.execute(query.order_by(receipts.c.paid_at.desc()).limit(most))
    return [_receipt(row) for row in rows]


def issue(tx: Tx, draft: Receipt, draw: Callable[[], str], post_code: str) -> Receipt:
    """Write a receipt under a fresh number and the next quittance of `post_code` and its year.

    The counter row stays locked until the transaction ends: a rollback gives the number back.

    Raises:
        RuntimeError: no free number after `_DRAWS_MAX` draws.
    """
    year = draft.paid_at.year
    number = _next_quittance(tx, post_code, year)
    numbered = replace(draft, quittance=quittance(post_code, year, number))
    for _ in range(_DRAWS_MAX):
        receipt = replace(numbered, receipt_number=draw())
        fields = {name: getattr(receipt, name) for name in Receipt.__slots__}
        del fields["quittance"]
        row = insert(receipts).values(
            **fields,
            quittance_post=post_code,
            quittance_year=year,
            quittance_number=number,
        )
        free = row.on_conflict_do_nothing(index_elements=["receipt_number"])
        if tx.execute(free).rowcount:
            return receipt
    message = "no free receipt number"
    raise RuntimeError(message)


def cancel(tx: Tx, receipt_number: str, now: datetime) -> None:
    """Cancel a valid receipt; it keeps its number for ever."""
    mine = receipts.c.receipt_number == receipt_number
    tx.execute(update(receipts).where(mine).values(cancelled_at=now))


def _next_quittance(tx: Tx, post_code: str, year: int) -> int:
    first = insert(quittance_counters).values(post=post_code, year=year, last=1)
    following = first.on_conflict_do_update(
        index_elements=["post", "year"], set_={"last": quittance_counters.c.last + 1}
    )
    number: int = tx.execute(following.returning(quittance_counters.c.last)).scalar_one()
    return number


def totals(tx: Tx) -> dict[str, int]:
    """Return the balance of every account, francs; they sum to zero."""
    found: dict[str, int] = {}
    for column, sign in ((entries.c.destination, 1), (entries.c.source, -1)):
        for account, francs in tx.execute(
            select(column, func.sum(entries.c.francs)).group_by(column)
        ):
            found[account] = found.get(account, 0) + sign * francs
    return {account: francs for account, francs in sorted(found.items()) if francs}


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    fields = {name: getattr(row, name) for name in Entry.__slots__}
    return Entry(**fields | {"bill_number": fields["bill_number"] or UNOWNED})


def _receipt(row: Row[tuple[object, ...]]) -> Receipt:
    fields = {name: getattr(row, name) for name in Receipt.__slots__ if name != "quittance"}
    number = quittance(row.quittance_post, row.quittance_year, row.quittance_number)
    return Receipt(**fields, quittance=number)
