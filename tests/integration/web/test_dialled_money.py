"""A wallet paid by its merchant code: nothing is opened, and the money must be known again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.bill import BillStatus
from domain.payment import Status
from tests.integration.web.bank import Bank, work
from tests.integration.web.bazaar import dialling
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.reports import credit, report, reversal
from tests.integration.web.till import (
    Clock,
    attempts_of,
    bill_of,
    cancelled,
    messages_of,
)
from tests.integration.web.words import end
from ussd_app.store import alarms
from ussd_app.usecases.import_statement import import_statement

FRANCS = 3000
TOLD = end("pay.dial", dial_code=f"*166*4*000000*{FRANCS}#")
HOUR = timedelta(hours=1)


@pytest.fixture
def bank(door: Door, clock: Clock) -> Bank:
    """The operator, which is asked nothing."""
    bank = Bank()
    door.give(replace(door.context, now=clock, transport=bank))
    dialling(door)
    return bank


@pytest.fixture
def number(door: Door, bank: Bank, phone: Phone) -> str:
    """A bill whose caller was told what to dial."""
    number = door.fine()
    assert bill_of(door.context, number).amount.francs == FRANCS
    assert phone.pay(number).startswith(TOLD)
    assert not bank.heard
    return number


def state(door: Door, clock: Clock, *lines: str) -> None:
    """Let an hour pass and take a report of it."""
    since = clock()
    clock.advance(hours=1)
    import_statement(door.context, "orange_mp", report(since, clock(), *lines))


def paid(door: Door, number: str) -> bool:
    return bill_of(door.context, number).status is BillStatus.PAID


def raised(door: Door) -> list[str]:
    with door.context.db.begin() as tx:
        return [alarm.alarm for alarm in alarms.newest(tx, 10)]


def at(clock: Clock) -> datetime:
    return clock() + timedelta(minutes=5)


def test_the_screen_says_exactly_what_to_dial_and_nothing_is_opened(
    door: Door, clock: Clock, bank: Bank, *, number: str, phone: Phone
) -> None:
    assert phone.again() == phone.screen
    assert f"*166*4*000000*{FRANCS}#" in phone.screen
    assert "{" not in phone.screen
    work(door, clock, 3)
    assert not attempts_of(door.context, number)
    assert rows(door.context, "expectations") == 1
    assert not messages_of(door.context)
    assert not bank.heard


def test_the_credit_of_that_number_and_amount_pays_the_bill(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    assert paid(door, number)
    (attempt,) = attempts_of(door.context, number)
    assert (attempt.status, attempt.payer.e164) == (Status.SUCCEEDED, phone.number)
    assert [to for to, _ in messages_of(door.context, "sms.receipt")] == [phone.number]
    assert not rows(door.context, "expectations")
    assert not raised(door)


@pytest.mark.parametrize(
    ("payer", "francs"),
    [
        ("70000001", FRANCS - 1),
        ("70000001", FRANCS + 1),
        ("70000002", FRANCS),
        ("", FRANCS),
        ("somebody", FRANCS),
    ],
)
def test_any_other_credit_is_kept_apart(
    door: Door, clock: Clock, number: str, *, payer: str, francs: int
) -> None:
    state(door, clock, credit(at(clock), "MP1", payer=payer, francs=francs))
    assert not paid(door, number)
    assert not attempts_of(door.context, number)
    assert raised(door) == ["money without an attempt"]


def test_a_credit_that_could_be_of_two_bills_is_of_none(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    second = door.fine()
    phone.pay(second)
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    assert (paid(door, number), paid(door, second)) == (False, False)
    assert raised(door) == ["money without an attempt"]
    assert not rows(door.context, "attempts")


def test_a_bill_that_is_due_no_more_is_not_expected(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    second = door.fine()
    phone.pay(second)
    cancelled(door.context, second)
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    assert paid(door, number)
    assert not phone.pay(number).startswith(TOLD)
    assert not phone.pay(second).startswith(TOLD)


def test_who_asks_twice_about_one_bill_is_expected_once(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    assert phone.pay(number).startswith(TOLD)
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    assert paid(door, number)
    assert rows(door.context, "attempts") == 1
    assert not rows(door.context, "expectations")


def test_who_pays_twice_is_given_one_receipt(door: Door, clock: Clock, number: str) -> None:
    twice = [credit(at(clock), ref, francs=FRANCS) for ref in ("MP1", "MP2")]
    state(door, clock, *twice)
    assert paid(door, number)
    assert rows(door.context, "receipts") == 1
    assert raised(door) == ["money without an attempt"]


def test_another_number_pays_and_both_are_told(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, other: Phone
) -> None:
    number = door.fine()
    assert phone.ask_another(number, other.number.removeprefix("+223")).startswith(TOLD)
    assert not bank.heard
    state(door, clock, credit(at(clock), "MP1", payer="70000002", francs=FRANCS))
    assert paid(door, number)
    told = {to for to, _ in messages_of(door.context, "sms.receipt")}
    assert told == {phone.number, other.number}


@pytest.mark.parametrize(("days", "known"), [(6, True), (8, False)])
def test_money_is_waited_for_a_week(
    door: Door, clock: Clock, number: str, *, days: int, known: bool
) -> None:
    clock.advance(days=days)
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    assert paid(door, number) is known


def test_a_reversal_finds_the_bill_again(door: Door, clock: Clock, number: str) -> None:
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    state(door, clock, reversal(at(clock), "MP2", "MP1", francs=FRANCS))
    assert bill_of(door.context, number).status is BillStatus.DUE
    assert len(messages_of(door.context, "sms.reversed")) == 1


def test_the_same_money_in_another_report_pays_nothing_more(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    line = credit(at(clock), "MP1", francs=FRANCS)
    state(door, clock, line)
    second = door.fine()
    phone.pay(second)
    state(door, clock, line)
    assert (paid(door, number), paid(door, second)) == (True, False)
