"""A fetched statement that cannot be true is refused aloud, and so is one that does not come."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from payments.operators.base import Answer
from tests.integration.web.bank import Bank, work
from tests.integration.web.citizen import Door, rows
from tests.integration.web.reports import credit, report
from tests.integration.web.till import Clock
from ussd_app.store import alarms, statements
from ussd_app.usecases import drain
from ussd_app.usecases.fetch_statement import FUTURE, GAP, STALLS
from ussd_app.usecases.import_statement import import_statement

OPERATOR = "orange_mp"
MINUTE = timedelta(minutes=1)
READINGS = 48  # without a statement, before somebody is called


@pytest.fixture
def bank(door: Door, clock: Clock) -> Bank:
    bank = Bank()
    door.give(replace(door.context, now=clock, transport=bank))
    drain.arm(door.context)
    return bank


@pytest.fixture
def start(door: Door, clock: Clock, bank: Bank) -> datetime:
    """Until when statements are closed, a minute ago."""
    del bank  # it tells nothing yet
    start = clock().replace(microsecond=0)
    clock.advance(minutes=1)
    import_statement(door.context, OPERATOR, report(start - MINUTE, start))
    return start


def read(door: Door, clock: Clock, times: int = 1) -> None:
    work(door, clock, times, seconds=door.context.pace.statement_every)


def closed(door: Door) -> datetime | None:
    with door.context.db.begin() as tx:
        found = statements.closed(tx, OPERATOR)
    return found[1] if found else None


def raised(door: Door) -> list[tuple[str, str]]:
    with door.context.db.begin() as tx:
        return [(alarm.subject, alarm.alarm) for alarm in reversed(alarms.newest(tx, 10))]


def about(instant: datetime) -> str:
    return f"closed until {instant.isoformat()}"


def test_a_statement_that_ends_in_our_future_is_refused_and_alarmed_once(
    door: Door, clock: Clock, *, bank: Bank, start: datetime
) -> None:
    until = clock() + timedelta(minutes=6)
    bank.say(Answer(200, report(start, until, credit(start, "MP1"))), "reports")
    read(door, clock, 3)
    assert (closed(door), rows(door.context, "statement_lines")) == (start, 0)
    assert raised(door) == [(about(start), FUTURE)]
    clock.advance(minutes=2)  # clocks differ, and then it may be true
    read(door, clock)
    assert rows(door.context, "statement_lines") == 1
    assert closed(door) == until.replace(microsecond=until.microsecond // 1000 * 1000)


def test_a_statement_that_begins_later_than_asked_is_refused_and_alarmed_once(
    door: Door, clock: Clock, *, bank: Bank, start: datetime
) -> None:
    later = start + MINUTE / 2
    bank.say(Answer(200, report(later, start + MINUTE, credit(later, "MP1"))), "reports")
    read(door, clock, 3)
    assert (closed(door), rows(door.context, "statement_lines")) == (start, 0)
    assert raised(door) == [(about(start), GAP)]
    import_statement(door.context, OPERATOR, report(start, later))  # somebody fills the gap
    read(door, clock)
    assert (closed(door), rows(door.context, "statement_lines")) == (start + MINUTE, 1)


def test_the_first_statement_may_leave_a_gap_as_little(
    door: Door, clock: Clock, bank: Bank
) -> None:
    now = clock()
    bank.say(Answer(200, report(now - MINUTE, now, credit(now - MINUTE, "MP1"))), "reports")
    read(door, clock, 3)
    assert (closed(door), rows(door.context, "statement_lines")) == (None, 0)
    assert raised(door) == [("nothing closed yet", GAP)]


def test_statements_that_stall_are_alarmed_once_until_they_move(
    door: Door, clock: Clock, *, bank: Bank, start: datetime
) -> None:
    patience = timedelta(seconds=door.context.pace.statement_every * READINGS)
    clock.advance(seconds=(start + patience - clock()).total_seconds())
    drain.drain(door.context)
    assert not raised(door)
    read(door, clock, 3)
    assert raised(door) == [(about(start), STALLS)]

    moved = clock().replace(microsecond=0)
    bank.say(Answer(200, report(start, moved)), "reports")
    read(door, clock)
    assert closed(door) == moved
    bank.say(None, "reports")
    read(door, clock, 3)
    assert raised(door) == [(about(start), STALLS)]
    clock.advance(seconds=patience.total_seconds())
    read(door, clock, 3)
    assert raised(door) == [(about(start), STALLS), (about(moved), STALLS)]


@pytest.mark.parametrize("unkept", ["MP\x001", "MP" * 4000])
@pytest.mark.parametrize("column", ["MP1", "70000001"])
def test_a_line_that_cannot_be_kept_stalls_statements_aloud(
    door: Door, clock: Clock, *, bank: Bank, start: datetime, unkept: str, column: str
) -> None:
    line = credit(start, "MP1").replace(column, unkept)
    bank.say(Answer(200, report(start, start + MINUTE, line)), "reports")
    read(door, clock, READINGS + 1)
    assert (closed(door), rows(door.context, "statement_lines")) == (start, 0)
    assert raised(door) == [(about(start), STALLS)]


def test_a_late_statement_that_comes_at_last_is_no_stall(
    door: Door, clock: Clock, *, bank: Bank, start: datetime
) -> None:
    clock.advance(days=30)
    bank.say(Answer(200, report(start, start + MINUTE)), "reports")
    read(door, clock)
    assert closed(door) == start + MINUTE
    assert not raised(door)


def test_statements_that_never_come_at_all_are_alarmed(
    door: Door, clock: Clock, bank: Bank
) -> None:
    read(door, clock, READINGS)
    assert bank.heard.count("reports") == READINGS
    assert not raised(door)
    read(door, clock, 3)
    assert raised(door) == [("nothing closed yet", STALLS)]


def test_an_operator_that_is_not_configured_any_more_is_left_in_peace(
    door: Door, clock: Clock, *, bank: Bank, start: datetime
) -> None:
    door.give(replace(door.context, operators={}))
    read(door, clock, 3)
    assert (closed(door), bank.heard) == (start, [])
    with door.context.db.begin() as tx:
        due = tx.exec_driver_sql("SELECT due_at, lease_until FROM outbox WHERE kind = 'statement'")
        assert [tuple(row) for row in due] == [(None, None)]
