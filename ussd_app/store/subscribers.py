"""What we remember of a subscriber. Keyed by a keyed hash, never by the number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.msisdn import Msisdn
from domain.payment import Status
from ussd_app.store.attempts import IS_OPEN
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, checkpoints, subscribers

_IS_CALLER = attempts.c.caller == bindparam("caller")
_ENDED = (
    select(func.json_build_array(attempts.c.attempt_id, attempts.c.status))
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

    `ended` is their newest payment that ended lately and whose end they were not shown: its id and
    its status. `cut`: a session of theirs was left in the middle.
    """

    lang: str | None
    under_way: bool
    ended: tuple[str, Status] | None
    cut: bool


def greeting(
    tx: Tx, subscriber: str, caller: Msisdn, *, results_since: datetime, cut_since: datetime
) -> Greeting:
    """Find out all of it in one reading."""
    about = {"subscriber": subscriber, "caller": caller.e164}
    row = tx.execute(
        _GREETING, {**about, "results_since": results_since, "cut_since": cut_since}
    ).one()
    ended = (row[2][0], Status(row[2][1])) if row[2] else None
    return Greeting(row[0], row[1], ended, row[3])


def set_shown(tx: Tx, attempt_id: str, now: datetime) -> None:
    """Note that a subscriber was shown how a payment ended."""
    tx.execute(update(attempts).where(attempts.c.attempt_id == attempt_id).values(shown_at=now))


def set_language(tx: Tx, subscriber: str, lang: str, now: datetime) -> None:
    """Remember the language of a subscriber."""
    row = insert(subscribers).values(subscriber=subscriber, lang=lang, updated_at=now)
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["subscriber"], set_={"lang": lang, "updated_at": now}
        )
    )
