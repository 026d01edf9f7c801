"""`python -m benchmarks`: how fast a turn is, as a ratio to what any Flask application must pay.

Everything is measured in one run, in turns: ours, the rivals, ours again, so that a slower minute
of the machine slows all of them. Nothing is written.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks import mix, stack
from benchmarks.load import Played, play
from benchmarks.rivals import VALUE_BYTES
from benchmarks.stack import OURS, Server
from sandbox.world import ROOT, World

NAMES = {
    OURS: "Sarali",
    "benchmarks.rivals:flask_redis": "a bare Flask route, same Redis traffic",
    "benchmarks.rivals:wsgi_redis": "a bare WSGI handler, same Redis traffic",
    "benchmarks.rivals:flask_alone": "a bare Flask route, without Redis",
}
WARM_UP = 1.0  # seconds


@dataclass
class Record:
    """The rounds of one server; processor time is that of its processes, in seconds."""

    server: Server
    rounds: list[Played] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [played.rate for played in self.rounds]

    def latency(self, share: float) -> float:
        """The median over the rounds, in milliseconds."""
        return statistics.median(played.percentile(share) for played in self.rounds) * 1000

    def cpu_turn(self) -> float:
        """Milliseconds of processor for a turn."""
        turns = sum(played.turns for played in self.rounds)
        return sum(self.cpu) / turns * 1000


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory(prefix="sarali-bench-") as folder,
        World(Path(folder) / "home") as world,
    ):
        numbers = stack.set_up(world, options.subscribers)
        if options.profile:
            _profile(world, numbers, options)
        else:
            _compare(world, numbers, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=16, help="at once (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of each server (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="a round (%(default)s)")
    parser.add_argument(
        "--profile", action="store_true", help="say where the time of a turn goes, instead"
    )
    return parser.parse_args()


def _profile(world: World, numbers: stack.Numbers, options: argparse.Namespace) -> None:
    how = [str(options.subscribers), str(options.rounds * options.seconds)]
    argv = [sys.executable, "-m", "benchmarks.profiling", numbers.fine, numbers.receipt, *how]
    subprocess.run(argv, cwd=ROOT, env=world.environ, check=True)


def _compare(world: World, numbers: stack.Numbers, options: argparse.Namespace) -> None:
    sessions = mix.sessions(numbers.fine, numbers.receipt)
    with ExitStack() as servers, ProcessPoolExecutor(1, get_context("spawn")) as load:

        def measure(server: Server, seconds: float) -> tuple[Played, float]:
            stack.forget_cut_sessions(world)
            fixed = server.application != OURS
            before = server.cpu_seconds()
            task = partial(play, server.port, sessions, options.subscribers, seconds, fixed=fixed)
            played = load.submit(task).result()
            return played, server.cpu_seconds() - before

        ours = stack.ours(world)
        measure(ours, WARM_UP)
        value_bytes = stack.average_session(world)
        changes = {VALUE_BYTES: str(value_bytes)}
        rivals = [
            servers.enter_context(stack.serving(world, application, changes))
            for application in NAMES
            if application != OURS
        ]
        records = [Record(server) for server in (ours, *rivals)]
        for rival in rivals:
            measure(rival, WARM_UP)
        before = stack.transactions(world)
        for _ in range(options.rounds):
            for record in records:
                played, cpu = measure(record.server, options.seconds)
                record.rounds.append(played)
                record.cpu.append(cpu)
        queries = stack.transactions(world) - before
    _print(records, options, value_bytes, queries)


def _print(
    records: list[Record], options: argparse.Namespace, value_bytes: int, queries: int
) -> None:
    ours = records[0]
    turns = sum(played.turns for played in ours.rounds)
    print(
        f"{options.subscribers} subscribers at once, {options.rounds} rounds of"
        f" {options.seconds:g} s each in turn, one web process, sessions of {value_bytes} bytes\n"
        f"{mix.database_share():.0%} of the turns ask PostgreSQL"
        f" ({queries / turns:.2f} transactions a turn)\n"
    )
    print(f"{'':42}{'turns/s':>9}{'p50 ms':>8}{'p99 ms':>8}{'cpu ms':>8}{'load':>7}")
    for record in records:
        busy = statistics.median(played.busy for played in record.rounds)
        print(
            f"{NAMES[record.server.application]:42}{statistics.median(record.rates):9.0f}"
            f"{record.latency(0.5):8.1f}{record.latency(0.99):8.1f}{record.cpu_turn():8.3f}{busy:7.0%}"
        )
    print("\nSarali's turns a second, for one of the others (the lowest and the highest round):")
    for record in records[1:]:
        ratios = [mine / its for mine, its in zip(ours.rates, record.rates, strict=True)]
        print(
            f"{NAMES[record.server.application]:42}{statistics.median(ratios):9.2f}"
            f"  ({min(ratios):.2f} to {max(ratios):.2f});"
            f" by processor time {record.cpu_turn() / ours.cpu_turn():.2f}"
        )


if __name__ == "__main__":
    main()
