"""Turns that arrive at the same moment: one payment, and the same bytes for the same turn."""

from datetime import timedelta
from functools import partial

import pytest

from tests.integration.web.bazaar import dialling
from tests.integration.web.citizen import Door, Phone, at_once, rows
from tests.integration.web.reports import credit, report
from tests.integration.web.till import Clock, attempts_of
from tests.integration.web.words import SENT, UNDER_WAY, con
from ussd_app.usecases.import_statement import import_statement


def same_turn(door: Door, phone: Phone, typed: str) -> str:
    """Send a turn of the phone's session without moving the phone itself."""
    return door.turn(phone.number, phone.session_id, typed, phone.dialled)


@pytest.mark.parametrize("_round", range(3))
def test_one_pay_turn_sent_twenty_times_at_once_pays_once(
    door: Door, phone: Phone, _round: int
) -> None:
    number = door.fine()
    phone.show(number)
    screens = at_once([lambda: same_turn(door, phone, "1")] * 20)
    assert len(set(screens)) == 1
    assert screens[0].startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1
    assert rows(door.context, "outbox") == 1


def test_one_first_turn_sent_ten_times_at_once_is_one_session(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.session_id, phone.dialled = "session at once", f"*789*1*{number}#"
    screens = at_once([lambda: same_turn(door, phone, "")] * 10)
    assert set(screens) == {phone.again()}
    assert phone.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


def test_an_unknown_bill_sent_ten_times_at_once_is_answered_alike(door: Door, phone: Phone) -> None:
    phone.dial(typed="1")
    screens = at_once([lambda: same_turn(door, phone, "1*4821937028")] * 9)
    assert len(set(screens)) == 1
    assert screens[0].startswith(con("problem.bill_unknown"))


def test_callers_at_once_on_one_bill_make_one_payment(door: Door) -> None:
    number = door.fine()
    phones = [Phone(door, f"+2237100000{n}") for n in range(8)]
    for each in phones:
        each.show(number)
    screens = at_once([partial(each.type, "1") for each in phones])
    assert sum(screen.startswith(SENT) for screen in screens) == 1
    assert sum(screen.startswith(UNDER_WAY) for screen in screens) == 7
    assert len(attempts_of(door.context, number)) == 1


def test_one_caller_in_two_sessions_makes_one_payment(door: Door) -> None:
    number = door.fine()
    phones = [Phone(door, "+22371000001") for _ in range(4)]
    for each in phones:
        each.show(number)
    screens = at_once([partial(each.type, "1") for each in phones])
    assert sum(screen.startswith(SENT) for screen in screens) == 1
    assert len(attempts_of(door.context, number)) == 1


def test_bills_at_once_do_not_hold_each_other_up(door: Door) -> None:
    phones = [Phone(door, f"+2237100000{n}") for n in range(8)]
    numbers = [door.fine() for _ in phones]
    for each, number in zip(phones, numbers, strict=True):
        each.show(number)
    screens = at_once([partial(each.type, "1") for each in phones])
    assert all(screen.startswith(SENT) for screen in screens)
    assert rows(door.context, "attempts") == len(phones)


def test_the_same_request_at_once_makes_one_bill(door: Door) -> None:
    phones = [Phone(door, "+22371000001") for _ in range(6)]
    dial = [partial(each.dial, typed="3*1*12*1998*1*3") for each in phones]
    assert len(set(at_once(dial))) == 1
    assert rows(door.context, "bills") == 1


@pytest.mark.parametrize("_round", range(5))
def test_of_different_answers_at_once_one_is_taken(door: Door, phone: Phone, _round: int) -> None:
    number = door.fine()
    phone.show(number)
    answers = ("1", "0", "2", "x", "00", "1*1")
    screens = at_once([partial(same_turn, door, phone, answer) for answer in answers])
    assert len(attempts_of(door.context, number)) <= 1
    settled = {same_turn(door, phone, late) for late in ("", "9", "7*7")}
    assert set(screens) == settled


@pytest.mark.parametrize("_round", range(3))
def test_of_two_credits_stated_at_once_one_is_what_was_expected(
    door: Door, clock: Clock, phone: Phone, _round: int
) -> None:
    dialling(door)
    number = door.fine()
    phone.pay(number)
    since, until = clock(), clock() + timedelta(hours=1)
    clock.advance(hours=1)
    bodies = [report(since, until, credit(until, ref, francs=3000)) for ref in ("CM1", "CM2")]

    def take(body: bytes) -> str:
        return str(import_statement(door.context, "dialcode", body))

    at_once([partial(take, body) for body in bodies])
    assert len(attempts_of(door.context, number)) == 1
    assert (rows(door.context, "receipts"), rows(door.context, "alarms")) == (1, 1)
