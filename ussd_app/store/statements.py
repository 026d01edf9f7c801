"""Imported statements: idempotent by line, and contiguous, or absence would prove nothing."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert

from payments.reconciliation import Line, Statement
from ussd_app.store.database import Tx
from ussd_app.store.tables import statement_files, statement_lines, statements


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
    )
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)
