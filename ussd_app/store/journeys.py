"""How sessions went: one row each, figures only."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import journeys


class Reason(StrEnum):
    """Why a session ended: these, and no other."""

    PAYMENT = "payment"  # a payment was asked for
    ANSWERED = "answered"  # another last screen was shown
    HUNG_UP = "hung_up"  # the gateway says that the citizen left, or the network cut
    FAILED = "failed"  # the gateway says that it failed
    TIMED_OUT = "timed_out"  # nothing more came


@dataclass(frozen=True, slots=True)
class Journey:
    """One session: `errand` is what it was about, `screen` the last one shown."""

    session_key: str
    channel: str
    lang: str
    errand: str
    screen: str
    reason: Reason
    turns: int
    seconds: int
    started_at: datetime


def write(tx: Tx, ended: Iterable[Journey]) -> None:
    """Write journeys; what a session added after it seemed over replaces what was written."""
    rows = [asdict(journey) for journey in ended]
    if not rows:
        return
    new = insert(journeys).values(rows)
    last = ("lang", "errand", "screen", "reason", "turns", "seconds")
    newer = {name: new.excluded[name] for name in last}
    tx.execute(new.on_conflict_do_update(index_elements=["session_key"], set_=newer))


def ends(tx: Tx, since: datetime) -> list[tuple[str, str, str, int]]:
    """Return how many sessions of each errand ended on each screen, and why."""
    labels = (journeys.c.errand, journeys.c.screen, journeys.c.reason)
    counted = select(*labels, func.count()).where(journeys.c.started_at > since)
    rows = tx.execute(counted.group_by(*labels))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def spread(tx: Tx, column: str, bounds: Sequence[int], since: datetime) -> tuple[list[int], int]:
    """Return how many sessions stayed within each bound of `turns` or `seconds`, and the sum."""
    value = journeys.c[column]
    counts = [func.count().filter(value <= bound) for bound in bounds]
    row = tx.execute(
        select(*counts, func.count(), func.coalesce(func.sum(value), 0)).where(
            journeys.c.started_at > since
        )
    ).one()
    return [int(n) for n in row[:-1]], int(row[-1])
