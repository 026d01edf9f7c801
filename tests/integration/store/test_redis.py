"""Live sessions, counters and wake-ups in Redis, which may vanish at any moment."""

import json
import socket
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from redis import Redis

from sandbox.home import Home
from sandbox.process import Process, stop_all
from sandbox.servers import Valkey
from tests.integration.conftest import Servers
from tests.integration.simulators.harness import wait_for
from tests.integration.web.outages import make_room
from ussd_app.store.redis import QUEUE, WAKE_UP, Store, Unreachable
from ussd_app.usecases.context import Context

MINUTE = 60
YEARS = 100_000_000  # seconds
DUE = 1_800_000_000  # Unix seconds


@pytest.fixture
def store(context: Context) -> Store:
    return context.redis


def test_what_was_never_kept_is_empty(store: Store) -> None:
    assert store.load("nothing") == b""


def test_a_swap_needs_what_was_read_before(store: Store) -> None:
    assert store.swap("key", b"", b"one", MINUTE, DUE)
    assert not store.swap("key", b"", b"two", MINUTE, DUE)
    assert not store.swap("key", b"other", b"two", MINUTE, DUE)
    assert store.load("key") == b"one"
    assert store.swap("key", b"one", b"two", MINUTE, DUE)
    assert store.load("key") == b"two"


def test_bytes_are_kept_as_they_are(store: Store) -> None:
    odd = bytes(range(256))
    assert store.swap("key", b"", odd, MINUTE, DUE)
    assert store.swap("key", odd, b"\x00", MINUTE, DUE)
    assert store.load("key") == b"\x00"


def test_of_many_swaps_at_once_one_wins(store: Store) -> None:
    threads, rounds = 8, 25
    start = Barrier(threads)

    def race(me: int) -> list[bool]:
        won = []
        for n in range(rounds):
            old = store.load("key") if n else b""
            start.wait()
            won.append(store.swap("key", old, f"{n} {me}".encode(), MINUTE, DUE))
            start.wait()
        return won

    with ThreadPoolExecutor(threads) as pool:
        results = list(pool.map(race, range(threads)))
    assert [sum(won) for won in zip(*results, strict=True)] == [1] * rounds


def test_what_is_kept_dies_with_its_lifetime(store: Store) -> None:
    store.swap("key", b"", b"one", MINUTE, DUE)
    store.swap("key", b"one", b"two", 2 * MINUTE, DUE)
    (kept,) = store.client.keys("*key")
    assert MINUTE < store.client.ttl(kept) <= 2 * MINUTE


def test_a_session_is_over_when_it_is_due_and_not_before(store: Store) -> None:
    for n, key in enumerate(("first", "second", "third")):
        store.swap(key, b"", key.encode(), MINUTE, DUE + n)
    assert store.over(DUE - 1, 10) == {}
    assert store.over(DUE + 1, 10) == {"first": (b"first", DUE), "second": (b"second", DUE + 1)}
    assert list(store.over(DUE + 9, 1)) == ["first"]


def test_a_session_that_moves_is_due_anew(store: Store) -> None:
    store.swap("key", b"", b"one", MINUTE, DUE)
    ((_, due),) = store.over(DUE, 10).values()
    store.swap("key", b"one", b"two", MINUTE, DUE + 5)
    assert store.over(DUE, 10) == {}
    store.close("key", due)  # by whoever saw it before it moved
    assert store.over(DUE + 5, 10) == {"key": (b"two", DUE + 5)}
    store.close("key", DUE + 5)
    assert store.over(DUE + 5, 10) == {}


def test_a_swap_that_loses_does_not_change_when_a_session_is_due(store: Store) -> None:
    store.swap("key", b"", b"one", MINUTE, DUE)
    assert not store.swap("key", b"other", b"two", MINUTE, DUE + 5)
    assert store.over(DUE, 10) == {"key": (b"one", DUE)}


def test_of_a_session_that_is_gone_only_its_name_is_left(store: Store) -> None:
    store.swap("key", b"", b"one", MINUTE, DUE)
    (kept,) = store.client.keys("*key")
    store.client.delete(kept)
    assert store.over(DUE, 10) == {"key": (b"", DUE)}


def test_a_counter_lives_from_its_first_count(store: Store) -> None:
    assert [store.count("guesses", MINUTE) for _ in range(3)] == [1, 2, 3]
    assert 0 < store.client.ttl("guesses") <= MINUTE
    store.client.expire("guesses", 10)
    store.count("guesses", MINUTE)
    assert store.client.ttl("guesses") <= 10
    assert store.counts(["guesses", "none"]) == [4, 0]


