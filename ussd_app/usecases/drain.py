"""Doing everything that is due: one wake-up drains all of it, and no wake-up is needed at all."""

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from ussd_app.store import outbox
from ussd_app.store.outbox import Claim, Kind, LostClaimError
from ussd_app.usecases import answer_inbound, beat, collect, reconcile, send
from ussd_app.usecases.context import Context

_log = structlog.get_logger(__name__)
_THREADS = 4  # a call that hangs must not hold the others up
# rq stops a job after two minutes, be it in the middle of a call: who stays (stay.py) may begin
# this after 30 s, and the last deed of it may take a minute.
_LONGEST = timedelta(seconds=25)

_DEEDS: dict[Kind, Callable[[Context, Claim], None]] = {
    Kind.ATTEMPT: collect.look_after,
    Kind.MESSAGE: send.send,
    Kind.STATEMENT: reconcile.reconcile,
    Kind.HEARTBEAT: beat.beat,
    Kind.INBOUND: answer_inbound.answer,
}


def drain(context: Context, threads: int = _THREADS) -> int:
    """Claim and do what is due until nothing is; return how many rows were taken.

    A row whose deed fails keeps its lease and comes back when it runs out; the others go on. Where
    there is no end to what is due, the rest is left to whoever is woken next.
    """
    until = context.now() + _LONGEST
    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(_drain_alone, [context] * threads, [until] * threads))
    if context.now() >= until:
        context.redis.wake()
    return done


def _drain_alone(context: Context, until: datetime) -> int:
    done = 0
    while context.now() < until and (claim := _claim(context)) is not None:
        done += 1
        try:
            _DEEDS[claim.kind](context, claim)
        except LostClaimError:
            _log.warning("claim_lost", kind=claim.kind.value)
        except Exception as error:  # noqa: BLE001  # one bad row must not stop the others
            # Its words may quote what it choked on, a number perhaps: only where it happened.
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{where.filename}:{where.lineno}"
            word = type(error).__name__
            _log.error("deed_failed", kind=claim.kind.value, error=word, place=place)
    return done


def overdue(context: Context, patience: timedelta) -> bool:
    """Whether something has been claimable for longer than `patience`: nobody drains."""
    with context.db.begin() as tx:
        since = outbox.oldest_claimable(tx)
    return since is not None and context.now() - since > patience


def arm(context: Context) -> None:
    """See to it that every operator's pulse is felt and its statement read, now and for ever."""
    with context.db.begin() as tx:
        for code, operator in context.operators.items():
            outbox.put(tx, Kind.HEARTBEAT, code, context.now())
            if operator.capabilities.statement:
                outbox.put(tx, Kind.STATEMENT, code, context.now())


def _claim(context: Context) -> Claim | None:
    lease = timedelta(seconds=context.pace.lease)
    with context.db.begin() as tx:
        return outbox.claim(tx, context.now(), lease)
