"""How sessions went: one record each, written when a session is over, from what Redis kept of it.

A session is over when its last screen was shown, when the gateway says so, or when nothing has come
for as long as a gateway keeps one open. If Redis loses live sessions, their records are lost too:
they are figures, and nothing else hangs on them.
"""

from datetime import UTC, datetime

from menus.protocol import Session
from menus.screens import HOME
from ussd_app.store import checkpoints, journeys
from ussd_app.store.journeys import Journey, Reason
from ussd_app.usecases import sessions
from ussd_app.usecases.context import Context
from ussd_app.usecases.sessions import Kept

_AT_ONCE = 500
_PAYING = frozenset({"pay.sent", "pay.sent_other"})
_ERRANDS = {  # by the first screen after the home menu; a service is its own errand
    "fine.number": "fine",
    "receipt.number": "verify",
    "information": "information",
}
OTHER = "none"


def collect_over(context: Context) -> int:
    """Write a record for every session that is over; return how many were.

    Raises:
        DatabaseError: nothing was taken off the list.
        Unreachable: there is no Redis.
    """
    now = context.now()
    over = context.redis.over(int(now.timestamp()), _AT_ONCE)
    ended = [
        journey for key, (raw, due) in over.items() if (journey := _of(context, key, raw, due))
    ]
    with context.db.note() as tx:
        journeys.write(tx, ended)
    for key, (_raw, due) in over.items():
        context.redis.close(key, due)
    with context.db.note() as tx:
        checkpoints.purge(tx, now - context.resume_within)
    return len(over)


def of(context: Context, key: str, kept: Kept, reason: Reason, over_at: float) -> Journey | None:
    """Return the record of a session; None when another version of the program kept it."""
    position = kept.position()
    if position is None:
        return None
    return Journey(
        session_key=sessions.name(key, kept),
        channel=kept.channel or context.channel.name,
        lang=position.lang,
        errand=errand(position),
        screen=position.node,
        reason=reason,
        turns=kept.turns,
        seconds=max(0, int(over_at) - kept.started),
        started_at=datetime.fromtimestamp(kept.started, UTC),
    )


def last_word(kept: Kept) -> Reason:
    """Why a session is over, of which the gateway has said nothing bad."""
    position = kept.position()
    if not kept.ends or position is None:
        return Reason.TIMED_OUT
    return Reason.PAYMENT if position.node in _PAYING else Reason.ANSWERED


def errand(session: Session) -> str:
    """What a session was about: a service of the catalogue, a fine, a receipt, information."""
    if service := session.answers.get("service"):
        return service
    road = [name for name in (*session.trail, session.node) if name != HOME]
    return _ERRANDS.get(road[0], OTHER) if road else OTHER


def _of(context: Context, key: str, raw: bytes, due: float) -> Journey | None:
    kept = sessions.decode(raw)
    if kept is None:
        return None
    silent = 0 if kept.ends else sessions.LIFETIME_S
    return of(context, key, kept, last_word(kept), due - silent)
