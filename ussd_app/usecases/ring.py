"""A callback is a doorbell, not a letter.

It is kept as it came, before anything else; believed in nothing; and makes the worker ask the
operator. A forged or repeated one rings nothing.
"""

from collections.abc import Mapping
from enum import StrEnum

from payments.operators.base import Callback, Heard, Operator
from ussd_app.store import attempts, operators, outbox
from ussd_app.store.attempts import Attempt
from ussd_app.store.database import Tx
from ussd_app.store.redis import Unreachable
from ussd_app.usecases.context import Context

# An attempt is committed before the operator hears of it, so an unknown token is a stranger's or
# a lost database's. Some are kept for whoever has to find out; a flood must not fill the disk.
_UNKNOWN_AN_HOUR = 500
_HOUR_S = 3600


class Rung(StrEnum):
    """What became of a callback."""

    HEARD = "heard"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    FORGED = "forged"


def ring(
    context: Context, operator: str, token: str, headers: Mapping[str, str], body: bytes
) -> Rung:
    """Keep a callback and, if it is worth it, have the operator asked."""
    now, connector = context.now(), context.operators[operator]
    heard = connector.hear(Callback({n.lower(): v for n, v in headers.items()}, body, now))
    with context.db.begin() as tx:
        named = _attempts(tx, connector, token, heard)
        if named or _few_unknown(context):
            operators.keep_callback(tx, operator, token, body, now)
        if not heard.genuine:
            return Rung.FORGED
        if not named:  # not heard yet: at the wrong door it must not silence the right one
            return Rung.UNKNOWN
        if heard.event and not operators.first_time(tx, operator, heard.event, now):
            return Rung.REPEATED
        for attempt in sorted(named, key=_id):  # in one order, or two events wait for each other
            outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, now)
    context.redis.wake()
    return Rung.HEARD


def _id(attempt: Attempt) -> str:
    return attempt.attempt_id


def _attempts(tx: Tx, connector: Operator, token: str, heard: Heard) -> list[Attempt]:
    """By the token of the door, which is one attempt's; or by name, at the door of an account."""
    code = connector.wallet.code
    mine = attempts.of_callback(tx, code, token)
    if mine is not None:
        return [mine]
    if not connector.is_door(token):
        return []
    # Ours are letters and digits; the database must not be asked for what it cannot hold.
    ids = (one for one in heard.attempt_ids if one.isascii() and one.isalnum())
    found = (attempts.get(tx, attempt_id) for attempt_id in ids)
    return [attempt for attempt in found if attempt is not None and attempt.operator == code]


def _few_unknown(context: Context) -> bool:
    try:
        return context.redis.count("callbacks:unknown", _HOUR_S) <= _UNKNOWN_AN_HOUR
    except Unreachable:
        return False
