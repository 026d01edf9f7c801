"""Attempts nobody can settle, and what two people may do about one.

A machine asks the operator, then waits for the statement; what is open long after that is for
people. They may close an attempt unpaid, so that the bill can be paid again. They cannot create
money, and money that shows up later still counts: a success beats any closing.
"""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from domain.payment import OPEN, Evidence, Kind, Source
from ussd_app.store import alarms, attempts, decisions, evidence
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.decisions import Decision
from ussd_app.usecases import settle
from ussd_app.usecases.context import Context

_MARKS = frozenset({"Mn", "Lm"})  # accents, and apostrophes that count as letters
_APOSTROPHES = frozenset("'`\u00b4\u2018\u2019")  # the others, and what is typed for them
_NAME_MAX, _REASON_MAX = 80, 500  # characters


class DecisionError(ValueError):
    """Nothing was decided: `str()` says why."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An attempt that waits for people, for `hours`; what is known of it, what was proposed."""

    attempt: Attempt
    hours: float
    reason: str
    proposed: Decision | None


def waiting(context: Context) -> list[Doubt]:
    """Return the attempts open for longer than their operator, asked or stated, can explain.

    Those of an operator that is not configured any more are among them: nobody else hears of them.
    """
    with context.db.begin() as tx:
        codes = [*context.operators, *decisions.operators_open(tx)]
        found = [
            Doubt(
                attempt=attempt,
                hours=_age(context, attempt).total_seconds() / 3600,
                reason=_reason(context, tx, attempt),
                proposed=decisions.find(tx, attempt.attempt_id),
            )
            for code in dict.fromkeys(codes)
            for attempt in attempts.open_at(tx, code)
            if _age(context, attempt) > _patience(context, attempt)
        ]
    return sorted(found, key=lambda doubt: -doubt.hours)


def propose(context: Context, attempt_id: str, reason: str, by: str) -> None:
    """Propose to close an attempt unpaid.

    Raises:
        DecisionError: there is no such attempt, it does not wait for people, or something was
            proposed before.
    """
    with context.db.begin() as tx:
        _waiting(context, tx, attempt_id)
        _check(by, _NAME_MAX)
        _check(reason, _REASON_MAX)
        if not (_person(by) and reason.strip()):
            raise DecisionError("a proposal says who makes it, and why")
        if not decisions.propose(tx, attempt_id, reason, by, context.now()):
            raise DecisionError("something was proposed before: confirm it")


def confirm(context: Context, attempt_id: str, by: str) -> Decision:
    """Close an attempt unpaid, as another person proposed; return the proposal.

    Raises:
        DecisionError: nothing was proposed, or by the same person, or the attempt does not wait
            for people any more.
    """
    with context.db.begin() as tx:
        attempt = _waiting(context, tx, attempt_id)
        decision = decisions.find(tx, attempt_id)
        if decision is None or decision.confirmed_at is not None:
            raise DecisionError("nothing is proposed for it")
        _check(by, _NAME_MAX)
        if _person(by) in {_person(decision.proposed_by), ""}:
            raise DecisionError("it takes another person than the one who proposed it")
        decisions.confirm(tx, attempt_id, by, context.now())
        fact = Evidence(Kind.CLOSED_UNPAID, Source.PEOPLE, word=decision.reason[:100])
        settle.record(context, tx, attempt, [fact])
    context.redis.wake()
    return decision


def _waiting(context: Context, tx: Tx, attempt_id: str) -> Attempt:
    """Hold the bill, then look: an answer that comes meanwhile is settled before, or after."""
    known = attempts.get(tx, attempt_id)
    if known is None:
        raise DecisionError("no such attempt")
    Register(tx).lock_bill(known.bill_number)
    attempt = attempts.get(tx, attempt_id) or known
    if attempt.status not in OPEN:
        raise DecisionError(f"it is {attempt.status}: there is nothing to decide")
    if _age(context, attempt) <= _patience(context, attempt):
        raise DecisionError("its operator may still tell: it does not wait for people yet")
    return attempt


def _age(context: Context, attempt: Attempt) -> timedelta:
    return context.now() - (attempt.submitted_at or attempt.created_at)


def _patience(context: Context, attempt: Attempt) -> timedelta:
    operator = context.operators.get(attempt.operator)
    expiry = operator.capabilities.expiry if operator else 0.0
    return timedelta(seconds=expiry + context.pace.statement_grace)


def _reason(context: Context, tx: Tx, attempt: Attempt) -> str:
    """What was last heard, and all that was alarmed about it."""
    facts = evidence.of(tx, [attempt.attempt_id])[attempt.attempt_id]
    heard = f"{facts[-1].kind} ({facts[-1].source})" if facts else "never looked at"
    raised = alarms.about(tx, attempt.operator, attempt.attempt_id)
    gone = [] if attempt.operator in context.operators else ["its operator is not configured"]
    return "; ".join([heard, *raised, *gone])


def _check(typed: str, most: int) -> None:
    if len(typed) > most or not typed.isprintable():
        raise DecisionError(f"a name or a reason is at most {most} letters that can be shown")


def _person(name: str) -> str:
    """A name without case, accents, apostrophes, spaces or order: one person, however typed.

    A script of look-alike letters would make two of them, so only Latin letters count.
    """
    written = "".join(c for c in name.casefold() if c not in _APOSTROPHES)
    plain = unicodedata.normalize("NFKD", written)
    kept = "".join(c for c in plain if unicodedata.category(c) not in _MARKS)
    if any(c.isalpha() and "LATIN" not in unicodedata.name(c, "") for c in kept):
        raise DecisionError("a name is written in Latin letters")
    return "".join(sorted("".join(c if c.isalnum() else " " for c in kept).split()))
