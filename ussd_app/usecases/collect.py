"""Looking after one attempt: submit it, ask about it, prompt again, cancel it, close it unsent.

Transaction, call, transaction. Before each call a marker is committed, under the fence of the
claim; the call is outside any transaction; what came back is settled under the fence again. A
worker that dies leaves a marker behind, and whoever finds it asks the operator and never sends
again. The labels of `checkpoint` are where the tests kill it.
"""

from datetime import timedelta

from domain.bill import BillStatus
from domain.payment import Evidence, Kind, Source, Status
from payments import pacing
from payments.operators.base import Operator, Order, Prepared, Token
from payments.pacing import Action
from ussd_app.store import attempts, outbox
from ussd_app.store.database import Tx
from ussd_app.store.outbox import Claim
from ussd_app.usecases import calls, cases, settle, tell
from ussd_app.usecases.cases import Case, NotConfiguredError
from ussd_app.usecases.context import Context


def look_after(context: Context, claim: Claim) -> None:
    """Take the one step `claim`'s attempt needs now, and say when it needs the next.

    Raises:
        LostClaimError: another worker has taken over; nothing more was written.
    """
    try:
        return _look_after(context, claim)
    except NotConfiguredError:  # people know of it (doubt.py); it may be put back
        later = context.now() + timedelta(seconds=context.pace.slowest)
        with context.db.begin() as tx:
            return outbox.release(tx, claim, later)


def _look_after(context: Context, claim: Claim) -> None:
    with context.db.begin() as tx:
        case = cases.load(context, tx, claim)
        action = _first_step(context, tx, case)
        if action is None:
            return _rest(context, tx, claim)
    context.checkpoint("before_call")
    match action:
        case Action.SUBMIT:
            _submit(context, claim, case)
        case Action.PROMPT:
            _prompt(context, claim, case)
        case Action.CANCEL:
            _cancel(context, claim, case)
        case _:
            _inquire(context, claim, case)
    return None


def _first_step(context: Context, tx: Tx, case: Case) -> Action | None:
    """What needs no call is done here: None when the attempt may rest until its next turn."""
    action = case.action
    if action is Action.DOUBT:
        settle.record(context, tx, case.attempt, [Evidence(Kind.UNKNOWN, Source.OURS)])
        return Action.INQUIRE
    if action is Action.SUBMIT and _must_close(case):
        action = Action.CLOSE_NOT_SENT
    if action is Action.CLOSE_NOT_SENT:
        settle.record(context, tx, case.attempt, [Evidence(Kind.NOT_SENT, Source.OURS)])
        return None
    if action is Action.SUBMIT and case.attempt.stranger:
        return action if tell.heads_up_left(tx, case.attempt) else None
    return None if action is Action.REST else action


def _must_close(case: Case) -> bool:
    """The bill is no longer what was confirmed."""
    due = case.bill.status is BillStatus.DUE
    return not due or case.bill.amount.francs != case.attempt.francs


def _submit(context: Context, claim: Claim, case: Case) -> None:
    operator = context.operators[case.attempt.operator]
    order = cases.order(context, case.attempt)
    started = context.now()
    token = calls.bearer(context, operator)
    prepared = _prepare(context, operator, order, token)
    context.checkpoint("key_received")
    if token is None or prepared is None:  # nothing was asked: try again until it is too late
        with context.db.begin() as tx:
            return _rest(context, tx, claim)
    if not _mark_submitting(context, claim, prepared):
        return None
    context.checkpoint("marked")
    request = operator.collect(order, prepared.key, token)
    if request is None:  # the link is on its way: the rest is the citizen's
        return _learn(context, claim, (Evidence(Kind.PENDING, Source.OURS),))
    if context.now() - started > timedelta(seconds=context.pace.lease / 2):
        return None  # held up so long that somebody else may be asking already: never send now
    outcome = calls.debit(context, operator, request)
    context.checkpoint("called")
    facts = operator.read_collect(outcome, order)
    return _learn(context, claim, facts, operator.read_key(outcome, order))


def _prepare(
    context: Context, operator: Operator, order: Order, token: Token | None
) -> Prepared | None:
    """The key of the attempt, the operator's or ours: nothing can be debited by asking for it."""
    if token is None:
        return None
    request = operator.prepare(order, token)
    if request is None:
        return Prepared(operator.own_key(order))
    return operator.read_prepare(calls.ask(context, operator, request))


