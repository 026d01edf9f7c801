"""The gateway says that a session is over, and how.

If it was cut after the key that pays was pressed, the citizen may have seen nothing at all: an SMS
says what the last screen would have said.
"""

from ussd_app.aggregators.base import Hangup, How, Turn
from ussd_app.store import attempts, journeys
from ussd_app.store.bills import Register
from ussd_app.store.journeys import Reason
from ussd_app.usecases import sessions, tell
from ussd_app.usecases.context import Context
from ussd_app.usecases.journeys import last_word, of

_REASONS = {How.CUT: Reason.HUNG_UP, How.FAILED: Reason.FAILED}


def hang_up(context: Context, over: Hangup) -> None:
    """Take the end of a session in; a session nobody knows changes nothing.

    Raises:
        DatabaseError: it could not be written.
        Unreachable: there is no Redis.
    """
    place = sessions.find(context, over.session_id, over.caller)
    if place.kept is None:
        return
    reason = last_word(place.kept)
    if not place.kept.ends:
        reason = _REASONS.get(over.how, reason)
    record = of(context, place.key, place.kept, reason, context.now().timestamp())
    if record is not None:
        with context.db.note() as tx:
            journeys.write(tx, [record])
        context.redis.strike(place.key)  # or silence would be taken for its end, later
    if over.how is not How.CLEAN and place.kept.ends:
        _say_what_goes_on(context, sessions.name(place.key, place.kept))


def missed(context: Context, turn: Turn) -> None:
    """Take in that the answer to `turn` came too late to be seen; only a last screen matters.

    Raises:
        DatabaseError: it could not be written.
        Unreachable: there is no Redis.
    """
    place = sessions.find(context, turn.session_id, turn.caller)
    if place.kept is not None and place.kept.ends:
        _say_what_goes_on(context, sessions.name(place.key, place.kept))


def _say_what_goes_on(context: Context, session_key: str) -> None:
    with context.db.begin() as tx:
        attempt = attempts.of_session(tx, context.channel.name, session_key)
        if attempt is None or not attempt.status.is_open:
            return  # nothing was asked for, or its own SMS has told how it ended
        bill = Register(tx).find_bill(attempt.bill_number)
        if bill is not None:
            tell.under_way(context, tx, attempt, bill)
    context.redis.wake()
