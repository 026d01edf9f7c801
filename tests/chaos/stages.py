"""Worlds with a proxy on each of their edges, and trials of them.

Several worlds are tried at a time, since most of a trial is waiting.
"""

import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from redis import Redis
from rq import Queue, Worker
from sqlalchemy.engine import make_url

from sandbox.home import SandboxError
from sandbox.ports import HOST
from sandbox.supervision import Doctor
from sandbox.world import World
from tests.chaos.plugs import plugs_back
from tests.chaos.proxy import Proxy, event_loop
from ussd_app.store.redis import QUEUE, WAKE_UP

STAGES = 6
STARTING = 2  # a world is ready in time only if few others start beside it


@dataclass(frozen=True)
class Edge:
    """Who speaks to whom: processes of the world, and the variable that tells them where.

    One exchange in `every` is cut or lost. `sure`: no request to debit can be lost here, so that
    whoever has money pays.
    """

    name: str
    callers: tuple[str, ...]
    variable: str
    every: int
    sure: bool = True


WORKING = ("worker", "sweeper")
# A transaction takes some ten exchanges with PostgreSQL, a payment some five with the operator.
EDGES = (
    Edge("phone-web", (), "", 2),
    Edge("web-postgres", ("web",), "DATABASE_URL", 7),
    Edge("web-valkey", ("web",), "REDIS_URL", 3),
    Edge("worker-postgres", WORKING, "DATABASE_URL", 7, sure=False),
    Edge("worker-valkey", WORKING, "REDIS_URL", 3),
    Edge("worker-operator", WORKING, "SARALI_ORANGE_MP_URL", 2, sure=False),
    Edge("worker-sms", WORKING, "SARALI_AT_URL", 2),
    Edge("operator-web", WORKING, "SARALI_PUBLIC_URL", 2),  # told with each order
)


class Stage:
    """A world with a proxy on each of its edges."""

    def __init__(self, home: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.proxies: dict[str, Proxy] = {}
        self.doctor = Doctor()
        self._loop = loop
        self.world = World(home, detours=self._detours)

    def stop(self) -> None:
        self.world.stop()
        for proxy in self.proxies.values():
            proxy.close()
        self.proxies = {}

    def url(self, edge: str) -> str:
        return f"http://{HOST}:{self.proxies[edge].port}"

    def jobs_done(self) -> Counter[str]:
        """How many jobs each worker has done, which the queue counts; and let there be one more."""
        with Redis.from_url(self.world.environ["REDIS_URL"]) as client:
            queue = Queue(QUEUE, connection=client, serializer="json")
            if queue.is_empty():
                queue.enqueue(WAKE_UP)
            workers = Worker.all(queue=queue)
            return Counter({w.name: w.successful_job_count + w.failed_job_count for w in workers})

    def revive(self) -> None:
        """Start again what has given up, as whoever supervises processes does."""
        for process in self.world.applications:
            self.doctor.visit(process)

    def _detours(self, name: str, environ: Mapping[str, str]) -> Mapping[str, str]:
        if not self.proxies:
            for edge in EDGES:
                target = _target(edge, environ)
                self.proxies[edge.name] = Proxy(self._loop, target, every=edge.every)
        told = {edge.variable: self._address(edge) for edge in EDGES if name in edge.callers}
        if name == "sms":  # its reports ring at the same door as the operator
            there = environ["SIM_SMS_DELIVERY_URL"]
            public = environ["SARALI_PUBLIC_URL"]
            told["SIM_SMS_DELIVERY_URL"] = there.replace(public, self.url("operator-web"))
        return told

    def _address(self, edge: Edge) -> str:
        url = self.url(edge.name)
        if edge.variable == "DATABASE_URL":
            return f"{url.replace('http://', 'postgresql+psycopg://sarali@')}/sarali"
        return url.replace("http", "redis") if edge.variable == "REDIS_URL" else url


def _target(edge: Edge, environ: Mapping[str, str]) -> int | Path:
    match edge.variable:
        case "DATABASE_URL":
            folder = str(make_url(environ["DATABASE_URL"]).query["host"])
            return Path(folder) / ".s.PGSQL.5432"
        case "REDIS_URL":
            return Path(unquote(urlsplit(environ["REDIS_URL"]).path))
        case "SARALI_ORANGE_MP_URL":
            return int(environ["SIM_ORANGE_PORT"])
        case "SARALI_AT_URL":
            return int(environ["SIM_SMS_PORT"])
        case _:
            return int(environ["PORT"])


class Trial(Protocol):
    """Something done to a world, which must come right again."""

    @property
    def name(self) -> str:
        """Return the name of its test."""
        ...

    def play(self, stage: Stage) -> None:
        """Do it. Raises AssertionError if the world does not come right."""
        ...


class Theatre:
    """Plays trials, each in the next world that is free."""

    def __init__(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._loop = loop
        self._starting = threading.Semaphore(STARTING)
        self._mine = threading.local()
        self.stages: list[Stage] = []

    def open_stage(self) -> None:
        """Start a world. It dies with the thread that started it, so each thread has its own."""
        with self._starting:
            try:
                stage = self._opened()
            except SandboxError:  # somebody took a port between its choice and its use
                stage = self._opened()
            self._mine.stage, self._mine.spoilt = stage, False

    def _opened(self) -> Stage:
        stage = Stage(self._folder / str(next(self._numbers)), self._loop)
        self.stages.append(stage)
        stage.world.start()
        return stage

    def play(self, trial: Trial) -> None:
        if self._mine.spoilt:  # what a failed trial left behind is no other's trouble
            self._mine.stage.stop()
            self.open_stage()
        self._mine.spoilt = True
        trial.play(self._mine.stage)
        plugs_back(self._mine.stage.world)
        self._mine.spoilt = False


@contextmanager
def played(trials: Iterable[Trial], folder: Path) -> Iterator[Mapping[str, "Future[None]"]]:
    """Play the trials; what each comes to is a future under its name."""
    with event_loop() as loop:
        theatre = Theatre(folder, loop)
        threads = ThreadPoolExecutor(STAGES, initializer=theatre.open_stage)
        try:
            yield {trial.name: threads.submit(theatre.play, trial) for trial in trials}
        finally:
            threads.shutdown(cancel_futures=True)
            for stage in theatre.stages:
                stage.stop()
