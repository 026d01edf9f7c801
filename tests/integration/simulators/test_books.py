"""What the books of all simulated operators are made of: an agenda, ids, and closed periods."""

from datetime import UTC, datetime, timedelta

import pytest

from simulators.agenda import Agenda
from simulators.numbering import Numbering, of_orange
from simulators.statement import PERIOD, Line, Statement
from tests.integration.simulators.shop import START, Clock


def test_ids_of_one_millisecond_and_after_a_restart_differ() -> None:
    first, again = Numbering(of_orange), Numbering(of_orange)
    ids = [first.next(START) for _ in range(3)] + [again.next(START + timedelta(seconds=0.5))]
    assert ids[0] == "MP261122.0310.A04000"
    assert len(set(ids)) == 4


def test_happenings_come_in_order_and_once() -> None:
    clock = Clock()
    agenda = Agenda[str](clock)
    agenda.add([(2, "late"), (1, "first"), (1, "second")])
    assert list(agenda.past()) == []
    clock.sleep(1)
    assert list(agenda.past()) == ["first", "second"]
    clock.sleep(5)
    assert list(agenda.past()) == ["late"]
    assert list(agenda.past()) == []


def test_a_clock_set_back_does_not_turn_time_back() -> None:
    clock = Clock()
    agenda = Agenda[str](clock)
    clock.now = START + timedelta(seconds=10)
    assert agenda.now() == clock.now
    clock.now = START
    assert agenda.now() == START + timedelta(seconds=10)


def line_at(moment: datetime) -> Line:
    return Line("CREDIT", moment, "MP261122.0310.A00001", "attempt", "76123400", 3000)


def test_a_period_has_its_lines_and_no_others() -> None:
    statement = Statement()
    end = datetime(2026, 11, 22, 3, 10, 10, tzinfo=UTC)
    for moment in (START, end - timedelta(microseconds=1), end):
        statement.add(line_at(moment))
    assert statement.report(START, end) == (
        "# period;2026-11-22T03:10:00.000Z;2026-11-22T03:10:10.000Z;closed\n"
        "kind;at;txnid;order_id;msisdn;amount;reversed_txnid\n"
        "CREDIT;2026-11-22T03:10:04.000Z;MP261122.0310.A00001;attempt;76123400;3000;\n"
        "CREDIT;2026-11-22T03:10:09.999Z;MP261122.0310.A00001;attempt;76123400;3000;\n"
    )


def test_an_open_period_is_not_told() -> None:
    statement = Statement()
    statement.add(line_at(START))
    assert statement.report(START, START + timedelta(seconds=5.9)) is None
    closed = START + timedelta(seconds=6)
    assert len((statement.report(START, closed) or "").splitlines()) == 3
    assert statement.report(closed, closed) is None


def test_a_closed_period_is_immutable() -> None:
    statement = Statement()
    told = statement.report(START, START + PERIOD) or ""
    with pytest.raises(ValueError, match="closed"):
        statement.add(line_at(START))
    later = statement.report(START, START + 5 * PERIOD) or ""
    assert later.splitlines()[1:] == told.splitlines()[1:]
