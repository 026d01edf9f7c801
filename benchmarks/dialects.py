"""`python -m benchmarks.dialects`: what each dialect costs, and how long half the peak is carried.

The same crowd, without thought, plays on every dialect's channel and on a bare Flask route with the
same Redis traffic, in turns of one run: the rates are told as ratios to that floor. The crowd runs
on the same cores, and costs much the same for all.

`--sustain 600` then lets a thousand subscribers think just long enough to bring half of the peak
to one channel for so many seconds, and tells the latency and the memory of the web process, minute
by minute.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks import stack
from benchmarks.rivals import VALUE_BYTES
from homologation.crowd import Crowd, Figures, Habits
from homologation.gateways.all import GATEWAYS
from homologation.wire import Wire
from sandbox.environment import USSD_CODE
from sandbox.ports import HOST
from sandbox.world import World

FLOOR = "benchmarks.rivals:flask_redis"
PLAIN = "africastalking"  # what the floor speaks
PATIENCE_S = 10.0
CONNECTIONS = 16
SUSTAINED_BY = 1000  # subscribers
_MINUTE = 60.0


def play(address: str, dialect: str, habits: Habits, subscribers: int, seconds: float) -> Figures:
    """Let a crowd play on a channel, in a process of its own."""

    async def run() -> Figures:
        wire = Wire(address, CONNECTIONS, PATIENCE_S)
        try:
            crowd = Crowd(GATEWAYS[dialect], wire, habits, USSD_CODE, seed=1)
            return await crowd.play(subscribers, seconds)
        finally:
            await wire.close()

    return asyncio.run(run())


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialects", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each dialect (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="a round (%(default)s)")
    parser.add_argument("--sustain", type=float, default=0.0, help="seconds at half the peak")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="sarali-bench-") as folder,
        World(Path(folder) / "home") as world,
        ProcessPoolExecutor(1, get_context("spawn")) as load,
    ):
        stack.set_up(world, 1)
        peak = _compare(world, load, options.rounds, options.seconds)
        if options.sustain:
            _sustain(world, load, peak / 2, options.sustain)


def _compare(world: World, load: Executor, rounds: int, seconds: float) -> float:
    """Print what each dialect carries; return the peak of the first one, in turns a second."""
    hurry = Habits(think_s=0.0, repeated=0.0, dropped=0.0)
    ours = stack.ours(world).port
    rates: dict[str, list[float]] = {name: [] for name in ("floor", *GATEWAYS)}
    _round(load, ours, PLAIN, hurry, seconds)
    with stack.serving(world, FLOOR, {VALUE_BYTES: str(stack.average_session(world))}) as bare:
        for _ in range(rounds):
            for name, measured in rates.items():
                port, dialect = (bare.port, PLAIN) if name == "floor" else (ours, name)
                measured.append(_round(load, port, dialect, hurry, seconds).rate)
    floor = statistics.median(rates["floor"])
    print(f"{'':16}{'turns/s':>9}{'of the floor':>14}")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        print(f"{name:16}{rate:9.0f}{rate / floor:14.2f}")
    return statistics.median(rates[PLAIN])


def _round(load: Executor, port: int, dialect: str, habits: Habits, seconds: float) -> Figures:
    address = f"http://{HOST}:{port}/ussd/{dialect}"
    played = load.submit(play, address, dialect, habits, CONNECTIONS, seconds).result()
    assert not played.errors, f"{dialect}: {dict(played.errors)}"
    return played


def _sustain(world: World, load: Executor, rate: float, seconds: float) -> None:
    web = stack.ours(world)
    address = f"http://{HOST}:{web.port}/ussd/{PLAIN}"
    habits = Habits(think_s=SUSTAINED_BY / rate)
    playing = load.submit(play, address, PLAIN, habits, SUSTAINED_BY, seconds)
    memory = [_memory(web.pid)]
    began = time.monotonic()
    while not playing.done():
        time.sleep(min(_MINUTE, max(0.1, began + seconds - time.monotonic())))
        memory.append(_memory(web.pid))
    played = playing.result()
    print(
        f"\n{rate:.0f} turns a second wanted, half of the peak, by {SUSTAINED_BY} subscribers:"
        f"\n{len(played.latencies)} turns in {played.seconds:.0f} s, {played.rate:.0f} a second,"
        f" {dict(played.errors) or 'no errors'}; ms: {_milliseconds(played)}"
        f"\nweb process, MiB: {_megabytes(memory)}"
    )


def _memory(pid: int) -> int:
    """Bytes in memory of a process and those it has started."""
    folder = Path(f"/proc/{pid}")
    own = next(
        int(line.split()[1]) * 1024
        for line in (folder / "status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    tasks = (folder / "task").iterdir()
    children = [child for one in tasks for child in (one / "children").read_text().split()]
    return own + sum(_memory(int(child)) for child in children)


def _milliseconds(played: Figures) -> str:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return ", ".join(f"{name} {played.percentile(at) * 1000:.1f}" for name, at in shares.items())


def _megabytes(sizes: Iterable[int]) -> str:
    return " ".join(f"{size / 2**20:.0f}" for size in sizes)


if __name__ == "__main__":
    main()
