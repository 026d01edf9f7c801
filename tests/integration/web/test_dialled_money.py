"""A wallet paid by its merchant code: nothing is opened, and the money must be known again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.bill import BillStatus
from domain.payment import Status
from menus.protocol import Told
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
from ussd_app.usecases.open_payment import Opening, open_payment

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
    import_statement(door.context, "dialcode", report(since, clock(), *lines))


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
    ((to, said),) = messages_of(door.context)
    assert (to, f"*166*4*000000*{FRANCS}#" in said, number in said) == (phone.number, True, True)
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
    assert len(messages_of(door.context, "sms.dial")) == 2


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


@pytest.mark.parametrize(
    "printed", ["70000001", "22370000001", "+22370000001", "0022370000001", "223 70-00 00.01"]
)
def test_the_payer_is_known_however_the_operator_prints_the_number(
    door: Door, clock: Clock, number: str, printed: str
) -> None:
    state(door, clock, credit(at(clock), "MP1", payer=printed, francs=FRANCS))
    assert paid(door, number)


def test_who_pays_is_sent_what_to_dial_once_for_each_time_it_was_asked_for(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    phone.again()
    assert len(messages_of(door.context, "sms.dial")) == 1
    clock.advance(hours=1)
    phone.pay(number)
    assert [to for to, _ in messages_of(door.context, "sms.dial")] == [phone.number] * 2


def test_the_turn_that_told_it_says_the_same_when_it_is_paid(
    door: Door, clock: Clock, number: str
) -> None:
    state(door, clock, credit(at(clock), "MP1", francs=FRANCS))
    ((attempt,), bill) = attempts_of(door.context, number), bill_of(door.context, number)
    told = open_payment(
        door.context,
        Opening(
            number, bill.version, "dialcode", attempt.caller, None, "", "fr",
            attempt.session_key, attempt.turn,
        ),
    )  # fmt: skip
    assert told == Told("dial", {"dial_code": f"*166*4*000000*{FRANCS}#"})
    assert not rows(door.context, "expectations")


def test_another_number_is_sent_what_to_dial_three_times_a_day(
    door: Door, bank: Bank, phone: Phone, other: Phone
) -> None:
    assert not bank.heard
    numbers = [door.fine() for _ in range(4)]
    screens = [phone.ask_another(each, other.number.removeprefix("+223")) for each in numbers]
    assert [screen.startswith(TOLD) for screen in screens] == [True, True, True, False]
    assert screens[3].startswith(end("pay.stranger_limit"))
    assert [to for to, _ in messages_of(door.context, "sms.dial")] == [other.number] * 3
    assert other.pay(numbers[3]).startswith(TOLD)


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
