"""A statement that comes as a file: the operator's closed report, by hand.

Idempotent by file and by line: the same file again changes nothing, the same line in another file
neither. A period that leaves a gap behind it is read for its money, and proves no absence; once the
gap is filled, the file that came too early may be taken again, for what it closes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from payments import report
from payments.reconciliation import Statement
from ussd_app.store import statements
from ussd_app.usecases import reconcile
from ussd_app.usecases.context import Context


class ImportRefusedError(ValueError):
    """The file was not read; nothing of it was taken."""


class Reach(StrEnum):
    """What the period of a file is to those that were closed before."""

    FURTHER = "further"  # it goes on where they end: it closes what was open
    OLD = "old"  # it ends no later than they do
    GAP = "gap"  # it begins after they end


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines there were and how many were new; until when statements are closed now."""

    lines: int
    new: int
    reach: Reach
    closed: datetime


def import_statement(context: Context, operator: str, body: bytes) -> Imported:
    """Take the report `body` of an operator.

    Raises:
        ImportRefusedError: the operator is unknown, the file is no whole closed report, or it was
            taken before.
    """
    if operator not in context.operators:
        raise ImportRefusedError("no such operator")
    digest = hashlib.sha256(body).hexdigest()
    try:
        statement = report.read(body.decode("utf-8-sig"))
    except ValueError as error:
        raise ImportRefusedError(f"not a whole closed report: {error}") from error
    if not statement.since < statement.until <= context.now():
        raise ImportRefusedError("its period is none, or not over: it cannot be closed")
    with context.db.begin() as tx:
        if statements.was_taken(tx, operator, digest):
            raise ImportRefusedError("this file was taken before")
        closed = statements.closed(tx, operator)
    reach = _reach(statement, closed[1] if closed else None)
    new = reconcile.take_lines(context, operator, statement)
    if reach is Reach.FURTHER:
        _close(context, operator, statement)
    with context.db.begin() as tx:  # at last: a death on the way, and the file is taken again
        if reach is not Reach.GAP:
            statements.add_file(tx, operator, digest, context.now())
    context.redis.wake()
    until = closed[1] if closed and reach is not Reach.FURTHER else statement.until
    return Imported(len(statement.lines), new, reach, until)


def _reach(statement: Statement, closed: datetime | None) -> Reach:
    if closed is not None and statement.since > closed:
        return Reach.GAP
    return Reach.FURTHER if closed is None or closed < statement.until else Reach.OLD


def _close(context: Context, operator: str, statement: Statement) -> None:
    with context.db.begin() as tx:
        reconcile.note_closed(tx, operator, statement)
    reconcile.conclude(context, operator, statement)
