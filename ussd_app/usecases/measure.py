"""What is happening, in figures of the last 24 hours, whichever process did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ussd_app.store import figures, journeys, outbox, weights
from ussd_app.store.figures import Count
from ussd_app.usecases.context import Context

_DAY = timedelta(hours=24)


BOUNDS = {
    "turns": (1, 2, 3, 4, 5, 6, 8, 10, 15, 20),
    "seconds": (5, 10, 20, 30, 45, 60, 90, 120, 180),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """How many sessions stayed within each bound, the last count being all; and the sum."""

    name: str
    bounds: tuple[int, ...]
    counts: list[int]
    total: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts by table and labels, how long sessions were, and the seconds of the longest wait.

    `weights` are the texts of a hundred each SMS provider is given now.
    """

    counts: tuple[Count, ...]
    spreads: tuple[Spread, ...]
    lag: float
    weights: Mapping[str, int]


def measure(context: Context) -> Measured:
    """Take the figures."""
    now = context.now()
    with context.db.begin() as tx:
        counts = tuple(figures.since(tx, now - _DAY))
        spreads = tuple(
            Spread(name, bounds, *journeys.spread(tx, name, bounds, now - _DAY))
            for name, bounds in BOUNDS.items()
        )
        shares = weights.read(tx, context.sms.weights)
        oldest = outbox.oldest_claimable(tx)
    lag = (now - oldest).total_seconds() if oldest else 0.0
    return Measured(counts, spreads, max(lag, 0.0), shares)
