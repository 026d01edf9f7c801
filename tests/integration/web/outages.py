"""Servers that are not there, that never answer, or that only half work."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import text

from ussd_app.store.database import Database, Tx
from ussd_app.store.redis import Store, Unreachable
from ussd_app.usecases.context import Context

NO_DATABASE = "postgresql+psycopg://sarali@/sarali?host=/nonexistent"
NO_REDIS = "unix:///nonexistent/valkey.sock?db=0"


class Forgetful(Store):
    """A Redis that is lost between the reading and the writing of a session."""

    def swap(self, key: str, old: bytes, new: bytes, lifetime_s: int, due: int) -> bool:
        """See `Store.swap`: it was there a moment ago."""
        del key, old, new, lifetime_s, due
        raise Unreachable


class Overtaken(Store):
    """A Redis that the first turn to write reaches after the second."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.first, self.second = Event(), Event()

    def swap(self, key: str, old: bytes, new: bytes, lifetime_s: int, due: int) -> bool:
        """See `Store.swap`."""
        first = not self.first.is_set()
        self.first.set()
        if first:
            self.second.wait(5)
        done = super().swap(key, old, new, lifetime_s, due)
        self.second.set()
        return done


def let_sessions_expire(context: Context) -> None:
    """Let the minutes pass after which a session is forgotten, as it should be."""
    redis = context.redis.client
    redis.delete(*redis.keys("ussd:*"))


def spoil_sessions(context: Context) -> None:
    """Let what is kept of sessions be another version's."""
    redis = context.redis.client
    for key in redis.keys("ussd:*"):
        redis.set(key, b'["of another version"]')


@contextmanager
def going_back(context: Context) -> Iterator[Callable[[], None]]:
    """Let Redis begin anew, once, with the sessions of now, when what is given is called."""
    store = context.redis
    keys = [*store.client.keys("ussd:*"), *store.client.keys("smpp-call:*")]
    kept = [(key, store.client.get(key) or b"") for key in keys]
    with pytest.MonkeyPatch.context() as patch:

        def go_back() -> None:
            store.client.flushall()
            for key, value in kept:
                store.client.set(key, value)
            patch.setattr(store, "recall", lambda: replace(Store.recall(store), run="another"))

        yield go_back


def make_room(context: Context) -> None:
    """Let Redis throw out something that would have gone soon anyway."""
    client = context.redis.client

    def evicted() -> int:
        return int(client.info("stats")["evicted_keys"])

    before = evicted()
    client.config_set("maxmemory-policy", "volatile-ttl")
    for n in range(100):
        client.set(f"filler {n}", b"x" * 1000, ex=5)
    try:
        while evicted() == before:
            client.config_set("maxmemory", client.info("memory")["used_memory"] - 5000)
            client.set("the last straw", b"x", ex=5)
    finally:
        client.config_set("maxmemory", 0)
        client.config_set("maxmemory-policy", "noeviction")


@contextmanager
def refusing_writes(context: Context) -> Iterator[None]:
    """Let Redis be read only, as one that has lost its replicas."""
    redis = context.redis.client
    redis.config_set("min-replicas-to-write", "1")
    try:
        yield
    finally:
        redis.config_set("min-replicas-to-write", "0")


@contextmanager
def deaf() -> Iterator[int]:
    """Listen on a port of 127.0.0.1 and never say a word; the port is given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        yield port


@contextmanager
def frozen(context: Context) -> Iterator[None]:
    """Stop the database's own processes for a while, as a machine that swaps does."""
    with context.db.begin() as tx:
        mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = tx.execute(text(mine)).scalars().all()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


class _Noteless(Database):
    @contextmanager
    def note(self) -> Iterator[Tx]:
        with super().note() as tx:
            tx.execute(text("SET default_transaction_read_only = on"))
            yield tx


class _Reader(_Noteless):
    @contextmanager
    def begin(self) -> Iterator[Tx]:
        with super().begin() as tx:
            tx.execute(text("SET TRANSACTION READ ONLY"))
            yield tx


@contextmanager
def only_reading(context: Context, url: str) -> Iterator[Context]:
    """The same adapters over a database that takes no writes, as a replica left alone does."""
    database = _Reader(url)
    try:
        yield replace(context, db=database)
    finally:
        database.dispose()


@contextmanager
def without_notes(context: Context, url: str) -> Iterator[Context]:
    """The same adapters over a database that takes no notes."""
    database = _Noteless(url)
    try:
        yield replace(context, db=database)
    finally:
        database.dispose()
