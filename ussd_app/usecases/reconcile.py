"""Reading the operator's closed statement into evidence: the last word on every attempt."""

from dataclasses import replace
from datetime import timedelta

import structlog

from domain.payment import Evidence, Kind, Source
from payments.reconciliation import Line, Statement, evidence_of, proves_absence
from ussd_app.store import alarms, attempts, outbox, statements
from ussd_app.store.attempts import ForeignTransactionError
from ussd_app.store.database import Tx
from ussd_app.store.outbox import Claim
from ussd_app.usecases import calls, expected, settle
from ussd_app.usecases.context import Context

_log = structlog.get_logger(__name__)
_LOOK_BACK = timedelta(days=2)  # where the first statement of an operator begins


def reconcile(context: Context, claim: Claim) -> None:
    """Ask for what closed since the last import, and import it; each line once, whatever happens.

    Raises:
        LostClaimError: another worker has taken over.
    """
    operator = context.operators[claim.ref]
    now = context.now()
    with context.db.begin() as tx:
        closed = statements.closed(tx, claim.ref)
    since = closed[1] if closed else now - _LOOK_BACK
    token = calls.bearer(context, operator)
    request = operator.statement(since, token) if token is not None else None
    if request is not None:
        statement = operator.read_statement(calls.ask(context, operator, request))
        if statement is not None and statement.since <= since < statement.until:
            _take(context, claim, statement)
    with context.db.begin() as tx:
        next_at = context.now() + timedelta(seconds=context.pace.statement_every)
        outbox.release(tx, claim, next_at)
    context.redis.wake()


def _take(context: Context, claim: Claim, statement: Statement) -> None:
    take_lines(context, claim.ref, statement)
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        note_closed(tx, claim.ref, statement)
    close_absent(context, claim.ref)


def note_closed(tx: Tx, operator: str, statement: Statement) -> None:
    """Note what a statement adds: one that begins again where an older one did goes further."""
    closed = statements.closed(tx, operator)
    since = statement.since
    if closed and closed[0] <= since:
        since = closed[1]
    if since < statement.until:
        statements.add(tx, operator, replace(statement, since=since))


def take_lines(context: Context, operator: str, statement: Statement) -> int:
    """Take each line once, whatever happens; return how many were new."""
    return sum(_take_line(context, operator, line) for line in statement.lines)


def _take_line(context: Context, operator: str, line: Line) -> bool:
    """A line and what follows from it are one transaction: neither is known without the other."""
    with context.db.begin() as tx:
        attempt = attempts.get(tx, line.attempt_id)
        if not statements.add_line(tx, operator, line):
            return False
        if attempt is None:
            attempt = expected.claim(context, tx, operator, line)
        if attempt is None or attempt.operator != operator:
            _alarm(context, tx, operator, line, "money without an attempt")
            return True
        try:
            with tx.begin_nested():
                settle.record(context, tx, attempt, [evidence_of(line)])
        except ForeignTransactionError:
            _alarm(context, tx, operator, line, "one transaction, two attempts")
    return True


def _alarm(context: Context, tx: Tx, operator: str, line: Line, alarm: str) -> None:
    alarms.raise_(tx, operator, line.line_key, alarm, context.now())
    _log.error("alarm", operator=operator, line=line.line_key, alarm=alarm)


def close_absent(context: Context, operator: str) -> None:
    """Close the attempts whose money a closed statement proves never moved."""
    capabilities = context.operators[operator].capabilities
    patience = timedelta(seconds=capabilities.expiry + context.pace.statement_grace)
    with context.db.begin() as tx:
        waiting = attempts.open_at(tx, operator)
        closed = statements.closed(tx, operator)
    for attempt in waiting:
        if closed and proves_absence(attempt.status, attempt.submitted_at, closed, patience):
            with context.db.begin() as tx:
                fact = Evidence(Kind.CLOSED_UNPAID, Source.STATEMENT)
                settle.record(context, tx, attempt, [fact])
