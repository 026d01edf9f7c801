"""Feeling an operator's pulse, so that the menus know before a citizen finds out.

What is asked debits nothing. An operator without a heartbeat of its own is asked for a bearer; one
that needs none has no pulse, and is known by its payments alone.
"""

from datetime import timedelta

from ussd_app.store import outbox
from ussd_app.store.outbox import Claim
from ussd_app.usecases import calls
from ussd_app.usecases.context import Context


def beat(context: Context, claim: Claim) -> None:
    """Ask one operator for a sign of life, and say when to ask again.

    Raises:
        LostClaimError: another worker has taken over.
    """
    operator = context.operators.get(claim.ref)
    felt = operator is not None and calls.feel_pulse(context, operator)
    every = timedelta(seconds=context.pace.heartbeat_every)
    with context.db.begin() as tx:
        outbox.release(tx, claim, context.now() + every if felt else None)
