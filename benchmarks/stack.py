"""What is running while it is measured: real servers, our web process, and its rivals.

All web processes have the command line of the Procfile, with another application. The rest of the
world (worker, sweeper, simulators) makes one receipt for the load to verify, and is then ended.
"""

import os
import shlex
import signal
import socket
import string
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
import urllib3
from honcho.environ import parse_procfile

from benchmarks.load import phone_number
from sandbox.environment import USSD_CODE
from sandbox.phone import Phone
from sandbox.ports import HOST, answers
from sandbox.world import ROOT, World

PAYER = "+22376000000"  # pays at once
START_TIMEOUT = 20.0  # seconds
OURS = "wsgi:app"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A web process, serving `application` on `port`."""

    application: str
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time that it and its children have used."""
        return cpu_seconds(self.pid)


@dataclass(frozen=True)
class Numbers:
    """What the load asks about: a fine that is due, and a receipt."""

    fine: str
    receipt: str


def set_up(world: World, subscribers: int) -> Numbers:
    """Let one citizen pay and every subscriber choose French; then end all but the web."""
    paid, due = (_fine(world) for _ in range(2))
    payer = Phone(world.base_url, PAYER)
    payer.dial(f"{USSD_CODE.removesuffix('#')}*1*{paid}#")
    payer.answer("1")
    text = payer.wait_for_sms(paid).text
    receipt = text.partition(f"{USSD_CODE.removesuffix('#')}*9*")[2][:16]
    for number in range(subscribers):
        phone = Phone(world.base_url, phone_number(number))
        phone.dial(USSD_CODE)
        phone.answer("1")
    for process in world.applications:
        if process.name != "web":
            process.kill()
    return Numbers(due, receipt)


def average_session(world: World) -> int:
    """The mean size, in bytes, of the sessions that Sarali keeps in Redis now."""
    with redis.Redis.from_url(world.environ["REDIS_URL"]) as client:
        sizes = [client.strlen(key) for key in client.scan_iter("ussd:*", count=1000)]
    return sum(map(int, sizes)) // len(sizes)


def forget_cut_sessions(world: World) -> None:
    """A round ends in the middle of sessions: the next one must not be asked to take them up."""
    time.sleep(0.3)  # what was being answered may still be writing
    with psycopg.connect(world.environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
        connection.execute("DELETE FROM checkpoints")


def transactions(world: World) -> int:
    """How many transactions PostgreSQL has committed."""
    time.sleep(1.2)  # a backend tells its figures once a second at most
    with psycopg.connect(world.environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def serving(
    world: World, application: str, changes: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Serve an application beside ours, with the same command line and some other settings."""
    port = free_port()
    more = {"PORT": str(port)} | dict(changes or {})
    line = command_line("web").replace(OURS, application)
    with running(world, line, more, port) as child:
        yield Server(application, port, child.pid)


@contextmanager
def running(
    world: World, line: str, changes: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one more process in the world; wait until it answers, if it has a port."""
    environ = world.environ | dict(changes or {})
    argv = shlex.split(string.Template(line).substitute(environ))
    log = world.log / f"{uuid.uuid4().hex}.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            argv, cwd=ROOT, env=environ, stdout=out, stderr=out, process_group=0
        )
    try:
        if port is not None:
            _wait(child, port, log)
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait()


def command_line(name: str) -> str:
    """What the Procfile runs under a name."""
    processes = parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8")).processes
    return str(processes[name])


def ours(world: World) -> Server:
    """The web process of the world."""
    return Server(OURS, int(world.environ["PORT"]), world["web"].pid)


def _fine(world: World) -> str:
    answer = urllib3.request("POST", f"{world.base_url}/sandbox/fines", json={})
    return str(answer.json()["bill_number"])


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not answers(port):
        if child.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.05)


def free_port() -> int:
    """Return a port that is free at the moment of asking."""
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of all that it has started, also of what has ended since."""
    folder = Path(f"/proc/{pid}")
    try:
        fields = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        threads = list((folder / "task").iterdir())
        children = [child for one in threads for child in (one / "children").read_text().split()]
    except OSError:  # ended meanwhile: whoever started it counts it
        return 0.0
    own = sum(int(field) for field in fields[11:15]) / TICKS
    return own + sum(cpu_seconds(int(child)) for child in children)
