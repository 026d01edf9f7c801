"""What is happening, in figures of the last 24 hours, whichever process did it."""

from dataclasses import dataclass
from datetime import timedelta

from ussd_app.store import figures, outbox
from ussd_app.store.figures import Count
from ussd_app.usecases.context import Context

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts by table and labels, and the seconds the longest-waiting row has been due."""

    counts: tuple[Count, ...]
    lag: float


def measure(context: Context) -> Measured:
    """Take the figures."""
    now = context.now()
    with context.db.begin() as tx:
        counts = tuple(figures.since(tx, now - _DAY))
        oldest = outbox.oldest_claimable(tx)
    lag = (now - oldest).total_seconds() if oldest else 0.0
    return Measured(counts, max(lag, 0.0))
