"""What we remember of a subscriber: the language. Keyed by a keyed hash, never by the number."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import subscribers


def language(tx: Tx, subscriber: str) -> str | None:
    """Return the language a subscriber chose, or None."""
    mine = subscribers.c.subscriber == subscriber
    return tx.execute(select(subscribers.c.lang).where(mine)).scalar_one_or_none()


def set_language(tx: Tx, subscriber: str, lang: str, now: datetime) -> None:
    """Remember the language of a subscriber."""
    row = insert(subscribers).values(subscriber=subscriber, lang=lang, updated_at=now)
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber"], set_={"lang": lang, "updated_at": now}
        )
    )
