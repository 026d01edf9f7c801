"""Draining, and staying while more is about to be due.

Each rq job has a process of its own, which opens its connections and prepares its statements anew:
measured, a job that finds nothing costs two thirds of all the work on a payment, and a payment that
nobody stays for takes six of them. Who stays also prompts the citizen on time, not at the sweeper's
next look.
"""

from collections.abc import Callable
from datetime import timedelta

from ussd_app.store import outbox
from ussd_app.usecases import drain
from ussd_app.usecases.context import Context

_LONGEST = timedelta(seconds=30)  # then another job goes on: one is stopped after two minutes
_LOOK_EVERY_S = 0.1


def drain_and_stay(context: Context, sleep: Callable[[float], None]) -> int:
    """Do what is due, and what will be within a payment's first wait; return how many rows."""
    reach = timedelta(seconds=context.pace.collect_delay)
    until = context.now() + _LONGEST
    done = drain.drain(context)
    while (now := context.now()) < until:
        with context.db.read() as tx:
            soonest = outbox.oldest_claimable(tx)
        if soonest is None or soonest > now + reach:
            break
        taken = drain.drain(context) if soonest <= now else 0
        if not taken:  # it is not due yet, or another is taking it at this moment
            sleep(_LOOK_EVERY_S)
        done += taken
    return done
