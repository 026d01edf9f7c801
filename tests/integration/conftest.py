"""A real PostgreSQL and a real Valkey, private to the run, and the application on top of them.

Nothing of the environment outlives the moment the application is built: other tests of the same
run start sandboxes of their own.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from sandbox.environment import environment
from sandbox.home import Home
from sandbox.ports import Ports
from sandbox.process import Process, stop_all
from sandbox.servers import Postgres, Valkey
from ussd_app import wiring
from ussd_app.app import create_app
from ussd_app.store.tables import metadata
from ussd_app.usecases.context import Context

STARTS_WITHIN = 20.0  # seconds
NOBODY = 9  # the discard port: whoever calls a simulator there is refused at once

Build = Callable[[Mapping[str, str]], Flask]


@dataclass(frozen=True)
class Servers:
    """Where the two servers of this run are reached."""

    database_url: str
    redis_url: str


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL and Valkey in a home of their own, ended with the run."""
    with _running(tmp_path_factory.mktemp("servers") / "home") as servers:
        yield servers


@pytest.fixture(scope="session")
def build(servers: Servers) -> Iterator[Build]:
    """Build the application from the sandbox's environment with some variables changed."""
    with ExitStack() as opened:

        def build(changes: Mapping[str, str]) -> Flask:
            ports = Ports(web=8000, orange=NOBODY, sms=NOBODY)
            values = environment({}, ports, servers.database_url, servers.redis_url)
            app = _built({**values, **changes})
            context: Context = app.extensions["sarali"]
            opened.callback(context.db.dispose)
            opened.callback(context.redis.client.close)
            return app

        yield build


@pytest.fixture(scope="session")
def _app(build: Build) -> Flask:
    """The application of the whole run, its database migrated."""
    app = build({})
    context: Context = app.extensions["sarali"]
    context.db.migrate()
    return app


@pytest.fixture
def context(_app: Flask) -> Iterator[Context]:
    """The application's own adapters over empty servers."""
    context: Context = _app.extensions["sarali"]
    empty(context)
    yield context
    _app.extensions["sarali"] = context


@pytest.fixture
def app(_app: Flask, context: Context) -> Flask:
    """The application over empty servers; who wants other adapters puts them in `extensions`."""
    assert _app.extensions["sarali"] is context
    return _app


def empty(context: Context) -> None:
    """Forget everything: the rows are truncated, which no trigger of a row sees."""
    names = ", ".join(table.name for table in metadata.sorted_tables)
    with context.db.begin() as tx:
        tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    context.redis.client.flushall()
    context.redis.begins()


def _built(environ: Mapping[str, str]) -> Flask:
    caches = (wiring.settings, wiring.context, wiring.shelf, wiring.newsstand)
    with pytest.MonkeyPatch.context() as patch:
        for name in environ.keys() - {"PATH"}:
            patch.setenv(name, environ[name])
        for cache in caches:
            cache.cache_clear()
        try:
            return create_app()
        finally:
            for cache in caches:
                cache.cache_clear()


@contextmanager
def _running(folder: Path) -> Iterator[Servers]:
    home = Home(folder)
    home.open()
    processes: list[Process] = []
    try:
        postgres, valkey = Postgres(home), Valkey(home)
        command = postgres.prepare()
        # Nobody pulls the power of a test: what is not flushed to the disk is not missed.
        quick = replace(command, argv=(*command.argv, "-c", "fsync=off"))
        for each in (quick, valkey.prepare()):
            processes.append(Process(each, home.log / f"{each.name}.log", home.children_lock))
            processes[-1].start()
        deadline = time.monotonic() + STARTS_WITHIN
        while not (postgres.ready() and valkey.ready()):
            assert time.monotonic() < deadline, [process.log.read_text() for process in processes]
            time.sleep(0.05)
        yield Servers(postgres.url, valkey.url)
    finally:
        stop_all(processes, grace=5.0)
        home.close()
