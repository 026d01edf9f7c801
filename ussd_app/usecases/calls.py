"""Calling an operator: the bearer, the one way out, and what the answer says of its health.

Only calls that debit nothing tell whether an operator responds: a debit that is slow or lost is
doubt about one attempt, never a reason to close the door to all.
"""

from datetime import timedelta
from http import HTTPStatus

from payments.operators.base import NO_TOKEN, Answer, HttpRequest, Operator, Outcome, Token
from ussd_app.store import health, operators
from ussd_app.usecases.context import Context


def bearer(context: Context, operator: Operator) -> Token | None:
    """Return a living bearer of `operator`, asking for one when none is kept."""
    now = context.now()
    wish = operator.authorise()
    if wish is None:
        return NO_TOKEN
    with context.db.begin() as tx:
        kept = operators.token(tx, operator.wallet.code, now)
    return kept or _fresh_bearer(context, operator, wish)


def feel_pulse(context: Context, operator: Operator) -> bool:
    """Ask for a sign of life, and note whether there was one; False: there is nothing to ask."""
    with context.db.begin() as tx:
        kept = operators.token(tx, operator.wallet.code, context.now())
    entry = operator.authorise()
    wish = operator.heartbeat(kept or NO_TOKEN)
    if entry is not None and (kept is None or wish is None):
        _fresh_bearer(context, operator, entry)
    elif wish is not None:
        outcome = _send(context, operator, wish)
        _note(context, operator, responds=operator.read_heartbeat(outcome))
    return entry is not None or wish is not None


def ask(context: Context, operator: Operator, request: HttpRequest) -> Outcome:
    """Send a request that debits nothing."""
    outcome = _send(context, operator, request)
    _note(context, operator, responds=_responds(outcome))
    return outcome


def debit(context: Context, operator: Operator, request: HttpRequest) -> Outcome:
    """Send the request that debits: one that is lost says nothing of the operator's health."""
    return _send(context, operator, request)


def _send(context: Context, operator: Operator, request: HttpRequest) -> Outcome:
    """A bearer the operator refuses is forgotten, so the next step asks anew.

    Not a fresher one, that another has asked for meanwhile.
    """
    outcome = context.transport(request)
    if isinstance(outcome, Answer) and outcome.status == HTTPStatus.UNAUTHORIZED:
        code, refused = operator.wallet.code, " ".join(request.headers.values())
        with context.db.begin() as tx:
            kept = operators.token(tx, code, context.now())
            if kept is not None and kept.bearer in refused:
                operators.forget_token(tx, code)
    return outcome


def _fresh_bearer(context: Context, operator: Operator, wish: HttpRequest) -> Token | None:
    now = context.now()
    outcome = context.transport(wish)
    _note(context, operator, responds=_responds(outcome))
    fresh = operator.read_authorise(outcome)
    if fresh is not None:
        with context.db.begin() as tx:
            operators.keep_token(tx, operator.wallet.code, fresh, now)
    return fresh


def _responds(outcome: Outcome) -> bool:
    return isinstance(outcome, Answer) and outcome.status < HTTPStatus.INTERNAL_SERVER_ERROR


def _note(context: Context, operator: Operator, *, responds: bool) -> None:
    code = operator.wallet.code
    with context.db.begin() as tx:
        if responds:
            health.answered(tx, code)
        else:
            rest = timedelta(seconds=context.pace.rest_when_down)
            health.failed(tx, code, context.now(), rest)
