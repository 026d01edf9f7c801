"""The status of an attempt is a pure function of the set of its evidence.

Rule 1: everything that decides a status is in this file.
Rule 2: the function reads a set. Order and repetition cannot matter, so callbacks may be lost,
doubled, late or early, and two workers may learn the same fact.
Rule 3: success beats failure. Operators report late successes after a failure (reference F9); the
reverse, a failure word after a success, is an alarm and no reversal.
Rule 4: money is live under its `operator_ref` until a reversal names that ref; the highest
authority that names an amount for it gives its amount. A reversal of a ref that never came waits
for it, and alarms: it may be a payment we hold under another ref.

The priority, strongest first:
DOUBLE_DEBIT > SUCCEEDED / MISMATCH > REVERSED > CLOSED_UNPAID > FAILED > PENDING > UNKNOWN
> SUBMITTING > CREATED
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.payment import MONEY_KINDS, Evidence, Failure, Kind, Source, Status

_AUTHORITY = {Source.REPLY: 1, Source.INQUIRY: 2, Source.STATEMENT: 3}  # of amounts

# What a kind proves when no money was ever seen, strongest first.
_WITHOUT_MONEY = (
    (Kind.CLOSED_UNPAID, Status.CLOSED_UNPAID),
    (Kind.FAILED, Status.FAILED),
    (Kind.NOT_SENT, Status.FAILED),
    (Kind.PENDING, Status.PENDING),
    (Kind.BUSY, Status.PENDING),
    (Kind.UNRECOGNISED, Status.PENDING),
    (Kind.UNKNOWN, Status.UNKNOWN),
    (Kind.SUBMITTING, Status.SUBMITTING),
)


@dataclass(frozen=True, slots=True, order=True)
class Debit:
    """Money one operator transaction moved: `francs`, whole; dead once `reversed`."""

    operator_ref: str
    francs: int
    reversed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the evidence amounts to. `alarms` are words for a human, in order."""

    status: Status
    debits: tuple[Debit, ...]
    failure: Failure | None
    alarms: tuple[str, ...]


def fold(francs_due: int, evidence: Iterable[Evidence]) -> Standing:
    """Return where an attempt of `francs_due` stands, given the set `evidence`."""
    facts = frozenset(evidence)
    debits = _debits(facts)
    failure = _failure(facts)
    status = _status(francs_due, facts, debits)
    return Standing(
        status=status,
        debits=debits,
        failure=failure if status is Status.FAILED else None,
        alarms=tuple(_alarms(status, facts, debits)),
    )


def _status(francs_due: int, facts: frozenset[Evidence], debits: tuple[Debit, ...]) -> Status:
    live = [debit for debit in debits if not debit.reversed]
    if len(live) > 1:
        return Status.DOUBLE_DEBIT
    if live:
        return Status.SUCCEEDED if live[0].francs == francs_due else Status.MISMATCH
    if debits:
        return Status.REVERSED
    kinds = {fact.kind for fact in facts}
    for kind, status in _WITHOUT_MONEY:
        if kind in kinds:
            return status
    return Status.CREATED


def _debits(facts: frozenset[Evidence]) -> tuple[Debit, ...]:
    """One debit a ref that was ever paid. A reversal of a ref not seen paid waits for it."""
    paid: dict[str, tuple[int, int]] = {}
    undone: set[str] = set()
    for fact in facts:
        if fact.kind not in MONEY_KINDS or fact.operator_ref is None or fact.francs is None:
            continue
        if fact.kind is Kind.REVERSED:
            undone.add(fact.operator_ref)
            continue
        claim = (_AUTHORITY.get(fact.source, 0), fact.francs)
        paid[fact.operator_ref] = max(paid.get(fact.operator_ref, claim), claim)
    return tuple(
        sorted(Debit(ref, francs, ref in undone) for ref, (_authority, francs) in paid.items())
    )


def _failure(facts: frozenset[Evidence]) -> Failure | None:
    """The reason told: the operator's before ours, the first in the order of `Failure`."""
    reasons = {fact.failure or Failure.OTHER for fact in facts if fact.kind is Kind.FAILED}
    if not reasons and any(fact.kind is Kind.NOT_SENT for fact in facts):
        return Failure.NOT_SENT
    return next((reason for reason in Failure if reason in reasons), None)


def _alarms(status: Status, facts: frozenset[Evidence], debits: tuple[Debit, ...]) -> Iterable[str]:
    if status in {Status.DOUBLE_DEBIT, Status.MISMATCH}:
        yield status.value
    for fact in sorted(facts, key=repr):
        if fact.kind is Kind.UNRECOGNISED:
            yield f"unrecognised word: {fact.word}"
    if debits and any(fact.kind in {Kind.FAILED, Kind.CLOSED_UNPAID} for fact in facts):
        yield "both paid and failed"
    yield from _alarms_of_money(facts, debits)


def _alarms_of_money(facts: frozenset[Evidence], debits: tuple[Debit, ...]) -> Iterable[str]:
    """One line a ref that does not add up: a human looks."""
    paid = {debit.operator_ref: debit.francs for debit in debits}
    claims = {(f.operator_ref, f.francs) for f in facts if f.kind is Kind.PAID}
    if len(claims) > len(paid):
        yield "amounts differ"
    undone = [(f.operator_ref, f.francs) for f in facts if f.kind is Kind.REVERSED]
    if any(paid.get(str(ref), francs) != francs for ref, francs in undone):
        yield "another amount reversed"
    for ref in sorted({str(ref) for ref, _ in undone} - paid.keys()):
        yield f"reversed, never seen paid: {ref}"
