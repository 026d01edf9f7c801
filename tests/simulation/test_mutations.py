"""The simulation is worth something: each of these mistakes, planted, is found within 200 seeds."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from domain.bill import Bill
from domain.payment import Evidence, Failure, Kind, Source, Status
from payments import pacing
from payments.evidence import Standing
from payments.ledger import Sum, allocate
from payments.operators.base import NoAnswer, Order, Outcome
from payments.operators.orange_mp import OrangeMp
from tests.simulation.bank import Bank
from tests.simulation.faults import Fault
from tests.simulation.play import Stage, ViolationError, play
from ussd_app.store import attempts, outbox
from ussd_app.store.attempts import Attempt
from ussd_app.store.database import Tx
from ussd_app.usecases import ring, settle
from ussd_app.usecases.context import Context

WITHIN, STEPS = 200, 100
ASTRAY = {Fault.LATE_SUCCESS: 12, Fault.REVERSAL: 6, Fault.WRONG_AMOUNT: 4}
INDEX = "attempts_one_open_a_bill"
RELEASE = text(
    "UPDATE outbox SET lease_until = NULL, due_at = CASE WHEN CAST(:due_at AS timestamptz) IS NULL"
    " THEN due_at ELSE least(coalesce(due_at, :due_at), :due_at) END WHERE outbox_id = :id"
)


def found(stage: Stage) -> str:
    """The violation that the seeds come upon."""
    for seed in range(1, WITHIN + 1):
        try:
            play(stage, seed, STEPS)
        except ViolationError as violation:
            return str(violation).splitlines()[0]
    return ""


def often(faults: Mapping[Fault, float]) -> Callable[[Bank, float, Fault], bool]:
    """The dice of a world in which some faults are so many times likelier."""
    chance = Bank._chance  # noqa: SLF001 - the dice
    return lambda bank, share, fault: chance(bank, share * faults.get(fault, 1), fault)


@pytest.mark.timeout(0)
def test_treating_a_timeout_as_a_failure(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = OrangeMp.read_collect

    def hasty(operator: OrangeMp, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        if outcome is NoAnswer.LOST:
            return (Evidence(Kind.FAILED, Source.REPLY, failure=Failure.OTHER),)
        return honest(operator, outcome, order)

    monkeypatch.setattr(OrangeMp, "read_collect", hasty)
    assert "never told" in found(stage)


@pytest.mark.timeout(0)
def test_crediting_from_a_callback(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = ring.ring

    def gullible(
        context: Context, operator: str, token: str, headers: Mapping[str, str], body: bytes
    ) -> ring.Rung:
        if json.loads(body).get("status") == "SUCCESSFULL":
            with context.db.begin() as tx:
                attempt = attempts.of_callback(tx, operator, token)
                if attempt is not None:
                    fact = Evidence(Kind.PAID, Source.REPLY, f"C{token[:8]}", attempt.francs)
                    settle.record(context, tx, attempt, [fact])
        return honest(context, operator, token, headers, body)

    monkeypatch.setattr(ring, "ring", gullible)
    assert "never moved" in found(stage)


@pytest.mark.timeout(0)
def test_retrying_a_debit(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = pacing.action

    def eager(status: Status, **more: Any) -> pacing.Action:  # noqa: ANN401 - as it is called
        submitting = status is Status.SUBMITTING
        return pacing.Action.SUBMIT if submitting else honest(status, **more)

    monkeypatch.setattr(pacing, "action", eager)
    assert "asked twice" in found(stage)


@pytest.mark.timeout(0)
def test_forgetting_the_fence(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(tx: Tx, claim: outbox.Claim) -> None:
        """Hold nothing: whoever comes last writes last."""

    def careless(tx: Tx, claim: outbox.Claim, due_at: datetime | None) -> None:
        tx.execute(RELEASE, {"id": claim.outbox_id, "due_at": due_at})

    monkeypatch.setattr(Bank, "_chance", often({Fault.WORKER_STALLED: 6}))
    monkeypatch.setattr(outbox, "hold", trusting)
    monkeypatch.setattr(outbox, "release", careless)
    assert "asked" in found(stage)


@pytest.mark.timeout(0)
def test_allocating_only_what_moved(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits in suspense is not looked at again, in a world where money often goes astray."""
    record, honest, cases = settle.record, settle.settle, settle._cases  # noqa: SLF001 - mutated
    moved: list[str] = []
    owners: dict[str, str] = {}

    def remembering(
        context: Context, tx: Tx, attempt: Attempt, facts: Iterable[Evidence]
    ) -> Standing:
        moved[:] = [attempt.attempt_id]
        return record(context, tx, attempt, facts)

    def unmoved(context: Context, tx: Tx, bill: Bill) -> None:
        moved.clear()
        honest(context, tx, bill)

    def owned(tx: Tx, bill: Bill) -> Any:  # noqa: ANN401 - as it is
        found = cases(tx, bill)
        owners.update({one.operator_ref: c.attempt.attempt_id for c in found for one in c.sums})
        return found

    def narrow(bill: Bill, sums: Iterable[Sum], allocated: Sum | None) -> Sum | None:
        mine = [one for one in sums if one == allocated or owners[one.operator_ref] in moved]
        return allocate(bill, mine, allocated)

    monkeypatch.setattr(settle, "record", remembering)
    monkeypatch.setattr(settle, "settle", unmoved)
    monkeypatch.setattr(settle, "_cases", owned)
    monkeypatch.setattr(settle, "allocate", narrow)
    monkeypatch.setattr(Bank, "_chance", often(ASTRAY))
    assert "money for a bill that is still due" in found(stage)


@pytest.mark.timeout(0)
def test_allowing_a_second_open_attempt(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "open_of", lambda _tx, _bill_number: None)
    with stage.context.db.begin() as tx:
        made = tx.execute(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = :name"), {"name": INDEX}
        ).scalar_one()
        tx.execute(text(f"DROP INDEX {INDEX}"))
    try:
        assert "two attempts" in found(stage)
    finally:
        with stage.context.db.begin() as tx:
            tx.execute(text("TRUNCATE attempts CASCADE"))
            tx.execute(text(made))
