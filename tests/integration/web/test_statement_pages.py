"""A statement that comes by pages is read to its end, however often the reading breaks off."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from payments.operators.base import Answer, HttpRequest, NoAnswer, Outcome
from payments.operators.wave import Account, Wave
from tests.integration.web.bank import ERROR, LOST, work
from tests.integration.web.citizen import Door, rows
from tests.integration.web.till import Clock
from ussd_app.store import alarms, statements
from ussd_app.usecases import drain
from ussd_app.usecases.fetch_statement import AGAIN, TOO_LONG

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTLING = timedelta(minutes=15)
UNOWNED = "money without an attempt"


def page(*minutes: int, then: str = "", day: datetime = NOON) -> Answer:
    """A page of payments made so many minutes after noon; `then` is the cursor of the next."""
    items = [
        {
            "timestamp": (day + timedelta(minutes=one)).isoformat(),
            "transaction_id": f"T_{one}",
            "amount": "2970",
            "fee": "30",
            "currency": "XOF",
        }
        for one in minutes
    ]
    info = {"end_cursor": then or None, "has_next_page": bool(then)}
    document = {"date": f"{day.date()}", "items": items, "page_info": info}
    return Answer(200, json.dumps(document).encode())


@dataclass
class Wallet:
    """Wave's list of a day, page by page, as the test says; `asked` are the cursors heard."""

    said: dict[str, Outcome | Exception]
    asked: list[str] = field(default_factory=list)
    when_asked: Callable[[], None] = lambda: None

    def __call__(self, request: HttpRequest, /) -> Outcome:
        parts = urlsplit(request.url)
        if not parts.path.endswith("/transactions"):
            return Answer(200, b"{}")
        cursor = parse_qs(parts.query).get("after", [""])[0]
        self.asked.append(cursor)
        self.when_asked()
        told = self.said[cursor]
        if isinstance(told, Exception):
            raise told
        return told


@pytest.fixture
def wallet(door: Door, clock: Clock) -> Wallet:
    """Nothing is closed before this noon, and it is two o'clock."""
    wallet = Wallet({"": page(1, 2, then="b"), "b": page(3, 4, then="c"), "c": page(5)})
    clock.advance(seconds=(NOON + timedelta(hours=2) - clock()).total_seconds())
    account = Account("https://wave.example", "key", "https://sarali.example", "door", ("s",))
    wave = Wave(account, timeout=1.0, expiry=1800.0, settling=SETTLING.total_seconds(), now=clock)
    door.give(replace(door.context, operators={"wave": wave}, transport=wallet))
    drain.arm(door.context)
    return wallet


def closed(door: Door) -> datetime | None:
    with door.context.db.begin() as tx:
        found = statements.closed(tx, "wave")
    return found[1] if found else None


def raised(door: Door) -> list[str]:
    """What was alarmed, but for each line's being nobody's."""
    with door.context.db.begin() as tx:
        found = [alarm.alarm for alarm in alarms.newest(tx, 100)]
    assert found.count(UNOWNED) == rows(door.context, "statement_lines")
    return [alarm for alarm in found if alarm != UNOWNED]


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def today(door: Door, clock: Clock, wallet: Wallet) -> None:
    """Let the first statement begin today: the two days before it were quiet."""
    two_days = wallet.said
    for days in (2, 1):
        wallet.said = {"": page(day=NOON - timedelta(days=days))}
        work(door, clock, 1, seconds=door.context.pace.statement_every)
    wallet.said = two_days
    wallet.asked.clear()


def read(door: Door, clock: Clock) -> None:
    work(door, clock, 1, seconds=door.context.pace.statement_every)


def test_every_page_is_read_and_all_of_it_closed(door: Door, clock: Clock, wallet: Wallet) -> None:
    today(door, clock, wallet)
    read(door, clock)
    assert wallet.asked == ["", "b", "c"]
    assert rows(door.context, "statement_lines") == 5
    assert closed(door) == clock() - SETTLING
    assert not raised(door)


