"""Evidence about attempts: append-only, and each of the operator's transactions of one attempt."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from domain.payment import MONEY_KINDS, Evidence, Failure, Kind, Source
from ussd_app.store.attempts import Attempt
from ussd_app.store.database import Tx
from ussd_app.store.tables import evidence, operator_transactions

# Built once: every step of a payment asks for it.
_OF = (
    select(evidence)
    .where(evidence.c.attempt_id.in_(bindparam("ids", expanding=True)))
    .order_by(evidence.c.evidence_id)
)


def add(tx: Tx, attempt: Attempt, fact: Evidence, now: datetime) -> bool:
    """Append a fact; False when it was known, or when its transaction belongs to another attempt.

    Raises:
        ForeignTransactionError: the operator gave one transaction to two attempts (F17).
    """
    if fact.kind in MONEY_KINDS:
        _own(tx, attempt, str(fact.operator_ref))
    fields = {name: getattr(fact, name) for name in Evidence.__slots__}
    row = insert(evidence).values(attempt_id=attempt.attempt_id, seen_at=now, **fields)
    return bool(tx.execute(row.on_conflict_do_nothing()).rowcount)


def of(tx: Tx, attempt_ids: Iterable[str]) -> dict[str, list[Evidence]]:
    """Return the evidence of each attempt, in order of arrival."""
    ids = list(attempt_ids)
    rows = tx.execute(_OF, {"ids": ids})
    found: dict[str, list[Evidence]] = {attempt_id: [] for attempt_id in ids}
    for row in rows:
        failure = Failure(row.failure) if row.failure else None
        fact = Evidence(
            Kind(row.kind), Source(row.source), row.operator_ref, row.francs, failure, row.word
        )
        found[row.attempt_id].append(fact)
    return found


class ForeignTransactionError(RuntimeError):
    """One operator transaction, two attempts: for a human."""


def _own(tx: Tx, attempt: Attempt, operator_ref: str) -> None:
    row = insert(operator_transactions).values(
        operator=attempt.operator, operator_ref=operator_ref, attempt_id=attempt.attempt_id
    )
    tx.execute(row.on_conflict_do_nothing())
    same = and_(
        operator_transactions.c.operator == attempt.operator,
        operator_transactions.c.operator_ref == operator_ref,
    )
    owner = tx.execute(select(operator_transactions.c.attempt_id).where(same)).scalar_one()
    if owner != attempt.attempt_id:
        raise ForeignTransactionError(attempt.operator)
