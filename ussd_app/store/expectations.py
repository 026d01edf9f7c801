"""Money that is expected without an attempt: somebody was told what to dial.

The operator knows nothing of it, so its credit names no attempt of ours. It is theirs only when
one due bill, and no other, was expected from that number for that amount.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from domain.bill import BillStatus
from domain.msisdn import Msisdn
from payments.intent import Traffic
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, bills, expectations


@dataclass(frozen=True, slots=True)
class Expectation:
    """Who was told to dial, for which bill; francs whole."""

    bill_number: str
    operator: str
    francs: int
    payer: Msisdn
    caller: Msisdn
    lang: str
    channel: str
    session_key: str
    turn: int
    created_at: datetime


def add(tx: Tx, expected: Expectation) -> None:
    """Write an expectation; the same turn again writes nothing more."""
    fields = {name: getattr(expected, name) for name in Expectation.__slots__}
    fields |= {"payer": expected.payer.e164, "caller": expected.caller.e164}
    tx.execute(insert(expectations).values(**fields).on_conflict_do_nothing())


def traffic(tx: Tx, caller: Msisdn, payer: Msisdn, since: datetime) -> Traffic:
    """Count what was said to dial since an instant, as attempts are counted; it blocks no bill."""
    stranger = expectations.c.payer != expectations.c.caller
    by_caller = expectations.c.caller == caller.e164
    to_payer = expectations.c.payer == payer.e164
    row = tx.execute(
        select(
            func.count().filter(by_caller),
            func.count().filter(and_(by_caller, stranger)),
            func.count().filter(and_(to_payer, stranger)),
        ).where(and_(expectations.c.created_at > since, or_(by_caller, to_payer)))
    ).one()
    return Traffic(*row, silent_stranger_attempts_on_bill=0)


def matching(
    tx: Tx, operator: str, payer: Msisdn, francs: int, within: tuple[datetime, datetime]
) -> list[Expectation]:
    """Return what a number was expected to pay, the newest of each bill still due.

    `within`: the instants after and until which it was told what to dial.
    """
    since, until = within
    same = and_(
        expectations.c.operator == operator,
        expectations.c.payer == payer.e164,
        expectations.c.francs == francs,
        expectations.c.created_at > since,
        expectations.c.created_at <= until,
        bills.c.status == BillStatus.DUE,
    )
    joined = expectations.join(bills, bills.c.bill_number == expectations.c.bill_number)
    query = select(expectations).select_from(joined).where(same)
    rows = tx.execute(query.order_by(expectations.c.created_at)).all()
    newest = {row.bill_number: row for row in rows}
    return [
        Expectation(
            **{name: getattr(row, name) for name in Expectation.__slots__}
            | {"payer": Msisdn(row.payer), "caller": Msisdn(row.caller)}
        )
        for row in newest.values()
    ]


def told_in(tx: Tx, operator: str, payer: Msisdn, since: datetime) -> str | None:
    """Return the language in which a number was told to dial since an instant; None: it was not.

    What was expected and came is an attempt by now.
    """
    found: list[tuple[datetime, str]] = []
    for table in (expectations, attempts):
        mine = and_(
            table.c.operator == operator, table.c.payer == payer.e164, table.c.created_at > since
        )
        newest = select(table.c.created_at, table.c.lang).where(mine)
        row = tx.execute(newest.order_by(table.c.created_at.desc()).limit(1)).one_or_none()
        found += [(row[0], row[1])] if row else []
    return max(found)[1] if found else None


def fulfil(tx: Tx, bill_number: str, payer: Msisdn) -> bool:
    """Forget what a number was expected to pay for a bill: it has come; whether it was, still.

    Others were told to dial for the same bill, and are to be answered if they do.
    """
    mine = and_(expectations.c.bill_number == bill_number, expectations.c.payer == payer.e164)
    return bool(tx.execute(delete(expectations).where(mine)).rowcount)
