"""Attempts nobody can settle, and what two people may do about one.

A machine asks the operator, then waits for the statement; what is open long after that is for
people. They may close an attempt unpaid, so that the bill can be paid again. They cannot create
money, and money that shows up later still counts: a success beats any closing.
"""

from dataclasses import dataclass
from datetime import timedelta

from domain.payment import OPEN, Evidence, Kind, Source
from ussd_app.store import attempts, decisions
from ussd_app.store.attempts import Attempt
from ussd_app.usecases import settle
from ussd_app.usecases.context import Context


class DecisionError(ValueError):
    """Nothing was decided: `str()` says why."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An attempt that waits for people, for `hours`, and what is known of it."""

    attempt: Attempt
    hours: float
    reason: str


def waiting(context: Context) -> list[Doubt]:
    """Return the attempts open for longer than their operator, asked or stated, can explain."""
    now = context.now()
    found = []
    with context.db.begin() as tx:
        for code, operator in context.operators.items():
            patience = timedelta(
                seconds=operator.capabilities.expiry + context.pace.statement_grace
            )
            for attempt in attempts.open_at(tx, code):
                age = now - (attempt.submitted_at or attempt.created_at)
                if age > patience:
                    facts = attempts.evidence_of(tx, [attempt.attempt_id])[attempt.attempt_id]
                    last = facts[-1] if facts else None
                    reason = f"{last.kind} ({last.source})" if last else "never looked at"
                    found.append(Doubt(attempt, age.total_seconds() / 3600, reason))
    return sorted(found, key=lambda doubt: -doubt.hours)


def propose(context: Context, attempt_id: str, reason: str, by: str) -> None:
    """Propose to close an attempt unpaid.

    Raises:
        DecisionError: there is no such attempt, it is not open, or something was proposed before.
    """
    with context.db.begin() as tx:
        _open_attempt(attempts.get(tx, attempt_id))
        if not reason.strip() or not by.strip():
            raise DecisionError("a proposal says who makes it, and why")
        if not decisions.propose(tx, attempt_id, reason, by, context.now()):
            raise DecisionError("something was proposed before: confirm it")


def confirm(context: Context, attempt_id: str, by: str) -> None:
    """Close an attempt unpaid, as another person proposed.

    Raises:
        DecisionError: nothing was proposed, or by the same person, or the attempt is not open any
            more.
    """
    with context.db.begin() as tx:
        decision = decisions.find(tx, attempt_id)
        if decision is None or decision.confirmed_at is not None:
            raise DecisionError("nothing is proposed for it")
        if decision.proposed_by.casefold().strip() == by.casefold().strip() or not by.strip():
            raise DecisionError("it takes another person than the one who proposed it")
        attempt = _open_attempt(attempts.get(tx, attempt_id))
        decisions.confirm(tx, attempt_id, by, context.now())
        fact = Evidence(Kind.CLOSED_UNPAID, Source.PEOPLE, word=decision.reason[:100])
        settle.record(context, tx, attempt, [fact])
    context.redis.wake()


def _open_attempt(attempt: Attempt | None) -> Attempt:
    if attempt is None:
        raise DecisionError("no such attempt")
    if attempt.status not in OPEN:
        raise DecisionError(f"it is {attempt.status}: there is nothing to decide")
    return attempt
