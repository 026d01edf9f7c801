"""What a human should look at: raised once, kept until somebody has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
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
