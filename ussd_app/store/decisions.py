"""What people decide about an attempt nobody can settle: one proposes, another confirms."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.attempts import IS_OPEN
from ussd_app.store.database import Tx
from ussd_app.store.tables import attempts, decisions


@dataclass(frozen=True, slots=True)
class Decision:
    """To close an attempt unpaid, and why. It is nothing until another person confirms it."""

    attempt_id: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


def operators_open(tx: Tx) -> list[str]:
    """Return the operators that have an open attempt, configured or not."""
    found = tx.execute(select(attempts.c.operator).where(IS_OPEN).distinct())
    return sorted(found.scalars())


def find(tx: Tx, attempt_id: str) -> Decision | None:
    """Return what was proposed for an attempt, if anything was."""
    mine = decisions.c.attempt_id == attempt_id
    row = tx.execute(select(decisions).where(mine)).one_or_none()
    if row is None:
        return None
    return Decision(**{name: getattr(row, name) for name in Decision.__slots__})


def propose(tx: Tx, attempt_id: str, reason: str, by: str, now: datetime) -> bool:
    """Write a proposal; False when there is one already."""
    row = insert(decisions).values(
        attempt_id=attempt_id, reason=reason, proposed_by=by, proposed_at=now
    )
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def confirm(tx: Tx, attempt_id: str, by: str, now: datetime) -> None:
    """Write who confirmed it.

    Raises:
        IntegrityError: it is the person who proposed it.
    """
    waiting = and_(decisions.c.attempt_id == attempt_id, decisions.c.confirmed_at.is_(None))
    tx.execute(update(decisions).where(waiting).values(confirmed_by=by, confirmed_at=now))
