"""What we remember of a subscriber. Keyed by a keyed hash, never by the number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from domain.payment import Status
from ussd_app.store.attempts import IS_OPEN
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, checkpoints, subscribers

_IS_CALLER = attempts.c.caller == bindparam("caller")
_ENDED = (
    select(attempts.c.status)
    .where(_IS_CALLER, attempts.c.created_at > bindparam("results_since"))
    .where(attempts.c.shown_at.is_(None), not_(IS_OPEN))
    .order_by(attempts.c.created_at.desc())
    .limit(1)
)
_CUT = exists().where(
    checkpoints.c.subscriber == bindparam("subscriber"),
    checkpoints.c.saved_at > bindparam("cut_since"),
)
_GREETING = select(
    select(subscribers.c.lang)
    .where(subscribers.c.subscriber == bindparam("subscriber"))
    .scalar_subquery(),
    exists().where(_IS_CALLER, IS_OPEN),
    _ENDED.scalar_subquery(),
    _CUT,
)


@dataclass(frozen=True, slots=True)
class Greeting:
    """What is known of whoever calls.

    `ended` is how their newest payment ended, if that was lately and they were not shown it. `cut`:
    a session of theirs was left in the middle.
    """

    lang: str | None
    under_way: bool
    ended: Status | None
    cut: bool


def greeting(
    tx: Tx, subscriber: str, caller: Msisdn, *, results_since: datetime, cut_since: datetime
) -> Greeting:
    """Find out all of it in one reading."""
    about = {"subscriber": subscriber, "caller": caller.e164}
    row = tx.execute(
        _GREETING, {**about, "results_since": results_since, "cut_since": cut_since}
    ).one()
    return Greeting(row[0], row[1], Status(row[2]) if row[2] else None, row[3])


def set_shown(tx: Tx, caller: Msisdn, since: datetime, now: datetime) -> None:
    """Note that a caller was shown how their last payment ended: older ones are no news."""
    ended = and_(
        attempts.c.caller == caller.e164,
        attempts.c.created_at > since,
        attempts.c.shown_at.is_(None),
        not_(IS_OPEN),
    )
    tx.execute(update(attempts).where(ended).values(shown_at=now))


def language(tx: Tx, subscriber: str) -> str | None:
    """Return the language a subscriber has chosen."""
    chosen = select(subscribers.c.lang).where(subscribers.c.subscriber == subscriber)
    return tx.execute(chosen).scalar_one_or_none()


def set_language(tx: Tx, subscriber: str, lang: str, now: datetime) -> None:
    """Remember the language of a subscriber."""
    row = insert(subscribers).values(subscriber=subscriber, lang=lang, updated_at=now)
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber"], set_={"lang": lang, "updated_at": now}
        )
    )
