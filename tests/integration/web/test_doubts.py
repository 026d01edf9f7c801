"""What nobody can settle waits for people: two may close it unpaid, and none moves money."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from domain.bill import BillStatus
from domain.payment import Evidence, Kind, Source, Status
from tests.integration.store.rows import CHECK, refused
from tests.integration.web.bank import leave_in_doubt
from tests.integration.web.citizen import Door, Phone, everything, rows
from tests.integration.web.till import (
    EXPIRED,
    Clock,
    attempts_of,
    bill_of,
    learn,
    messages_of,
    paid,
    taken_back,
)
from tests.integration.web.words import SENT, UNDER_WAY
from ussd_app import wiring
from ussd_app.cli import doubts as commands
from ussd_app.store import alarms
from ussd_app.usecases import doubt, settle

REASON = "the operator says in a letter that nothing moved"


@pytest.fixture
def number(door: Door, clock: Clock, phone: Phone) -> str:
    """A bill whose debit was asked for and never answered."""
    return leave_in_doubt(door, clock, phone)


@pytest.fixture
def attempt_id(door: Door, clock: Clock, number: str) -> str:
    """The attempt of that bill, when patience is over."""
    clock.advance(hours=2)
    return attempts_of(door.context, number)[0].attempt_id


def patience(door: Door) -> timedelta:
    expiry = door.context.operators["orange_mp"].capabilities.expiry
    return timedelta(seconds=expiry + door.context.pace.statement_grace)


def close(door: Door, attempt_id: str) -> None:
    doubt.propose(door.context, attempt_id, REASON, "awa")
    doubt.confirm(door.context, attempt_id, "bakary")


def test_what_is_open_beyond_patience_is_listed(door: Door, clock: Clock, number: str) -> None:
    (attempt,) = attempts_of(door.context, number)
    assert attempt.submitted_at is not None
    clock.advance(seconds=(attempt.submitted_at + patience(door) - clock()).total_seconds())
    assert doubt.waiting(door.context) == []
    clock.advance(seconds=1)
    (found,) = doubt.waiting(door.context)
    assert found.attempt == attempt
    assert found.hours == pytest.approx((patience(door).total_seconds() + 1) / 3600)
    assert found.reason == "unknown (ours)"


def test_what_nobody_ever_looked_at_is_listed_too(door: Door, clock: Clock, phone: Phone) -> None:
    phone.pay(door.fine())
    clock.advance(hours=1)
    (found,) = doubt.waiting(door.context)
    assert found.reason == "never looked at"
    assert found.hours == pytest.approx(1.0)


def test_the_oldest_doubt_comes_first(door: Door, clock: Clock, number: str) -> None:
    clock.advance(hours=1)
    Phone(door, "+22370000007").pay(door.fine())
    clock.advance(hours=1)
    first, second = doubt.waiting(door.context)
    assert (first.attempt.bill_number, first.hours > second.hours) == (number, True)


def test_what_is_settled_waits_for_nobody(door: Door, number: str, attempt_id: str) -> None:
    assert [found.attempt.attempt_id for found in doubt.waiting(door.context)] == [attempt_id]
    learn(door.context, number, EXPIRED)
    assert doubt.waiting(door.context) == []


def test_a_proposal_changes_nothing_yet(door: Door, number: str, attempt_id: str) -> None:
    before = everything(door.context)
    doubt.propose(door.context, attempt_id, REASON, "awa")
    after = everything(door.context)
    assert {name for name in after if after[name] != before[name]} == {"decisions"}
    assert attempts_of(door.context, number)[0].status is Status.UNKNOWN


def test_an_attempt_of_an_operator_taken_out_is_listed_and_can_be_closed(
    door: Door, number: str, attempt_id: str
) -> None:
    with door.context.db.begin() as tx:
        tx.exec_driver_sql("UPDATE attempts SET operator = 'gone'")
    (found,) = doubt.waiting(door.context)
    assert found.reason == "unknown (ours); its operator is not configured"
    close(door, attempt_id)
    assert attempts_of(door.context, number)[0].status is Status.CLOSED_UNPAID
    ((_, said),) = messages_of(door.context, "sms.failed")
    assert number in said


def test_a_closing_is_told_and_the_bill_can_be_paid_again(
    door: Door, number: str, attempt_id: str, phone: Phone
) -> None:
    assert phone.show(number).startswith(UNDER_WAY)
    close(door, attempt_id)
    ((to, said),) = messages_of(door.context, "sms.failed")
    assert to == phone.number
    assert number in said
    assert not rows(door.context, "entries")
    assert phone.pay(number).startswith(SENT)
    assert [a.status for a in attempts_of(door.context, number)][1:] == [Status.CREATED]


def test_money_that_shows_up_later_still_pays(
    door: Door, number: str, attempt_id: str, phone: Phone
) -> None:
    close(door, attempt_id)
    receipt = paid(door.context, number)
    assert receipt.attempt_id == attempt_id
    assert bill_of(door.context, number).status is BillStatus.PAID
    assert [to for to, _ in messages_of(door.context, "sms.receipt")] == [phone.number]
    with door.context.db.begin() as tx:
        raised = [alarm.alarm for alarm in alarms.newest(tx, 10)]
    assert "both paid and failed" in raised


def test_money_that_shows_up_after_another_paid_is_set_aside(
    door: Door, number: str, attempt_id: str, phone: Phone
) -> None:
    close(door, attempt_id)
    assert phone.pay(number).startswith(SENT)
    kept = paid(door.context, number)
    old = attempts_of(door.context, number)[0]
    with door.context.db.begin() as tx:
        late = Evidence(Kind.PAID, Source.STATEMENT, "MPLATE", old.francs)
        settle.record(door.context, tx, old, [late])
    assert kept.attempt_id != old.attempt_id
    assert len(messages_of(door.context, "sms.surplus")) == 1
    assert (rows(door.context, "receipts"), rows(door.context, "entries")) == (1, 3)


@pytest.mark.parametrize("end", [EXPIRED, None])
def test_what_is_settled_is_not_decided_on(
    door: Door, number: str, attempt_id: str, end: Evidence | None
) -> None:
    doubt.propose(door.context, attempt_id, REASON, "awa")
    if end is None:
        paid(door.context, number)
    else:
        learn(door.context, number, end)
    before = everything(door.context)
    with pytest.raises(doubt.DecisionError, match="nothing to decide"):
        doubt.confirm(door.context, attempt_id, "bakary")
    with pytest.raises(doubt.DecisionError, match="nothing to decide"):
        doubt.propose(door.context, attempt_id, REASON, "bakary")
    assert everything(door.context) == before


def test_what_was_taken_back_is_not_decided_on(door: Door, number: str, attempt_id: str) -> None:
    paid(door.context, number)
    taken_back(door.context, number)
    with pytest.raises(doubt.DecisionError, match="nothing to decide"):
        doubt.propose(door.context, attempt_id, REASON, "awa")


@pytest.mark.parametrize("kind", ["paid", "reversed", "failed", "not_sent", "pending"])
def test_the_database_takes_one_word_from_people(door: Door, attempt_id: str, kind: str) -> None:
    sql = (
        "INSERT INTO evidence (attempt_id, kind, source, operator_ref, francs, failure, seen_at)"
        " VALUES (:attempt_id, :kind, 'people', 'MP1', 3000, 'other', now())"
    )
    values = {"attempt_id": attempt_id, "kind": kind}
    assert refused(door.context, sql, values) == CHECK


@pytest.mark.parametrize("same", ["awa", "AWA", "  Awa "])
def test_the_database_wants_another_person(door: Door, attempt_id: str, same: str) -> None:
    doubt.propose(door.context, attempt_id, REASON, "awa")
    sql = "UPDATE decisions SET confirmed_by = :by, confirmed_at = now()"
    assert refused(door.context, sql, {"by": same}) == CHECK


def test_people_use_the_commands(
    door: Door, attempt_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "context", lambda: door.context)
    run = CliRunner().invoke
    listed = run(commands.list_doubts, []).output
    assert attempt_id in listed
    assert "2.0 h unknown unknown (ours)" in listed
    one = run(commands.close_attempt, [attempt_id, "--by", "awa", "--reason", REASON])
    assert (one.exit_code, one.output) == (0, "proposed: another person confirms it\n")
    assert f"    awa proposes: {REASON}" in run(commands.list_doubts, []).output
    alone = run(commands.close_attempt, [attempt_id, "--by", "Awa", "--confirm"])
    assert (alone.exit_code, "another person" in alone.output) == (1, True)
    both = run(commands.close_attempt, [attempt_id, "--by", "bakary", "--confirm"])
    assert both.exit_code == 0
    assert both.output.splitlines()[-2:] == [f"awa proposed: {REASON}", "closed unpaid"]
    assert run(commands.list_doubts, []).output == ""
