"""How many texts of a hundred each SMS provider is given, as it stands and as it was configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import sms_weights


@dataclass(frozen=True, slots=True)
class Standing:
    """The weights and since when they are so."""

    weights: Mapping[str, int]
    moved_at: datetime


def read(tx: Tx, configured: Mapping[str, int]) -> Mapping[str, int]:
    """Return the weights; the configured ones where others were configured when they were kept."""
    rows = tx.execute(select(sms_weights)).all()
    kept = {row.provider: row.configured for row in rows}
    return {row.provider: row.weight for row in rows} if kept == configured else configured


def lock(tx: Tx, configured: Mapping[str, int], now: datetime) -> Standing:
    """Return the weights, ours to move until the end of the transaction."""
    rows = tx.execute(select(sms_weights).order_by("provider").with_for_update()).all()
    if {row.provider: row.configured for row in rows} == configured:
        weights = {row.provider: row.weight for row in rows}
        return Standing(weights, max(row.moved_at for row in rows))
    tx.execute(delete(sms_weights))
    for provider, weight in configured.items():
        row = insert(sms_weights).values(
            provider=provider, weight=weight, configured=weight, moved_at=now
        )
        tx.execute(row.on_conflict_do_nothing())
    return Standing(configured, now)


def move(tx: Tx, weights: Mapping[str, int], now: datetime) -> None:
    """Write the weights down."""
    for provider, weight in weights.items():
        mine = sms_weights.c.provider == provider
        tx.execute(update(sms_weights).where(mine).values(weight=weight, moved_at=now))
