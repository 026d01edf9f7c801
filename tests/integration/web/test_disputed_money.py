"""What an operator says of money that does not fit: people hear of it, and nothing is guessed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.bill import BillStatus
from domain.payment import Status
from tests.integration.web.bank import LOST, Bank, answer, work
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.reports import credit, newest, report, reversal
from tests.integration.web.till import Clock, attempts_of, bill_of, messages_of
from ussd_app.store import alarms
from ussd_app.usecases import doubt
from ussd_app.usecases.import_statement import import_statement

HOUR = timedelta(hours=1)
OPERATOR = "orange_mp"
FOREIGN, TWICE = "one transaction, two attempts", "one line, two contents"


@pytest.fixture
def bank(door: Door, clock: Clock) -> Bank:
    """The operator: it takes every payment and loses its words about it."""
    bank = Bank()
    bank.say(LOST, "pay", "paymentstatus")
    door.give(replace(door.context, now=clock, transport=bank))
    return bank


@pytest.fixture
def start(clock: Clock, bank: Bank) -> datetime:
    assert not bank.heard
    return clock().replace(microsecond=0)  # reports know milliseconds


@pytest.fixture
def number(door: Door, clock: Clock, start: datetime, phone: Phone) -> str:
    """A bill whose debit was asked for; the operator said nothing."""
    number = asked(door, clock, phone)
    assert status(door, number) is Status.UNKNOWN
    assert start < clock()
    return number


def asked(door: Door, clock: Clock, phone: Phone) -> str:
    number = door.fine()
    phone.pay(number)
    work(door, clock, 2)
    return number


def succeeds(bank: Bank, ref: str) -> None:
    """From now on the operator says of every payment that it was made, by this transaction."""
    data = {"status": "SUCCESSFULL", "txnid": ref, "amount": "3000"}
    bank.say(answer({"data": data}), "paymentstatus")


def state(door: Door, since: datetime, until: datetime, *lines: str) -> None:
    import_statement(door.context, OPERATOR, report(since, until, *lines))


def status(door: Door, number: str) -> Status:
    return attempts_of(door.context, number)[-1].status


def raised(door: Door) -> list[tuple[str, str]]:
    with door.context.db.begin() as tx:
        return sorted((found.subject, found.alarm) for found in alarms.newest(tx, 10))


def waiting(door: Door) -> dict[str, str]:
    found = doubt.waiting(door.context)
    return {one.attempt.attempt_id: one.reason for one in found}


def test_a_reversal_of_what_was_never_paid_is_alarmed_and_reverses_nothing_else(
    door: Door, clock: Clock, start: datetime, *, number: str
) -> None:
    order = newest(door.context, number)
    clock.advance(hours=2)
    state(door, start - HOUR, start + HOUR, credit(start, "MP1", order=order))
    back = reversal(start + HOUR, "MP9", "MP", order=order)  # an id cut short
    state(door, start + HOUR, start + 2 * HOUR, back)
    assert raised(door) == [(order, "reversed, never seen paid: MP")]
    assert bill_of(door.context, number).status is BillStatus.PAID
    assert not messages_of(door.context, "sms.reversed")


def test_a_reversal_listed_before_its_payment_alarms_nobody(
    door: Door, clock: Clock, start: datetime, *, number: str
) -> None:
    order = newest(door.context, number)
    clock.advance(hours=2)
    lines = reversal(start, "MP2", "MP1", order=order), credit(start, "MP1", order=order)
    state(door, start - HOUR, start + HOUR, *lines)
    assert status(door, number) is Status.REVERSED
    assert not raised(door)


def test_another_amount_that_goes_back_is_alarmed(
    door: Door, clock: Clock, start: datetime, *, number: str
) -> None:
    order = newest(door.context, number)
    clock.advance(hours=2)
    part = reversal(start, "MP2", "MP1", order=order, francs=1000)
    state(door, start - HOUR, start + HOUR, credit(start, "MP1", order=order), part)
    assert status(door, number) is Status.REVERSED
    assert raised(door) == [(order, "another amount reversed")]


def test_one_transaction_said_of_two_payments_credits_the_first_and_alarms(
    door: Door, clock: Clock, bank: Bank, *, number: str, other: Phone
) -> None:
    succeeds(bank, "MP1")
    work(door, clock, 2)
    second = asked(door, clock, other)
    work(door, clock, 2)
    assert (status(door, number), status(door, second)) == (Status.SUCCEEDED, Status.UNKNOWN)
    order = newest(door.context, second)
    assert raised(door) == [(order, FOREIGN)]
    assert rows(door.context, "receipts") == 1


def test_what_two_payments_share_is_closed_by_people_alone(
    door: Door, clock: Clock, start: datetime, *, number: str, other: Phone
) -> None:
    second = asked(door, clock, other)
    clock.advance(hours=2)
    orders = [newest(door.context, one) for one in (number, second)]
    first, again = (credit(start, "MP1", order=order) for order in orders)
    state(door, start - HOUR, start + HOUR, first, again)
    assert (status(door, number), status(door, second)) == (Status.SUCCEEDED, Status.UNKNOWN)
    assert raised(door) == [(orders[1], TWICE)]
    assert waiting(door) == {orders[1]: f"unknown (ours); {TWICE}"}
    doubt.propose(door.context, orders[1], "the operator took it back", "awa")
    doubt.confirm(door.context, orders[1], "bakary")
    assert status(door, second) is Status.CLOSED_UNPAID


@pytest.mark.parametrize(
    ("ref", "francs", "days"), [("MP2", 3000, 0), ("MP1", 2000, 0), ("MP1", 3000, 40)]
)
def test_a_line_used_again_for_something_else_is_alarmed(  # what differs in it
    door: Door, clock: Clock, start: datetime, *, number: str, ref: str, francs: int, days: int
) -> None:
    order = newest(door.context, number)
    clock.advance(hours=2)
    line = credit(start, "MP1", order=order)
    state(door, start - HOUR, start + HOUR, line)
    clock.advance(days=41)
    again = credit(start + timedelta(days=days), "MP1", order=order, francs=francs)
    changed = again.replace("CREDIT", "REVERSAL") + ref if ref != "MP1" else again
    state(door, start + HOUR, start + timedelta(days=41), changed)
    assert raised(door) == [(order, TWICE)]
    assert bill_of(door.context, number).status is BillStatus.PAID


def test_a_line_told_again_a_little_later_is_the_same_line(
    door: Door, clock: Clock, start: datetime, *, number: str
) -> None:
    order = newest(door.context, number)
    clock.advance(hours=2)
    state(door, start - HOUR, start + HOUR, credit(start, "MP1", order=order))
    rounded = credit(start.replace(second=0), "MP1", order=order)
    state(door, start - HOUR, start + 2 * HOUR, rounded)
    assert not raised(door)


def test_what_is_paid_and_stands_in_no_statement_is_alarmed_once(
    door: Door, clock: Clock, start: datetime, *, bank: Bank, number: str
) -> None:
    succeeds(bank, "MP1")
    work(door, clock, 2)
    order = newest(door.context, number)
    clock.advance(hours=3)
    state(door, start - HOUR, start + timedelta(seconds=20))
    assert not raised(door)  # it may still come
    for hours in (1, 2):
        state(door, start + timedelta(seconds=20), start + hours * HOUR)
        assert raised(door) == [(order, "paid, absent from the statement: MP1")]
    assert bill_of(door.context, number).status is BillStatus.PAID


def test_what_is_paid_and_stated_alarms_nobody(
    door: Door, clock: Clock, start: datetime, *, bank: Bank, number: str
) -> None:
    succeeds(bank, "MP1")
    work(door, clock, 2)
    clock.advance(hours=3)
    line = credit(start, "MP1", order=newest(door.context, number))
    state(door, start - HOUR, start + HOUR, line)
    state(door, start + HOUR, start + 2 * HOUR)
    assert not raised(door)


def test_what_was_paid_before_the_first_statement_alarms_nobody(
    door: Door, clock: Clock, start: datetime, *, bank: Bank, number: str
) -> None:
    succeeds(bank, "MP1")
    work(door, clock, 2)
    assert status(door, number) is Status.SUCCEEDED
    clock.advance(hours=3)
    state(door, start + timedelta(minutes=1), start + HOUR)
    assert not raised(door)
