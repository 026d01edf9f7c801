"""What is noted once a turn is answered: where the citizen stands, and what they were shown.

Notes are comforts. A turn that was answered stays answered when one cannot be written; and they are
written for the turn that won, so that of two copies of a turn none says what the other withheld.
"""

from contextlib import suppress

from domain.msisdn import Msisdn
from menus.protocol import Session
from ussd_app.store import checkpoints, subscribers
from ussd_app.store.database import DatabaseError
from ussd_app.usecases.context import Context
from ussd_app.usecases.greet import RESULT_WITHIN
from ussd_app.usecases.sessions import Kept

_RESULTS = frozenset({"greet.paid", "greet.unpaid", "greet.doubt"})
_RESUMING = "greet.resume"


def after_turn(
    context: Context, caller: Msisdn, before: Session | None, now: Session, kept: Kept, *, had: bool
) -> None:
    """Note what a turn changed. `before` is where the session stood, `had` that it was saved."""
    answered = before is None or before.answers != now.answers
    taken_up = before is not None and before.node == _RESUMING and now.node != _RESUMING
    with suppress(DatabaseError):
        if kept.saved and answered:
            _save(context, caller, kept)
        elif not kept.saved and (had or taken_up):
            with context.db.note() as tx:
                checkpoints.forget(tx, context.keys.subscriber(caller))
    with suppress(DatabaseError):
        if before is None and now.node in _RESULTS:
            moment = context.now()
            with context.db.note() as tx:
                subscribers.set_shown(tx, caller, moment - RESULT_WITHIN, moment)


def _save(context: Context, caller: Msisdn, kept: Kept) -> None:
    where = bytes(kept.session).decode()
    with context.db.note() as tx:
        checkpoints.save(tx, context.keys.subscriber(caller), where, context.now())