def test_a_wake_up_carries_nothing_and_few_are_queued(store: Store) -> None:
    for _ in range(100):
        store.wake()
    assert 0 < store.client.llen(f"rq:queue:{QUEUE}") < 50
    data = {store.client.hget(job, "data") for job in store.client.scan_iter("rq:job:*")}
    assert len(data) == 1


def test_the_queue_is_written_in_json_and_never_pickled(store: Store) -> None:
    store.wake()
    (job,) = store.client.keys("rq:job:*")
    raw = store.client.hget(job, "data")
    assert isinstance(raw, bytes)
    name, *_ = json.loads(zlib.decompress(raw))
    assert name == WAKE_UP


def test_a_dropped_connection_is_opened_again_unnoticed(store: Store, servers: Servers) -> None:
    store.swap("key", b"", b"one", MINUTE, DUE)
    with Redis.from_url(servers.redis_url) as administrator:
        killed = administrator.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert killed
    assert store.load("key") == b"one"


def test_memory_begins_when_it_is_first_asked_for(store: Store) -> None:
    store.client.flushall()
    assert store.recall().whole_s == 0
    wait_for(lambda: store.recall().whole_s >= 1)


def test_a_server_nobody_dialled_before_has_nothing_to_forget(store: Store) -> None:
    store.client.flushall()
    store.begins()
    assert store.recall().whole_s > YEARS


def _forget(context: Context) -> None:
    context.redis.client.flushall()


def _let_the_clock_leap(context: Context) -> None:
    """A minute forward: what has not so long to live is gone."""
    client = context.redis.client
    for key in list(client.scan_iter()):
        if 0 < client.ttl(key) <= MINUTE:
            client.delete(key)


@pytest.mark.parametrize("hurt", [_forget, _let_the_clock_leap, make_room])
def test_whoever_forgets_knows_that_it_did(
    store: Store, context: Context, hurt: Callable[[Context], None]
) -> None:
    store.begins()
    hurt(context)
    assert store.recall().whole_s <= 1


def test_a_run_that_takes_over_again_has_another_name(store: Store) -> None:
    """Its state is that of the server that was asked meanwhile, or older."""
    name = store.recall().run
    assert store.recall().run == name
    store.client.set("ussd-mark", f"{'0' * 40} 0 00000000 0")
    taken_over = store.recall()
    assert taken_over.run != name
    assert taken_over.whole_s <= 1
    assert store.recall().run == taken_over.run


def test_another_run_of_the_server_remembers_nothing_surely(tmp_path: Path) -> None:
    """What its journal brings back may be older than what was told."""
    home = Home(tmp_path / "home")
    home.open()
    valkey = Valkey(home)
    process = Process(valkey.prepare(), tmp_path / "log", home.children_lock)
    store = Store(valkey.url)
    try:
        process.start()
        wait_for(valkey.ready)
        store.begins()
        run = store.recall().run
        store.swap("key", b"", b"one", MINUTE, DUE)
        stop_all([process], 5)
        process.start()
        wait_for(valkey.ready)
        assert store.load("key") == b"one"
        assert store.recall().whole_s <= 1
        assert store.recall().run != run
    finally:
        store.client.close()
        stop_all([process], 5)
        home.close()


def nowhere(tmp_path: Path) -> str:
    return f"unix://{tmp_path / 'nobody.sock'}?db=0"


def test_without_redis_it_is_said_and_a_wake_up_is_harmless(tmp_path: Path) -> None:
    store = Store(nowhere(tmp_path))
    store.wake()
    assert not store.ready()
    for deed in (
        lambda: store.load("key"),
        lambda: store.swap("key", b"", b"new", MINUTE, DUE),
        lambda: store.over(DUE, 1),
        lambda: store.close("key", DUE),
        lambda: store.count("key", MINUTE),
        lambda: store.counts(["key"]),
        store.recall,
        store.begins,
    ):
        with pytest.raises(Unreachable):
            deed()


@pytest.mark.timeout(10)  # what a gateway gives a whole turn
def test_a_redis_that_hangs_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        store = Store(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        store.wake()
        assert not store.ready()
        with pytest.raises(Unreachable):
            store.load("key")
        store.client.close()