def test_a_day_of_many_pages_that_was_read_in_part_is_read_further(
    door: Door, clock: Clock, wallet: Wallet
) -> None:
    """The first page of a day may end long before what is closed already."""
    today(door, clock, wallet)
    read(door, clock)
    wallet.said["c"] = page(5, 90, then="d")
    wallet.said["d"] = page(100)
    read(door, clock)
    assert wallet.asked[3:] == ["", "b", "c", "d"]
    assert rows(door.context, "statement_lines") == 7
    assert closed(door) == clock() - SETTLING


@pytest.mark.parametrize("trouble", [LOST, NoAnswer.NOT_SENT, ERROR, Answer(200, b"<html>")])
def test_a_page_that_does_not_come_costs_nothing(
    door: Door, clock: Clock, wallet: Wallet, *, trouble: Outcome
) -> None:
    today(door, clock, wallet)
    good, wallet.said["c"] = wallet.said["c"], trouble
    read(door, clock)
    assert (rows(door.context, "statement_lines"), closed(door)) == (4, at(4))
    wallet.said["c"] = good
    read(door, clock)
    assert (rows(door.context, "statement_lines"), closed(door)) == (5, clock() - SETTLING)
    assert not raised(door)


@pytest.mark.parametrize("cursor", ["", "b", "c"])
def test_a_death_between_two_pages_loses_nothing_and_doubles_nothing(
    door: Door, clock: Clock, wallet: Wallet, *, cursor: str
) -> None:
    today(door, clock, wallet)
    good, wallet.said[cursor] = wallet.said[cursor], RuntimeError("killed")
    read(door, clock)
    taken = {"": 0, "b": 2, "c": 4}[cursor]
    assert rows(door.context, "statement_lines") == taken
    assert closed(door) == (at(taken) if taken else at(-12 * 60))
    wallet.said[cursor] = good
    clock.advance(seconds=door.context.pace.lease)
    read(door, clock)
    assert (rows(door.context, "statement_lines"), closed(door)) == (5, clock() - SETTLING)
    assert not raised(door)


@pytest.mark.parametrize("then", ["b", "c"])
def test_pages_that_go_in_a_circle_are_read_once_and_alarmed(
    door: Door, clock: Clock, wallet: Wallet, *, then: str
) -> None:
    today(door, clock, wallet)
    wallet.said["c"] = page(5, then=then)
    for _ in range(3):
        read(door, clock)
    assert wallet.asked == ["", "b", "c"] * 3
    assert (rows(door.context, "statement_lines"), closed(door)) == (5, at(5))
    assert raised(door).count(AGAIN) == 2  # where it stood before, and where it stands now


@pytest.mark.slow
def test_pages_without_end_are_broken_off_and_alarmed(
    door: Door, clock: Clock, wallet: Wallet
) -> None:
    today(door, clock, wallet)
    wallet.said = {"": page(1, then="c0")}
    wallet.said |= {f"c{n}": page(1, then=f"c{n + 1}") for n in range(2000)}
    read(door, clock)
    assert len(wallet.asked) == 1000
    assert (rows(door.context, "statement_lines"), closed(door)) == (1, at(1))
    assert raised(door) == [TOO_LONG]


def test_pages_that_take_too_long_are_left_for_the_next_reading(
    door: Door, clock: Clock, wallet: Wallet
) -> None:
    today(door, clock, wallet)
    half = door.context.pace.lease / 2
    wallet.when_asked = lambda: clock.advance(seconds=half / 2 + 1)
    read(door, clock)
    assert wallet.asked == ["", "b"]
    assert (rows(door.context, "statement_lines"), closed(door)) == (4, at(4))
    assert raised(door) == [TOO_LONG]
    wallet.when_asked = lambda: None
    read(door, clock)
    assert (rows(door.context, "statement_lines"), closed(door)) == (5, clock() - SETTLING)
