"""`python -m benchmarks.payments`: payments a second, and as a ratio to a bare floor.

From the key pressed to the receipt: real web, worker and sweeper, simulated operator and SMS
centre, PostgreSQL and Valkey, on one machine. Subscribers dial straight to a fine and press the
key, and so many payments are kept under way that the processors are never idle. In turns with it,
in the same run, bare.py makes the same number of transactions and HTTP calls, as counted of ours.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import stack
from benchmarks.bare import TABLE, Work
from benchmarks.stream import Counted, Stream
from sandbox.ports import HOST
from sandbox.world import ROOT, World

WORKERS = (1, 2)
WARM_UP = 4.0  # seconds: until the first payments under way are receipted
ALONE = 16  # payments with nothing else under way
WAITED = 2.5  # seconds of each that the sandbox waits: for the session to end, for the citizen
SMS_CENTRE = "python -m simulators.sms_centre"


@dataclass(frozen=True)
class Round:
    """Payments a second, and milliseconds of processor for one."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Record:
    """The rounds with so many workers, and those of the floor with so many processes."""

    workers: int
    ours: list[Round]
    bare: list[Round]


def main() -> None:
    options = _options()
    with (
        tempfile.TemporaryDirectory(prefix="sarali-bench-") as folder,
        World(Path(folder) / "home") as world,
        ExitStack() as opened,
    ):
        stream = opened.enter_context(Stream(world))
        waits = stream.alone(ALONE)
        counted = stream.counted(WARM_UP, options.seconds)
        stream.execute(TABLE)
        floor = _Floor(world, opened, counted, options.seconds)
        records = [Record(workers, [], []) for workers in WORKERS]
        for _ in range(options.rounds):
            for each in records:
                each.ours.append(_ours(world, stream, each.workers, options.seconds))
                each.bare.append(floor.pay(each.workers))
    _print(counted, waits, records)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.payments", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each (%(default)s)")
    parser.add_argument("--seconds", type=float, default=6.0, help="a round (%(default)s)")
    return parser.parse_args()


def _ours(world: World, stream: Stream, workers: int, seconds: float) -> Round:
    with ExitStack() as more:
        extra = [
            more.enter_context(stack.running(world, stack.command_line("worker"))).pid
            for _ in range(workers - 1)
        ]
        pids = [*extra, *(process.pid for process in (*world.applications, *world.servers))]
        before, known = sum(map(stack.cpu_seconds, pids)), stream.pressed
        rate = stream.rate(WARM_UP, seconds)
        cpu = sum(map(stack.cpu_seconds, pids)) - before
        return Round(rate, cpu / (stream.pressed - known) * 1000)


class _Floor:
    """What makes bare payments, with a web process and an SMS centre of its own."""

    def __init__(self, world: World, opened: ExitStack, counted: Counted, seconds: float) -> None:
        self._environ = world.environ
        web = opened.enter_context(stack.serving(world, "benchmarks.bare:app"))
        address, port = f"http://{HOST}:{web.port}", stack.free_port()
        changes = {"SIM_SMS_PORT": str(port), "SIM_SMS_DELIVERY_URL": f"{address}/delivery"}
        sms = opened.enter_context(stack.running(world, SMS_CENTRE, changes, port))
        self._pids = [web.pid, sms.pid, world["orange"].pid, world["postgres"].pid]
        self._work = Work(
            writes=round(counted.writes),
            reads=round(counted.reads),
            inquiries=round(counted.inquiries),
            web=address,
            sms=f"http://{HOST}:{port}",
            warm_up=WARM_UP,
            seconds=seconds,
        )

    def pay(self, processes: int) -> Round:
        """Let so many processes make payments."""
        argv = [sys.executable, "-m", "benchmarks.bare", self._work.line]
        before = sum(map(stack.cpu_seconds, self._pids))
        payers = [
            subprocess.Popen(argv, cwd=ROOT, env=self._environ, stdout=subprocess.PIPE, text=True)
            for _ in range(processes)
        ]
        said = [tuple(map(float, payer.communicate()[0].split())) for payer in payers]
        rate, made, cpu = (sum(one) for one in zip(*said, strict=True))
        cpu += sum(map(stack.cpu_seconds, self._pids)) - before
        return Round(rate, cpu / made * 1000)


def _print(counted: Counted, waits: list[float], records: list[Record]) -> None:
    own = statistics.quantiles((seconds - WAITED for seconds in waits), n=20)
    print(
        f"a payment alone, from the key to the receipt, without the {WAITED:g} s that the sandbox"
        f" waits: p50 {own[9]:.2f} s, p95 {own[18]:.2f} s\n"
        f"a payment takes {counted.writes:.1f} writing and {counted.reads:.1f} reading"
        f" transactions, and asks its operator {counted.inquiries:.1f} times\n\n"
        f"{'payments/s':12}{'Sarali':>8}{'bare':>8}{'ratio':>8}{'':16}"
        f"{'cpu ms':>8}{'bare':>8}{'ratio':>8}"
    )
    for each in records:
        pairs = list(zip(each.ours, each.bare, strict=True))
        ratios = [mine.rate / its.rate for mine, its in pairs]
        cpu = [[one.cpu for one in rounds] for rounds in (each.ours, each.bare)]
        print(
            f"{each.workers} worker{'s' if each.workers > 1 else ' ':4}"
            f"{statistics.median(one.rate for one in each.ours):8.1f}"
            f"{statistics.median(one.rate for one in each.bare):8.1f}"
            f"{statistics.median(ratios):8.2f}  ({min(ratios):.2f} to {max(ratios):.2f})"
            f"{statistics.median(cpu[0]):8.0f}{statistics.median(cpu[1]):8.0f}"
            f"{statistics.median(its.cpu / mine.cpu for mine, its in pairs):8.2f}"
        )


if __name__ == "__main__":
    main()
