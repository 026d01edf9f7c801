"""What is left to do, born in the transaction of the fact that asks for it.

A row is one thing to look after (`kind`, `ref`), due at an instant or, with none, at rest. A
claim takes a lease and a new `version`; every later write of the claimant checks that the
version is still its own, so a worker that was slow, stopped or thought dead can do no harm.
While claimed a row has no due time of its own, so a `put` made meanwhile is not missed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ussd_app.store.database import Tx
from ussd_app.store.tables import outbox


class Kind(StrEnum):
    """What a row looks after; `ref` is its id."""

    ATTEMPT = "attempt"
    MESSAGE = "message"
    STATEMENT = "statement"
    HEARTBEAT = "heartbeat"
    INBOUND = "inbound"  # the SMS of one subscriber, whose key is the `ref`


class LostClaimError(RuntimeError):
    """The lease ran out and somebody else has the row: nothing more may be written for it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours until `lease_until`, under the fence `version`."""

    outbox_id: int
    kind: Kind
    ref: str
    version: int
    tries: int


_CLAIMABLE_AT = func.coalesce(outbox.c.lease_until, outbox.c.due_at)

_HOLD = (
    select(outbox.c.version).where(outbox.c.outbox_id == bindparam("outbox_id")).with_for_update()
)


def put(tx: Tx, kind: Kind, ref: str, due_at: datetime) -> None:
    """Make `ref` due no later than `due_at`; an earlier due time stands."""
    row = insert(outbox).values(kind=kind, ref=ref, due_at=due_at, version=0, tries=0)
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["kind", "ref"],
            set_={"due_at": _least(due_at)},
        )
    )


def claim(tx: Tx, now: datetime, lease: timedelta) -> Claim | None:
    """Take the row longest due, or None when nothing is."""
    candidate = (
        select(outbox.c.outbox_id)
        .where(now >= _CLAIMABLE_AT)
        .order_by(_CLAIMABLE_AT)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    found = tx.execute(
        update(outbox)
        .where(outbox.c.outbox_id == candidate)
        .values(
            version=outbox.c.version + 1,
            tries=outbox.c.tries + 1,
            due_at=None,
            lease_until=now + lease,
        )
        .returning(outbox)
    ).one_or_none()
    if found is None:
        return None
    return Claim(found.outbox_id, Kind(found.kind), found.ref, found.version, found.tries)


def hold(tx: Tx, claim: Claim) -> None:
    """Lock the claimed row for this transaction.

    Raises:
        LostClaimError: it is no longer ours.
    """
    version = tx.execute(_HOLD, {"outbox_id": claim.outbox_id}).scalar_one()
    if version != claim.version:
        raise LostClaimError(claim.kind)


def release(tx: Tx, claim: Claim, due_at: datetime | None) -> None:
    """Give the row back, due again at `due_at`, or at rest; a `put` made meanwhile stands.

    Raises:
        LostClaimError: it is no longer ours.
    """
    sooner = outbox.c.due_at if due_at is None else _least(due_at)
    mine = and_(outbox.c.outbox_id == claim.outbox_id, outbox.c.version == claim.version)
    done = tx.execute(update(outbox).where(mine).values(due_at=sooner, lease_until=None))
    if not done.rowcount:
        raise LostClaimError(claim.kind)


def oldest_claimable(tx: Tx) -> datetime | None:
    """Return since when the row longest due has waited, or None when nothing is ever due."""
    since: datetime | None = tx.execute(select(func.min(_CLAIMABLE_AT))).scalar_one()
    return since


def _least(due_at: datetime) -> ColumnElement[datetime]:
    return func.least(func.coalesce(outbox.c.due_at, due_at), due_at)
