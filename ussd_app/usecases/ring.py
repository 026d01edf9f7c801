"""A callback is a doorbell, not a letter.

It is kept as it came, believed in nothing, and makes the worker ask the operator.
"""

from ussd_app import metrics
from ussd_app.store import attempts, operators, outbox
from ussd_app.usecases.context import Context


def ring(context: Context, operator: str, token: str, body: bytes) -> bool:
    """Keep a callback; return whether its token is one of ours."""
    now = context.now()
    with context.db.begin() as tx:
        operators.keep_callback(tx, operator, token, body, now)
        attempt = attempts.of_callback(tx, operator, token)
        if attempt is not None:
            outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, now)
    metrics.callbacks.labels(operator, "yes" if attempt else "no").inc()
    if attempt is not None:
        context.redis.wake()
    return attempt is not None
