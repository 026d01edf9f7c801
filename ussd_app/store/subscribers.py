"""What we remember of a subscriber: the language. Keyed by a keyed hash, never by the number."""

from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from ussd_app.store.attempts import IS_OPEN
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, subscribers

_GREETING = select(
    select(subscribers.c.lang)
    .where(subscribers.c.subscriber == bindparam("subscriber"))
    .scalar_subquery(),
    exists().where(attempts.c.caller == bindparam("caller"), IS_OPEN),
)


def greeting(tx: Tx, subscriber: str, caller: Msisdn) -> tuple[str | None, bool]:
    """Return the language a subscriber chose, and whether a payment of theirs is under way."""
    row = tx.execute(_GREETING, {"subscriber": subscriber, "caller": caller.e164}).one()
    return row[0], row[1]


def set_language(tx: Tx, subscriber: str, lang: str, now: datetime) -> None:
    """Remember the language of a subscriber."""
    row = insert(subscribers).values(subscriber=subscriber, lang=lang, updated_at=now)
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber"], set_={"lang": lang, "updated_at": now}
        )
    )
