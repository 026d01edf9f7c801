"""How much a running channel carries."""

import asyncio
import time

import click

from homologation.crowd import Crowd, Figures, Habits
from homologation.gateways.all import GATEWAYS
from homologation.wire import Wire

_EVERY_S = 10.0


@click.command("load")
@click.argument("address")
@click.option("--dialect", type=click.Choice(list(GATEWAYS)), required=True)
@click.option("--code", default="*789#", show_default=True, help="the short code dialled")
@click.option("--subscribers", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1))
@click.option("--think", default=3.0, show_default=True, help="seconds of thought, on average")
@click.option("--repeated", default=0.02, show_default=True, help="share of turns sent twice")
@click.option("--dropped", default=0.05, show_default=True, help="share of sessions cut short")
@click.option("--connections", default=64, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
def load(  # noqa: PLR0913  # one argument an option, as click hands them over
    *,
    address: str,
    dialect: str,
    code: str,
    subscribers: int,
    seconds: float,
    think: float,
    repeated: float,
    dropped: float,
    connections: int,
    seed: int,
) -> None:
    """Let a crowd of subscribers play on the channel at ADDRESS, as its gateway would carry them.

    Exits with 1 when a turn was not answered, or a repeated one got other bytes.
    """

    async def run() -> Figures:
        wire = Wire(address, connections, patience_s=10.0)
        crowd = Crowd(GATEWAYS[dialect], wire, Habits(think, repeated, dropped), code, seed)
        clock = asyncio.create_task(_tell(crowd))
        try:
            return await crowd.play(subscribers, seconds)
        finally:
            clock.cancel()
            await wire.close()

    figures = asyncio.run(run())
    click.echo(
        f"{len(figures.latencies)} turns in {figures.seconds:.0f} s, {figures.rate:.0f} a second;"
        f" ms: {_milliseconds(figures)}"
    )
    click.echo(f"sessions: {_told(figures.ends)}")
    click.echo(f"errors: {_told(figures.errors)}")
    if figures.errors:
        raise SystemExit(1)


async def _tell(crowd: Crowd) -> None:
    """Say now and then how it goes."""
    done, then = 0, time.perf_counter()
    while True:
        await asyncio.sleep(_EVERY_S)
        now, turns = time.perf_counter(), len(crowd.figures.latencies)
        recent = Figures(then, crowd.figures.latencies[done:], seconds=now - then)
        click.echo(f"{recent.rate:7.0f} a second; ms: {_milliseconds(recent)}")
        done, then = turns, now


def _milliseconds(figures: Figures) -> str:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return ", ".join(f"{name} {figures.percentile(at) * 1000:.0f}" for name, at in shares.items())


def _told(counts: "dict[str, int]") -> str:
    return ", ".join(f"{n} {what}" for what, n in sorted(counts.items())) or "none"
