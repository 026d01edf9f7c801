"""How the world is hurt: processes killed, frozen or told where to die, and simulators in trouble.

Only processes of the test's own world are touched, by their ids.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import redis
import urllib3

from sandbox.process import Process
from sandbox.world import World
from tests.e2e.audit import wait_for

SERVERS = ("postgres", "valkey")
OURS = ("web", "worker", "sweeper")


@contextmanager
def dying_at(process: Process, label: str, mark: Path) -> Iterator[None]:
    """Run `process` so that it kills itself when it reaches `label`; then kill what is left of it.

    An rq worker dies in two parts: the fork that does the job at the label, its parent here.
    """
    harmless = process.command
    kill(process)
    arms = {"SARALI_DIE_AT": f"{label}:{mark}"}
    process.command = replace(harmless, environ={**harmless.environ, **arms})
    process.start()
    try:
        yield
        wait_for(f"the {process.name} to die at {label}", mark.exists)
    finally:
        kill(process)
        process.command = harmless


def kill(process: Process) -> None:
    """Kill a process and what it forked, which would otherwise finish its work as an orphan."""
    family = [process.pid, *descendants(process.pid)] if process.running else []
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.kill()


@contextmanager
def frozen(*processes: Process) -> Iterator[None]:
    """Stop processes and their children for a while, as a virtual machine that is moved does."""
    stopped = [pid for one in processes for pid in (one.pid, *descendants(one.pid))]
    for pid in stopped:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def power_cut(world: World) -> None:
    """Kill everything of ours at the same time; the operator and the SMS centre go on."""
    for name in (*OURS, *SERVERS):
        kill(world[name])


def plugs_back(world: World) -> None:
    """Start again whatever does not run, the servers first."""
    world["postgres"].start()
    start_valkey(world)
    for process in world.applications:
        process.start()
    world.wait_until_ready()


def start_valkey(world: World) -> None:
    world["valkey"].start()
    wait_for("Valkey", lambda: _answers(world))


def restart_valkey(world: World) -> None:
    kill(world["valkey"])
    start_valkey(world)


def flush(world: World) -> None:
    """Make Valkey forget everything: sessions, queue, workers."""
    with _valkey(world) as client:
        client.flushall()


def trouble_operator(world: World, **switches: bool) -> None:
    """Switch `down` or `drop` of the simulated operator."""
    _tell(world, "SIM_ORANGE_PORT", switches)


def trouble_sms_centre(world: World, *faults: str) -> None:
    """Let these faults befall the next sends, one each."""
    _tell(world, "SIM_SMS_PORT", {"next": list(faults)})


def heal_sms_centre(world: World) -> None:
    _tell(world, "SIM_SMS_PORT", {"up": True})


def _tell(world: World, port: str, body: object) -> None:
    url = f"http://127.0.0.1:{world.environ[port]}/sandbox/faults"
    assert urllib3.request("POST", url, json=body).status == 200


def _valkey(world: World) -> redis.Redis:
    return redis.Redis.from_url(world.environ["REDIS_URL"])


def _answers(world: World) -> bool:
    try:
        with _valkey(world) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:  # it ended meanwhile, as work-horses do
        return []
    return [each for child in map(int, children) for each in (child, *descendants(child))]
