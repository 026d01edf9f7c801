"""`python -m benchmarks.history`: whether a payment gets slower as the past grows to a million.

Two databases of one server, in turns: a young one, and one where a million payments were made (see
past.py). The same use cases, operator and SMS centre; what is timed is our own work on one payment
(from pressing the key to the receipt, the citizen's and the operator's leisure left out), a turn
that looks up a bill, and each reading of many rows. What got slower than LIMIT is explained.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from benchmarks import past
from sandbox.world import ROOT, World

PAYMENTS = 1_000_000
ROUNDS = 12
NAMES = ("young", "aged")


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory(prefix="sarali-bench-") as folder,
        World(Path(folder) / "home") as world,
    ):
        for process in world.applications:
            if process.name in {"web", "worker", "sweeper"}:
                process.kill()  # their work is done, and timed, by one process of ours
        urls = [_make(world, name) for name in NAMES]
        past.fill(urls[1].replace("+psycopg", ""), options.payments)
        environ = world.environ | {"REDIS_URL": world.environ["REDIS_URL"].replace("db=0", "db=1")}
        argv = [sys.executable, "-m", "benchmarks.ageing", *urls, str(options.rounds)]
        subprocess.run(argv, cwd=ROOT, env=environ, check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--payments", type=int, default=PAYMENTS, help="past ones (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each (%(default)s)")
    return parser.parse_args()


def _make(world: World, name: str) -> str:
    """Make a database beside the world's, at the newest revision; return its address."""
    url = world.environ["DATABASE_URL"]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    mine = url.replace("/sarali?", f"/{name}?")
    argv = ["flask", "--app", "wsgi", "migrate"]
    subprocess.run(argv, cwd=ROOT, env=world.environ | {"DATABASE_URL": mine}, check=True)
    return mine


if __name__ == "__main__":
    main()
