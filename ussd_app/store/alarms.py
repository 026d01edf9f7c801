"""What a human should look at: raised once, kept until somebody has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import alarms


@dataclass(frozen=True, slots=True)
class Alarm:
    """`subject` is an attempt, or a statement line, of `operator`."""

    operator: str
    subject: str
    alarm: str
    raised_at: datetime


def raise_(tx: Tx, operator: str, subject: str, alarm: str, now: datetime) -> bool:
    """Raise an alarm; False when it was raised before."""
    row = insert(alarms).values(operator=operator, subject=subject, alarm=alarm, raised_at=now)
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def newest(tx: Tx, limit: int) -> list[Alarm]:
    """Return the newest alarms, newest first."""
    rows = tx.execute(select(alarms).order_by(alarms.c.raised_at.desc()).limit(limit))
    return [Alarm(row.operator, row.subject, row.alarm, row.raised_at) for row in rows]


def about(tx: Tx, operator: str, subject: str) -> list[str]:
    """Return what was raised about a subject, oldest first."""
    same = and_(alarms.c.operator == operator, alarms.c.subject == subject)
    found = tx.execute(select(alarms.c.alarm).where(same).order_by(alarms.c.raised_at))
    return list(found.scalars())


def subjects(tx: Tx, operator: str, words: Iterable[str]) -> frozenset[str]:
    """Return everything of an operator's about which one of these words was raised."""
    same = and_(alarms.c.operator == operator, alarms.c.alarm.in_(list(words)))
    return frozenset(tx.execute(select(alarms.c.subject).where(same)).scalars())
