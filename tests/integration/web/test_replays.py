"""An event heard once is known for ninety days; then the sweeper forgets it, a few at a time."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from tests.integration.conftest import Servers
from tests.integration.web.bazaar import Market
from tests.integration.web.bells import BELLS
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.outages import NO_REDIS
from tests.integration.web.ringing import opened, ring
from tests.integration.web.till import Clock
from ussd_app import wiring
from ussd_app.cli import running
from ussd_app.store.redis import Store
from ussd_app.usecases import ring as bells

BELL = BELLS["pi_spi"]  # no instant is signed: only memory tells a replay
MANY = 1_200


@pytest.fixture
def door(bazaar: Door, clock: Clock) -> Door:
    return bazaar.give(replace(bazaar.context, now=clock, transport=Market()))


@pytest.fixture
def clock(bazaar: Door) -> Clock:
    return Clock(bazaar.context.now)


@pytest.fixture
def _handlers() -> Iterator[None]:
    """The sweeper takes the signals of the process over; the run wants them back."""
    known = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, handler in known.items():
        signal.signal(name, handler)


class Rounds(Store):
    """A Redis that ends the sweeper once it has been asked so many times."""

    def __init__(self, url: str, rounds: int) -> None:
        super().__init__(url)
        self.left = rounds

    def over(self, now: int, most: int) -> dict[str, tuple[bytes, float]]:
        """See `Store.over`."""
        self.left -= 1
        if not self.left:
            signal.raise_signal(signal.SIGTERM)
        return super().over(now, most)


def sweep(door: Door, monkeypatch: pytest.MonkeyPatch, redis: Store) -> None:
    """Run the command until it is told to stop."""
    context = replace(door.context, redis=redis)
    newsstand = SimpleNamespace(newest=lambda known: known)
    monkeypatch.setattr(wiring, "context", lambda: context)
    monkeypatch.setattr(wiring, "settings", lambda: SimpleNamespace(sandbox=True))
    monkeypatch.setattr(wiring, "newsstand", lambda: newsstand)
    done = CliRunner().invoke(running.sweep)
    assert (done.exit_code, done.output.count("sweep:")) == (0, 0), done.output


def heard_long_ago(door: Door, days: int) -> None:
    """Let many events have been heard so many days ago, at another door."""
    made = (
        "INSERT INTO callback_events SELECT 'wave', 'EV_' || :days || '_' || n, :at"
        " FROM generate_series(1, :many) AS n"
    )
    at = door.context.now() - timedelta(days=days)
    with door.context.db.begin() as tx:
        tx.execute(text(made), {"days": str(days), "at": at, "many": MANY})


def rest(door: Door) -> None:
    """Let nothing be due, ever."""
    with door.context.db.begin() as tx:
        tx.execute(text("UPDATE outbox SET due_at = NULL, lease_until = NULL"))


def rung(door: Door) -> set[str]:
    """What is due since."""
    with door.context.db.begin() as tx:
        return set(tx.execute(text("SELECT ref FROM outbox WHERE due_at IS NOT NULL")).scalars())


def test_a_replay_after_eighty_nine_days_rings_nothing(
    door: Door, clock: Clock, phone: Phone
) -> None:
    body = BELL.body(opened(door, phone, BELL))
    assert ring(door, BELL, body) == 200
    clock.advance(days=89)
    heard_long_ago(door, 91)
    while bells.forget_old(door.context):
        pass
    rest(door)
    assert ring(door, BELL, body) == 200
    assert not rung(door)
    assert rows(door.context, "callback_events") == 1


def test_a_replay_of_what_was_forgotten_only_makes_us_ask(
    door: Door, clock: Clock, phone: Phone
) -> None:
    attempt_id = opened(door, phone, BELL)
    body = BELL.body(attempt_id)
    ring(door, BELL, body)
    facts = rows(door.context, "evidence")
    clock.advance(days=90, seconds=1)
    assert bells.forget_old(door.context) == 1
    rest(door)
    assert ring(door, BELL, body) == 200
    assert rung(door) == {attempt_id}
    assert rows(door.context, "evidence") == facts


@pytest.mark.usefixtures("_handlers")
def test_the_sweeper_forgets_a_few_at_a_time_until_none_is_left(
    door: Door, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard_long_ago(door, 91)
    heard_long_ago(door, 89)
    sweep(door, monkeypatch, Rounds(servers.redis_url, 1))
    assert MANY < rows(door.context, "callback_events") < 2 * MANY
    sweep(door, monkeypatch, Rounds(servers.redis_url, 3))
    assert rows(door.context, "callback_events") == MANY


@pytest.mark.usefixtures("_handlers")
def test_the_sweeper_forgets_without_redis_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    heard_long_ago(door, 91)
    sweep(door, monkeypatch, Rounds(NO_REDIS, 4))
    assert rows(door.context, "callback_events") == 0


@pytest.mark.usefixtures("_handlers")
def test_the_sweeper_keeps_it_known_that_redis_has_forgotten_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch, servers: Servers
) -> None:
    redis = door.context.redis.client
    redis.expire("ussd-mark", 10)
    sweep(door, monkeypatch, Rounds(servers.redis_url, 2))
    assert int(redis.ttl("ussd-mark")) > 10


def test_what_somebody_holds_is_left_for_later(door: Door) -> None:
    """The door that hears an event again does not wait for the forgetting, nor the other way."""
    heard_long_ago(door, 91)
    held = "SELECT 1 FROM callback_events ORDER BY received_at, event LIMIT 1 FOR UPDATE"
    with door.context.db.begin() as tx:
        tx.execute(text(held))
        while bells.forget_old(door.context):
            pass
        assert rows(door.context, "callback_events") == 1
    assert bells.forget_old(door.context) == 1
