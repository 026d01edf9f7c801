"""A turn is answered once, whatever the gateway repeats, delays, loses or sends along."""

import pytest

from tests.integration.web.citizen import CODE, Door, Phone, everything, keys, rows
from tests.integration.web.outages import spoil_sessions
from tests.integration.web.till import attempts_of
from tests.integration.web.words import (
    ASK_BILL,
    HOME,
    LANGUAGE,
    SENT,
    UNDER_WAY,
    con,
    confirm,
    confirm_request,
)


def lose_sessions(door: Door) -> None:
    door.context.redis.client.flushall()


def test_a_citizen_pays_a_bill_from_the_first_screen(door: Door, phone: Phone) -> None:
    number = door.fine()
    assert phone.dial().startswith(LANGUAGE)
    assert phone.type("1").startswith(HOME)
    assert phone.type("1").startswith(ASK_BILL)
    assert phone.type(number).startswith(confirm(number))
    assert phone.type("1").startswith(SENT)
    (attempt,) = attempts_of(door.context, number)
    assert (attempt.francs, attempt.payer.e164) == (3000, phone.number)


def test_a_repeated_turn_gets_the_same_bytes_and_does_nothing(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.dial()
    for answers in ([], ["1"], ["1", number]):
        screen = phone.type(*answers)
        before = everything(door.context)
        assert [phone.again() for _ in range(3)] == [screen] * 3
        assert everything(door.context) == before
    paid = phone.type("1")
    before = everything(door.context)
    assert [phone.again() for _ in range(3)] == [paid] * 3
    assert everything(door.context) == before
    assert len(attempts_of(door.context, number)) == 1


def test_an_unknown_bill_repeated_is_one_guess(door: Door, phone: Phone) -> None:
    phone.dial(typed="1")
    screen = phone.type("4821937028")
    redis = door.context.redis.client
    guesses = {key: redis.get(key) for key in keys(redis, "guess:*")}
    assert guesses
    assert phone.again() == screen
    assert {key: redis.get(key) for key in guesses} == guesses


def test_an_older_turn_shows_the_current_screen_again(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.dial()
    shown = phone.type("1", "1", number)
    for late in ("", "1", "1*1"):
        assert door.turn(phone.number, phone.session_id, late) == shown
    sent = phone.type("1")
    for late in ("", "1*1", f"1*1*{number}"):
        assert door.turn(phone.number, phone.session_id, late) == sent
    assert len(attempts_of(door.context, number)) == 1


def test_a_turn_with_another_past_shows_the_current_screen_again(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.dial()
    shown = phone.type("1", "1", number)
    for foreign in ("2*1*1*1", f"1*2*{number}*1", "9" * 20):
        assert door.turn(phone.number, phone.session_id, foreign) == shown
    assert not rows(door.context, "attempts")


def test_a_session_that_ended_stays_ended(door: Door, phone: Phone) -> None:
    number, second = door.fine(), door.fine()
    sent = phone.pay(number)
    assert phone.type("1") == sent
    assert phone.type("00", "1", second, "1") == sent
    assert not attempts_of(door.context, second)


@pytest.mark.parametrize("where", ["code", "text", "both"])
def test_a_bill_dialled_in_one_string_is_shown_and_paid(
    door: Door, phone: Phone, where: str
) -> None:
    number = door.fine()
    dialled = CODE if where == "text" else f"*789*1*{number}#"
    typed = "" if where == "code" else f"1*{number}"
    shown = phone.dial(dialled, typed)
    assert shown.startswith(confirm(number))
    assert phone.again() == shown
    assert phone.type("1").startswith(SENT)
    assert phone.again().startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


def test_a_gateway_may_say_the_dialled_string_only_once(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.show(number)
    phone.dialled = CODE
    assert phone.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


@pytest.mark.parametrize("more", ["*1", "*1*1", "*1*1*1", "*2*1*1", "*0*1"])
@pytest.mark.parametrize("where", ["code", "text"])
def test_text_of_a_new_session_never_goes_past_the_first_confirm(
    door: Door, phone: Phone, where: str, more: str
) -> None:
    number = door.fine()
    if where == "code":
        screen = phone.dial(f"*789*1*{number}{more}#")
    else:
        screen = phone.dial(typed=f"1*{number}{more}")
    assert screen.startswith(confirm(number))
    assert not rows(door.context, "attempts")
    assert phone.type("1").startswith(SENT)


def test_a_wrong_answer_with_a_star_costs_no_press(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.show(number)
    assert number in phone.type("5*1")
    assert phone.type("1").startswith(SENT)


def test_a_request_dialled_in_one_string_stops_at_its_confirm(door: Door, phone: Phone) -> None:
    assert phone.dial(typed="3*1*12*1998*1*3*1*1").startswith(confirm_request("birth_copy"))
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("dialled", ["*789*1*{0}#", CODE])
def test_a_session_lost_before_the_key_pays_nothing_unseen(
    door: Door, phone: Phone, dialled: str
) -> None:
    number = door.fine()
    phone.dial(dialled.format(number), "" if "{0}" in dialled else f"1*{number}")
    lose_sessions(door)
    for _ in range(2):
        assert phone.type("1").startswith(confirm(number))
    assert not rows(door.context, "attempts")
    assert phone.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


def test_a_session_lost_at_every_turn_never_pays(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.dial(typed="1")
    for answer in (number, "1", "1", "1"):
        lose_sessions(door)
        phone.type(answer)
    assert phone.screen.startswith(confirm(number))
    assert not rows(door.context, "attempts")


def test_a_pay_turn_repeated_after_the_loss_opens_nothing_more(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    lose_sessions(door)
    assert phone.again().startswith(UNDER_WAY)
    assert len(attempts_of(door.context, number)) == 1


def test_a_session_of_another_version_is_as_good_as_lost(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.show(number)
    spoil_sessions(door.context)
    assert phone.type("1").startswith(confirm(number))
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("answer", ["1*1", "1*", "*1", "0*1", "2*1", "1*1*1"])
def test_a_star_inside_the_answer_to_a_confirm_does_not_pay(
    door: Door, phone: Phone, answer: str
) -> None:
    number = door.fine()
    phone.show(number)
    screen = phone.type(answer)
    assert screen.startswith(con("problem.confirm"))
    assert f"Amende {number}" in screen
    assert not rows(door.context, "attempts")


def test_several_answers_at_once_run_through_menus_up_to_a_confirm(
    door: Door, phone: Phone
) -> None:
    number = door.fine()
    phone.dial()
    assert phone.type(f"1*1*{number}*1").startswith(confirm(number))
    assert not rows(door.context, "attempts")


def test_the_way_back_does_not_pay(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.show(number)
    assert phone.type("0").startswith(ASK_BILL)
    assert phone.type("00").startswith(HOME)
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("status", ["Success", "Incomplete", "Failed", "", "anything"])
def test_the_end_of_a_session_is_taken_in_and_changes_nothing(door: Door, status: str) -> None:
    before = everything(door.context)
    body = f"sessionId=s&phoneNumber=%2B22370000001&status={status}".encode()
    assert door.post("/ussd/africastalking/events", body).status_code == 200
    assert everything(door.context) == before
