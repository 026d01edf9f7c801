"""A statement that comes as a file: the operator's closed report, by hand.

Idempotent by file and by line: the same file again changes nothing, the same line in another file
neither. A period that leaves a gap behind it is read for its money, and proves no absence.
"""

import hashlib
from dataclasses import dataclass

from payments import report
from payments.reconciliation import Statement
from ussd_app.store import statements
from ussd_app.usecases import reconcile
from ussd_app.usecases.context import Context


class ImportRefusedError(ValueError):
    """The file was not read; nothing of it was taken."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines there were, how many were new, and whether the period closes what was open."""

    lines: int
    new: int
    closes: bool


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
    if b"\0" in body:
        raise ImportRefusedError("not a whole closed report: it holds what no text holds")
    if not statement.since < statement.until <= context.now():
        raise ImportRefusedError("its period is none, or not over: it cannot be closed")
    with context.db.begin() as tx:
        if statements.was_taken(tx, operator, digest):
            raise ImportRefusedError("this file was taken before")
        closed = statements.closed(tx, operator)
    closes = closed is None or statement.since <= closed[1] < statement.until
    new = reconcile.take_lines(context, operator, statement)
    if closes:
        _close(context, operator, statement)
    with context.db.begin() as tx:  # at last: a death on the way, and the file is taken again
        statements.add_file(tx, operator, digest, context.now())
    context.redis.wake()
    return Imported(len(statement.lines), new, closes)


def _close(context: Context, operator: str, statement: Statement) -> None:
    with context.db.begin() as tx:
        reconcile.note_closed(tx, operator, statement)
    reconcile.close_absent(context, operator)
