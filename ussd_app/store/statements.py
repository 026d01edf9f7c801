"""Imported statements: idempotent by line, and contiguous, or absence would prove nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, case, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.payment import Kind, Source
from payments.ledger import Book
from payments.reconciliation import Line, LineKind, Statement
from ussd_app.store.database import Tx
from ussd_app.store.tables import (
    attempts,
    entries,
    evidence,
    statement_files,
    statement_lines,
    statements,
)

_SAME = timedelta(days=1)  # one line told by two roads may be rounded, and never by a day


def closed(tx: Tx, operator: str) -> tuple[datetime, datetime] | None:
    """Return the instants statements are imported from and through, or None when none is."""
    mine = statements.c.operator == operator
    period = select(func.min(statements.c.since), func.max(statements.c.until)).where(mine)
    since, until = tx.execute(period).one()
    return None if until is None else (since, until)


def add(tx: Tx, operator: str, statement: Statement) -> None:
    """Note that a period is imported."""
    row = insert(statements).values(operator=operator, since=statement.since, until=statement.until)
    tx.execute(row.on_conflict_do_nothing())


def was_taken(tx: Tx, operator: str, sha256: str) -> bool:
    """Whether a file was taken before."""
    same = and_(statement_files.c.operator == operator, statement_files.c.sha256 == sha256)
    return tx.execute(select(statement_files.c.sha256).where(same)).first() is not None


def add_file(tx: Tx, operator: str, sha256: str, now: datetime) -> None:
    """Note that a file is taken."""
    row = insert(statement_files).values(operator=operator, sha256=sha256, imported_at=now)
    tx.execute(row.on_conflict_do_nothing())


def add_line(tx: Tx, operator: str, line: Line) -> bool:
    """Keep a line; False when it was imported before."""
    row = insert(statement_lines).values(
        operator=operator,
        line_key=line.line_key,
        kind=line.kind,
        operator_ref=line.operator_ref,
        attempt_id=line.attempt_id,
        francs=line.francs,
        at=line.at,
        payer=line.payer,
    )
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def is_known(tx: Tx, operator: str, line: Line) -> bool:
    """Whether the line kept under this key says the same; else the operator used a key twice."""
    key = and_(statement_lines.c.operator == operator, statement_lines.c.line_key == line.line_key)
    kept = tx.execute(select(statement_lines).where(key)).one()
    said = (line.kind, line.operator_ref, line.attempt_id, line.francs)
    same = (kept.kind, kept.operator_ref, kept.attempt_id, kept.francs) == said
    return same and abs(kept.at - line.at) < _SAME


@dataclass(frozen=True, slots=True)
class Stated:
    """A line as it is kept; `payer` as the operator printed it."""

    operator: str
    kind: LineKind
    operator_ref: str
    francs: int
    at: datetime
    payer: str = field(repr=False)


def of_nobody(tx: Tx, operator: str, operator_ref: str) -> list[Line]:
    """Return the lines about a transaction that name no attempt of its operator, oldest first."""
    named = exists().where(
        attempts.c.attempt_id == statement_lines.c.attempt_id, attempts.c.operator == operator
    )
    mine = and_(
        statement_lines.c.operator == operator,
        statement_lines.c.operator_ref == operator_ref,
        ~named,
    )
    query = select(statement_lines).where(mine).order_by(statement_lines.c.at)
    found = ({name: getattr(row, name) for name in Line.__slots__} for row in tx.execute(query))
    return [Line(**fields | {"kind": LineKind(fields["kind"])}) for fields in found]


def unowned(tx: Tx) -> list[Stated]:
    """Return the credits that the books hold for nobody, oldest first."""
    sign = case((entries.c.source.startswith(Book.CLEARING), 1), else_=-1)
    held = (
        select(entries.c.operator, entries.c.operator_ref)
        .where(entries.c.bill_number.is_(None))
        .group_by(entries.c.operator, entries.c.operator_ref)
        .having(func.sum(sign * entries.c.francs) > 0)
        .subquery()
    )
    same = and_(
        statement_lines.c.operator == held.c.operator,
        statement_lines.c.operator_ref == held.c.operator_ref,
        statement_lines.c.kind == LineKind.CREDIT,
    )
    query = select(statement_lines).join(held, same).order_by(statement_lines.c.at)
    return [_stated(row) for row in tx.execute(query)]


def unstated(
    tx: Tx, operator: str, seen: tuple[datetime, datetime], made_since: datetime
) -> list[tuple[str, str]]:
    """Return the attempt and the transaction of what was paid and stands in no statement.

    Of what was `seen` paid after an instant and until another; no attempt is older than
    `made_since`, so that only these are looked through.
    """
    paid, stated = evidence.alias(), evidence.alias()
    shown = exists().where(
        stated.c.attempt_id == paid.c.attempt_id,
        stated.c.operator_ref == paid.c.operator_ref,
        stated.c.kind == Kind.PAID,
        stated.c.source == Source.STATEMENT,
    )
    query = (
        select(paid.c.attempt_id, paid.c.operator_ref)
        .join(attempts, attempts.c.attempt_id == paid.c.attempt_id)
        .where(
            attempts.c.operator == operator,
            attempts.c.created_at >= made_since,
            paid.c.kind == Kind.PAID,
            paid.c.seen_at > seen[0],
            paid.c.seen_at <= seen[1],
            ~shown,
        )
    )
    return [(row[0], row[1]) for row in tx.execute(query.distinct())]


def _stated(row: Row[tuple[object, ...]]) -> Stated:
    fields = {name: getattr(row, name) for name in Stated.__slots__}
    return Stated(**fields | {"kind": LineKind(row.kind)})
