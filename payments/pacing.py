"""When an attempt is looked at again, and what is then done. Pure: ages in seconds come in.

A local deadline never changes a status: it slows the asking down and lets the citizen be told
that we do not know yet. The one exception is an attempt never submitted (`NEVER_SENT_S`): nobody
is prompted long after pressing the key.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.payment import Status

NEVER_SENT_S = 180.0


class Action(StrEnum):
    """What the worker does with an attempt it has claimed."""

    SUBMIT = "submit"
    CLOSE_NOT_SENT = "close_not_sent"
    DOUBT = "doubt"  # the claim was lost around the call: say so, then ask
    INQUIRE = "inquire"
    PROMPT = "prompt"
    CANCEL = "cancel"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `asking` pairs the age up to which a delay between inquiries holds."""

    collect_delay: float
    asking: tuple[tuple[float, float], ...]
    slowest: float
    watch_failed: float  # how long a failure is still asked about (late successes, F9)
    busy_prompt: float
    tell_unknown: float
    statement_every: float
    statement_grace: float  # after the operator's expiry, before absence counts
    heartbeat_every: float
    rest_when_down: float  # how long an operator that does not respond is left alone
    lease: float  # how long a claim is ours: more than any one call may take


PRODUCTION = Pace(
    collect_delay=3.0,
    asking=((5, 5), (20, 15), (60, 30), (300, 60), (900, 120), (3600, 300), (86400, 600)),
    slowest=3600.0,
    watch_failed=86400.0,
    busy_prompt=45.0,
    tell_unknown=120.0,
    statement_every=3600.0,
    statement_grace=86400.0,
    heartbeat_every=30.0,
    rest_when_down=60.0,
    lease=90.0,
)
SANDBOX = Pace(
    collect_delay=1.0,
    asking=((5, 1), (30, 2), (120, 5)),
    slowest=10.0,
    watch_failed=30.0,
    busy_prompt=3.0,
    tell_unknown=8.0,
    statement_every=3.0,
    statement_grace=10.0,
    heartbeat_every=3.0,
    rest_when_down=4.0,
    lease=15.0,
)


def action(
    status: Status, *, age: float, busy: bool, prompted: bool, cancel_wanted: bool
) -> Action:
    """Return what to do with an attempt `age` seconds after its confirmation.

    What was asked of the operator ends by the operator's word only, wished for or not.
    """
    match status:
        case Status.CREATED:
            never = cancel_wanted or age > NEVER_SENT_S
            return Action.CLOSE_NOT_SENT if never else Action.SUBMIT
        case Status.SUBMITTING:
            return Action.DOUBT
        case Status.UNKNOWN | Status.PENDING if cancel_wanted:
            return Action.CANCEL
        case Status.PENDING if busy and not prompted:
            return Action.PROMPT
        case Status.UNKNOWN | Status.PENDING | Status.FAILED | Status.CLOSED_UNPAID:
            return Action.INQUIRE
        case _:
            return Action.REST


def delay(status: Status, pace: Pace, *, age: float, busy: bool, prompted: bool) -> float | None:
    """Return the seconds until the attempt is looked at again; None when it never need be."""
    if status is Status.FAILED and age > pace.watch_failed:
        return None
    if status is Status.PENDING and busy and not prompted:
        return pace.busy_prompt
    if status.is_open or status is Status.FAILED:
        return next((wait for until, wait in pace.asking if age <= until), pace.slowest)
    return None
