"""`python -m benchmarks.memory`: how much of Valkey a live session takes, over 100 000 of them.

The sessions are those of the mix, each cut at another of its turns, as live ones are. They are made
by the use case itself, without HTTP, in the world's environment; what is measured is what the
server says it uses, everything it keeps about a session included.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

import redis

from benchmarks import mix, stack
from benchmarks.load import phone_number
from benchmarks.mix import Turn as Played
from domain.msisdn import Msisdn
from sandbox.world import ROOT, World
from ussd_app import wiring
from ussd_app.aggregators.base import Turn
from ussd_app.usecases import dial
from ussd_app.usecases.context import Context

SESSIONS = 100_000
SUBSCRIBERS = 16


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="(%(default)s)")
    parser.add_argument("numbers", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.numbers:
        _fill(options.sessions, *options.numbers)
        return
    with (
        tempfile.TemporaryDirectory(prefix="sarali-bench-") as folder,
        World(Path(folder) / "home") as world,
    ):
        numbers = stack.set_up(world, SUBSCRIBERS)
        argv = [sys.executable, "-m", "benchmarks.memory", "--sessions", str(options.sessions)]
        # Nobody is offered to take up what the session before has left.
        environ = world.environ | {"SARALI_RESUME_MINUTES": "0"}
        subprocess.run([*argv, numbers.fine, numbers.receipt], cwd=ROOT, env=environ, check=True)


def _fill(most: int, fine: str, receipt: str) -> None:
    context = wiring.context()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushall()
        before = client.info("memory")["used_memory"]
        for n, session in enumerate(islice(cycle(mix.sessions(fine, receipt)), most)):
            caller = Msisdn.parse(phone_number(n % SUBSCRIBERS))
            _play(context, caller, f"ATUid_{n:032d}", session[n % len(session)])
        used = client.info("memory")["used_memory"] - before
    kept = len(list(client.scan_iter("ussd:*", count=10_000)))
    assert kept == most
    print(f"{kept} live sessions: {used / kept:.0f} bytes each")


def _play(context: Context, caller: Msisdn, session_id: str, played: Played) -> None:
    """Go straight to where a turn leads: its text holds all that was typed before."""
    inputs = tuple(played.text.decode().split("*")) if played.text else ()
    dial.answer(context, Turn(session_id, caller, played.dialled.decode(), inputs))


if __name__ == "__main__":
    main()
