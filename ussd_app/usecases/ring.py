"""A callback is a doorbell, not a letter.

It is kept as it came, believed in nothing, and makes the worker ask the operator.
"""

from ussd_app.store import attempts, operators, outbox
from ussd_app.store.redis import Unreachable
from ussd_app.usecases.context import Context

# An attempt is committed before the operator hears of it, so an unknown token is a stranger's or
# a lost database's. Some are kept for whoever has to find out; a flood must not fill the disk.
_UNKNOWN_AN_HOUR = 500
_HOUR_S = 3600


def ring(context: Context, operator: str, token: str, body: bytes) -> bool:
    """Keep a callback; return whether its token is one of ours."""
    now = context.now()
    with context.db.begin() as tx:
        attempt = attempts.of_callback(tx, operator, token)
        if attempt is not None or _few_unknown(context):
            operators.keep_callback(tx, operator, token, body, now)
        if attempt is not None:
            outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, now)
    if attempt is not None:
        context.redis.wake()
    return attempt is not None


def _few_unknown(context: Context) -> bool:
    try:
        return context.redis.count("callbacks:unknown", _HOUR_S) <= _UNKNOWN_AN_HOUR
    except Unreachable:
        return False
