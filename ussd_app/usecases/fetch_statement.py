"""Fetching an operator's closed statement, page after page; and saying so when there is none.

A statement that cannot be one is refused before anything of it is read. What is refused, broken
off or late is alarmed once for the instant through which statements are closed: not again before
that has moved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from payments.operators.base import Operator, Token
from payments.reconciliation import Statement
from ussd_app.store import alarms
from ussd_app.usecases import calls
from ussd_app.usecases.context import Context
from ussd_app.usecases.expected import CLOCKS_DIFFER

_log = structlog.get_logger(__name__)
_LOOK_BACK = timedelta(days=2)  # where the first statement of an operator begins
_PAGES_MAX = 1000  # of one reading
_LATE = 48  # readings: two days in production, where some operators report once a day

GAP = "statement refused: it begins later than asked for, which leaves a gap"
FUTURE = "statement refused: it ends in our future"
AGAIN = "statement broken off: a page that was read is to be read again"
TOO_LONG = "statement broken off: it has too many pages"
STALLS = "statement stalls"


@dataclass(frozen=True, slots=True)
class Place:
    """How far an operator's statements are closed: through `closed`, or not at all."""

    operator: str
    closed: datetime | None

    def __str__(self) -> str:
        """What an alarm is about."""
        return f"closed until {self.closed.isoformat()}" if self.closed else "nothing closed yet"


def pages(context: Context, operator: Operator, token: Token, place: Place) -> Iterator[Statement]:
    """Yield what closed since `place`, page after page, as far as it can be believed.

    What comes after a page is asked for once that page is taken. A worker that dies on the way
    begins again, and each line counts once.
    """
    started = context.now()
    since, after, seen = place.closed or started - _LOOK_BACK, "", {""}
    while (request := operator.statement(since, token, after)) is not None:
        page = operator.read_statement(calls.ask(context, operator, request))
        if page is None:
            return
        if (why := _refusal(context, page, since)) is not None:
            return alarm(context, place, why)
        yield page
        if not page.after:
            return
        if page.after in seen:
            return alarm(context, place, AGAIN)
        after = page.after
        seen.add(after)
        # A claim held for longer may be somebody else's by now.
        slow = context.now() - started > timedelta(seconds=context.pace.lease / 2)
        if slow or len(seen) > _PAGES_MAX:
            return alarm(context, place, TOO_LONG)


def watch(context: Context, place: Place, tries: int) -> None:
    """Raise an alarm when statements have not moved from `place` for long, at the `tries`th try."""
    patience = timedelta(seconds=context.pace.statement_every * _LATE)
    late = tries > _LATE if place.closed is None else context.now() - place.closed > patience
    if late:
        alarm(context, place, STALLS)


def alarm(context: Context, place: Place, words: str) -> None:
    """Raise an alarm about `place`, once."""
    with context.db.begin() as tx:
        if alarms.raise_(tx, place.operator, str(place), words, context.now()):
            _log.error("alarm", operator=place.operator, subject=str(place), alarm=words)


def _refusal(context: Context, page: Statement, since: datetime) -> str | None:
    if page.until > context.now() + CLOCKS_DIFFER:
        return FUTURE
    return GAP if page.since > since else None