def _mark_submitting(context: Context, claim: Claim, prepared: Prepared) -> bool:
    """Commit the key and the marker; False when the bill changed in the meantime."""
    with context.db.begin() as tx:
        case = cases.load(context, tx, claim)
        if case.action is not Action.SUBMIT or _must_close(case):
            settle.record(context, tx, case.attempt, [Evidence(Kind.NOT_SENT, Source.OURS)])
            _rest(context, tx, claim)
            return False
        attempts.set_key(tx, case.attempt.attempt_id, prepared.key)
        attempts.set_submitted(tx, case.attempt.attempt_id, context.now())
        if prepared.link:
            tell.link(context, tx, case.attempt, case.bill, prepared.link)
        settle.record(context, tx, case.attempt, [Evidence(Kind.SUBMITTING, Source.OURS)])
    return True


def _inquire(context: Context, claim: Claim, case: Case) -> None:
    operator = context.operators[case.attempt.operator]
    token = calls.bearer(context, operator)
    facts: tuple[Evidence, ...] = ()
    key, further = case.attempt.operator_key, None
    if token is not None and key is not None:
        order = cases.order(context, case.attempt)
        request = operator.inquire(order, key, token)
        if request is not None:
            outcome = calls.ask(context, operator, request)
            facts = operator.read_inquire(outcome, order)
            further = operator.read_key(outcome, order)
    context.checkpoint("inquired")
    _learn(context, claim, facts, further)


def _prompt(context: Context, claim: Claim, case: Case) -> None:
    """Prompt a busy handset again, once, under the same key; the marker is committed first."""
    operator = context.operators[case.attempt.operator]
    token = calls.bearer(context, operator)
    if token is None or case.attempt.operator_key is None:
        return _learn(context, claim, ())
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        attempts.set_prompted(tx, case.attempt.attempt_id)
    request = operator.prompt(case.attempt.operator_key, token)
    outcome = calls.ask(context, operator, request)
    return _learn(
        context, claim, operator.read_inquire(outcome, cases.order(context, case.attempt))
    )


def _cancel(context: Context, claim: Claim, case: Case) -> None:
    """Ask the operator to close the attempt, and then how it stands: only that tells."""
    operator = context.operators[case.attempt.operator]
    token = calls.bearer(context, operator)
    if token is not None and case.attempt.operator_key is not None:
        calls.ask(context, operator, operator.cancel(case.attempt.operator_key, token))
        context.checkpoint("cancelled")
    _inquire(context, claim, case)


def _learn(
    context: Context, claim: Claim, facts: tuple[Evidence, ...], key: str | None = None
) -> None:
    with context.db.begin() as tx:
        case = cases.load(context, tx, claim)
        if key is not None:  # what inquiries need, where it is not what the order was sent under
            attempts.set_key(tx, case.attempt.attempt_id, key)
        settle.learn(context, tx, case.attempt, facts)
        context.checkpoint("before_commit")
        _rest(context, tx, claim)
    context.checkpoint("committed")
    context.redis.wake()


def _rest(context: Context, tx: Tx, claim: Claim) -> None:
    """Release the claim until the attempt is to be looked at again; tell long doubts."""
    case = cases.load(context, tx, claim)
    if _in_doubt(context, case):
        tell.unknown(context, tx, case.attempt, case.bill)
    if case.was_busy and not case.busy and case.attempt.status.is_open:
        tell.busy(context, tx, case.attempt, case.bill)
    wait = pacing.delay(
        case.standing.status,
        context.pace,
        age=case.age,
        busy=case.busy,
        prompted=case.attempt.prompted,
    )
    due_at = None if wait is None else context.now() + timedelta(seconds=wait)
    outbox.release(tx, claim, due_at)


def _in_doubt(context: Context, case: Case) -> bool:
    expiry = context.operators[case.attempt.operator].capabilities.expiry
    patience = context.pace.tell_unknown
    return (case.standing.status is Status.UNKNOWN and case.age > patience) or (
        case.standing.status is Status.PENDING and case.age > expiry + patience
    )
