"""A callback is a doorbell, not a letter.

It is kept as it came, before anything else; believed in nothing; and makes the worker ask the
operator. A forged or repeated one rings nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from payments.operators.base import Callback, Heard, Operator
from ussd_app.store import attempts, operators, outbox
from ussd_app.store.attempts import Attempt
from ussd_app.store.database import Tx
from ussd_app.store.redis import Unreachable
from ussd_app.usecases.context import Context

# An event heard again within this time is a replay, and rings nothing.
REMEMBERED = timedelta(days=90)
_FORGOTTEN_AT_ONCE = 500  # a short statement, however many there are: nobody waits for it

# An attempt is committed before the operator hears of it, so an unknown token is a stranger's or
# a lost database's. Some are kept for whoever has to find out; a flood must not fill the disk.
_UNKNOWN_AN_HOUR = 500
# Of one attempt an operator rings a few times, and again while it gets no answer. Beyond this
# somebody leans on the bell: nothing is lost, since the operator is asked on a schedule anyway.
_OF_ONE_AN_HOUR = 100
_HOUR_S = 3600


class Rung(StrEnum):
    """What became of a callback."""

    HEARD = "heard"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    FORGED = "forged"
    TOO_MANY = "too_many"


def ring(
    context: Context, operator: str, token: str, headers: Mapping[str, str], body: bytes
) -> Rung:
    """Keep a callback and, if it is worth it, have the operator asked."""
    now, connector = context.now(), context.operators[operator]
    heard = connector.hear(Callback({n.lower(): v for n, v in headers.items()}, body, now))
    with context.db.read() as tx:
        named = sorted(_attempts(tx, connector, token, heard), key=_id)
    if named and not _few(
        context, f"callbacks:{named[0].attempt_id}", _OF_ONE_AN_HOUR, otherwise=True
    ):
        return Rung.TOO_MANY
    keep = bool(named) or _few(context, "callbacks:unknown", _UNKNOWN_AN_HOUR, otherwise=False)
    with context.db.begin() as tx:
        if keep:
            operators.keep_callback(tx, operator, token, body, now)
        if not heard.genuine:
            return Rung.FORGED
        if not named:  # not heard yet: at the wrong door it must not silence the right one
            return Rung.UNKNOWN
        if heard.event and not operators.first_time(tx, operator, heard.event, now):
            return Rung.REPEATED
        for attempt in named:  # in one order, or two events wait for each other
            outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, now)
    context.redis.wake()
    return Rung.HEARD


def forget_old(context: Context) -> int:
    """Forget some of the events that are too old to be replayed; return how many."""
    with context.db.note() as tx:
        return operators.purge_events(tx, context.now() - REMEMBERED, _FORGOTTEN_AT_ONCE)


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


def _few(context: Context, key: str, most: int, *, otherwise: bool) -> bool:
    """Whether there were at most so many in the hour; `otherwise` when nobody can count."""
    try:
        return context.redis.count(key, _HOUR_S) <= most
    except Unreachable:
        return otherwise
