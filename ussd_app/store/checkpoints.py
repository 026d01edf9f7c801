"""Where sessions were left, by subscriber: at most one each, and not for long."""

from datetime import datetime

from sqlalchemy import and_, delete, select
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import checkpoints


def save(tx: Tx, subscriber: str, session: str, now: datetime) -> None:
    """Keep where a subscriber stands, instead of where they stood before."""
    row = insert(checkpoints).values(subscriber=subscriber, session=session, saved_at=now)
    newer = {"session": session, "saved_at": now}
    tx.execute(row.on_conflict_do_update(index_elements=["subscriber"], set_=newer))


def load(tx: Tx, subscriber: str, since: datetime) -> str | None:
    """Return where a subscriber stood, if that was after an instant."""
    mine = and_(checkpoints.c.subscriber == subscriber, checkpoints.c.saved_at > since)
    found: str | None = tx.execute(select(checkpoints.c.session).where(mine)).scalar_one_or_none()
    return found


def forget(tx: Tx, subscriber: str) -> None:
    """Forget where a subscriber stood."""
    tx.execute(delete(checkpoints).where(checkpoints.c.subscriber == subscriber))


def purge(tx: Tx, before: datetime) -> None:
    """Forget everything older than an instant."""
    tx.execute(delete(checkpoints).where(checkpoints.c.saved_at <= before))
