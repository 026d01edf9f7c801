"""Reading the operator's closed statement into evidence: the last word on every attempt.

Absence speaks too, once the statements have closed through the operator's patience: of an attempt
in doubt it proves that nothing moved; of one that is paid it proves nothing, and alarms.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from domain.payment import Evidence, Kind, Source
from payments.operators.base import Operator
from payments.reconciliation import Line, LineKind, Statement, evidence_of, proves_absence
from ussd_app.store import alarms, attempts, outbox, statements
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.outbox import Claim
from ussd_app.usecases import calls, expected, fetch_statement, settle, unowned
from ussd_app.usecases.context import Context
from ussd_app.usecases.fetch_statement import Place

_log = structlog.get_logger(__name__)
_TWICE = "one line, two contents"
_DISPUTED = (settle.FOREIGN, _TWICE)  # there is money, and we cannot tell whose


def reconcile(context: Context, claim: Claim) -> None:
    """Ask for what closed since the last import, and import it; each line once, whatever happens.

    Raises:
        LostClaimError: another worker has taken over.
    """
    operator = context.operators.get(claim.ref)
    if operator is not None:
        _read(context, claim, operator)
    every = timedelta(seconds=context.pace.statement_every)
    with context.db.begin() as tx:
        outbox.release(tx, claim, None if operator is None else context.now() + every)
    context.redis.wake()


def _read(context: Context, claim: Claim, operator: Operator) -> None:
    before = _place(context, claim.ref)
    token = calls.bearer(context, operator)
    first: Statement | None = None
    for page in fetch_statement.pages(context, operator, token, before) if token else ():
        _take(context, claim, page)
        first = first or page
    if first is not None:
        conclude(context, claim.ref, first)
    if _place(context, claim.ref) == before:
        fetch_statement.watch(context, before, claim.tries)


def _place(context: Context, operator: str) -> Place:
    with context.db.begin() as tx:
        closed = statements.closed(tx, operator)
    return Place(operator, closed[1] if closed else None)


def _take(context: Context, claim: Claim, page: Statement) -> None:
    take_lines(context, claim.ref, page)
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        note_closed(tx, claim.ref, page)


def note_closed(tx: Tx, operator: str, statement: Statement) -> None:
    """Note what a statement adds: one that begins again where an older one did goes further."""
    closed = statements.closed(tx, operator)
    since = statement.since
    if closed and closed[0] <= since:
        since = closed[1]
    if since < statement.until:
        statements.add(tx, operator, replace(statement, since=since))


def take_lines(context: Context, operator: str, statement: Statement) -> int:
    """Take each line once, whatever happens; return how many were new.

    Money that came is read before money that went back: a list need not be in that order.
    """
    lines = sorted(statement.lines, key=lambda line: line.kind is LineKind.REVERSAL)
    return sum(_take_line(context, operator, line) for line in lines)


def _take_line(context: Context, operator: str, line: Line) -> bool:
    try:
        return _try_line(context, operator, line)
    except unowned.OwnedError:  # what told of it is committed by now
        return _try_line(context, operator, line)


def _try_line(context: Context, operator: str, line: Line) -> bool:
    """A line and what follows from it are one transaction: neither is known without the other."""
    with context.db.begin() as tx:
        attempt = attempts.get(tx, line.attempt_id)
        if not statements.add_line(tx, operator, line):
            if not statements.is_known(tx, operator, line):
                _alarm(context, tx, operator, line.attempt_id or line.line_key, _TWICE)
            return False
        if attempt is None or attempt.operator != operator:  # it names nobody who paid here
            attempt = expected.claim(context, tx, operator, line)
        if attempt is None:
            if unowned.keep(context, tx, operator, line):
                _log.error("alarm", operator=operator, subject=line.line_key, alarm=unowned.ALARM)
            return True
        settle.learn(context, tx, attempt, [evidence_of(line)])
    return True


def _alarm(context: Context, tx: Tx, operator: str, subject: str, alarm: str) -> None:
    if alarms.raise_(tx, operator, subject, alarm, context.now()):
        _log.error("alarm", operator=operator, subject=subject, alarm=alarm)


def conclude(context: Context, operator: str, added: Statement) -> None:
    """Say what follows from what the closed statements do not show, now that one was added."""
    with context.db.begin() as tx:
        closed = statements.closed(tx, operator)
    if closed is None:
        return
    capabilities = context.operators[operator].capabilities
    patience = timedelta(seconds=capabilities.expiry + context.pace.statement_grace)
    _close_absent(context, operator, closed, patience)
    seen = max(closed[0], added.since - patience), closed[1] - patience
    _alarm_missing(context, operator, seen, patience)


def _close_absent(
    context: Context, operator: str, closed: tuple[datetime, datetime], patience: timedelta
) -> None:
    """Close the attempts whose money a closed statement proves never moved."""
    with context.db.begin() as tx:
        waiting = attempts.open_at(tx, operator)
    fact = Evidence(Kind.CLOSED_UNPAID, Source.STATEMENT)
    for attempt in waiting:
        if not proves_absence(attempt.status, attempt.submitted_at, closed, patience):
            continue
        with context.db.begin() as tx:
            Register(tx).lock_bill(attempt.bill_number)  # a dispute about it is raised under this
            if attempt.attempt_id not in alarms.subjects(tx, operator, _DISPUTED):
                settle.record(context, tx, attempt, [fact])


def _alarm_missing(
    context: Context, operator: str, seen: tuple[datetime, datetime], patience: timedelta
) -> None:
    """Alarm for money the operator told us of and does not state: it is not the Treasury's yet."""
    asked_for = patience + timedelta(seconds=context.pace.watch_failed)  # then nobody asks any more
    with context.db.begin() as tx:
        for attempt_id, operator_ref in statements.unstated(
            tx, operator, seen, seen[0] - asked_for
        ):
            alarm = f"paid, absent from the statement: {operator_ref}"
            _alarm(context, tx, operator, attempt_id, alarm)
