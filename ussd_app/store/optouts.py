"""Who wants no text but what they asked for. Keyed by a keyed hash, never by the number."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import optouts


def stop(tx: Tx, subscriber: str, now: datetime) -> None:
    """Note that a subscriber wants no more."""
    row = insert(optouts).values(subscriber=subscriber, stopped_at=now)
    tx.execute(row.on_conflict_do_nothing())


def start(tx: Tx, subscriber: str) -> None:
    """Note that a subscriber wants them again."""
    tx.execute(delete(optouts).where(optouts.c.subscriber == subscriber))


def stopped(tx: Tx, subscriber: str) -> bool:
    """Whether a subscriber wants no more."""
    same = select(optouts.c.subscriber).where(optouts.c.subscriber == subscriber)
    return tx.execute(same).first() is not None
