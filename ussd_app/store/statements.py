"""Imported statements: idempotent by line, and contiguous, or absence would prove nothing."""

from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from payments.reconciliation import Line, Statement
from ussd_app.store.tables import statement_lines, statements


def closed_until(tx: Connection, operator: str) -> datetime | None:
    """Return the instant statements are imported through, or None when none is."""
    mine = statements.c.operator == operator
    until: datetime | None = tx.execute(
        select(func.max(statements.c.until)).where(mine)
    ).scalar_one()
    return until


def add(tx: Connection, operator: str, statement: Statement) -> None:
    """Note that a period is imported."""
    row = insert(statements).values(operator=operator, since=statement.since, until=statement.until)
    tx.execute(row.on_conflict_do_nothing())


def add_line(tx: Connection, operator: str, line: Line) -> bool:
    """Keep a line; False when it was imported before."""
    row = insert(statement_lines).values(
        operator=operator,
        line_key=line.line_key,
        kind=line.kind,
        operator_ref=line.operator_ref,
        attempt_id=line.attempt_id,
        francs=line.francs,
        at=line.at,
    )
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)
