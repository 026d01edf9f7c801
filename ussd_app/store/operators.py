"""What is kept about operators between calls: bearers, and the callbacks they rang with."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from payments.operators.base import Token
from ussd_app.store.database import Tx
from ussd_app.store.tables import callback_events, callbacks, operator_tokens

_MARGIN = timedelta(seconds=60)  # a bearer about to expire is not worth a call


def token(tx: Tx, operator: str, now: datetime) -> Token | None:
    """Return the bearer of an operator while it lives."""
    row = tx.execute(
        select(operator_tokens).where(operator_tokens.c.operator == operator)
    ).one_or_none()
    if row is None or row.expires_at <= now + _MARGIN:
        return None
    return Token(row.bearer, (row.expires_at - now).total_seconds())


def keep_token(tx: Tx, operator: str, fresh: Token, now: datetime) -> None:
    """Keep a bearer."""
    expires_at = now + timedelta(seconds=fresh.lifetime)
    row = insert(operator_tokens).values(
        operator=operator, bearer=fresh.bearer, expires_at=expires_at
    )
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["operator"],
            set_={"bearer": fresh.bearer, "expires_at": expires_at},
        )
    )


def forget_token(tx: Tx, operator: str) -> None:
    """Drop a bearer the operator no longer takes."""
    tx.execute(delete(operator_tokens).where(operator_tokens.c.operator == operator))


def first_time(tx: Tx, operator: str, event: str, now: datetime) -> bool:
    """Remember an event by the operator's id of it; False when it was heard before."""
    row = insert(callback_events).values(operator=operator, event=event, received_at=now)
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def purge_events(tx: Tx, before: datetime, most: int) -> int:
    """Forget at most so many events heard before an instant, the oldest first; return how many."""
    key = (callback_events.c.operator, callback_events.c.event)
    old = (
        select(*key)
        .where(callback_events.c.received_at < before)
        .order_by(callback_events.c.received_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return tx.execute(delete(callback_events).where(tuple_(*key).in_(old))).rowcount


def keep_callback(tx: Tx, operator: str, callback_token: str, body: bytes, now: datetime) -> None:
    """Keep a callback as it came."""
    tx.execute(
        insert(callbacks).values(
            operator=operator, token=callback_token, body=body, received_at=now
        )
    )
