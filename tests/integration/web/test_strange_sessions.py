"""Session ids that gateways reuse: another subscriber sees nothing, and nobody is told a lie."""

import pytest

from tests.integration.web.citizen import CODE, Door, Phone, rows
from tests.integration.web.outages import let_sessions_expire, spoil_sessions
from tests.integration.web.till import EXPIRED, attempts_of, learn
from tests.integration.web.words import SENT, confirm, end, words


@pytest.mark.parametrize("typed", ["", "1", "1*{0}", "1*{0}*1"])
def test_the_session_of_another_number_shows_nothing_of_the_first(
    door: Door, phone: Phone, other: Phone, typed: str
) -> None:
    number, theirs = door.fine(), door.fine()
    phone.dial(typed=f"1*{number}", session_id="reused")
    fresh = other.dial(typed=typed.format(theirs), session_id="unheard of")
    again = other.dial(typed=typed.format(theirs), session_id="reused")
    assert again == fresh
    assert number not in again
    assert phone.again().startswith(confirm(number))
    assert not rows(door.context, "attempts")


def test_two_numbers_in_one_session_id_each_pay_their_own(
    door: Door, phone: Phone, other: Phone
) -> None:
    mine, theirs = door.fine(), door.fine()
    phone.dial(typed=f"1*{mine}", session_id="reused")
    other.dial(typed=f"1*{theirs}", session_id="reused")
    assert phone.type("1").startswith(SENT)
    assert other.type("1").startswith(SENT)
    for caller, number in ((phone, mine), (other, theirs)):
        (attempt,) = attempts_of(door.context, number)
        assert attempt.caller.e164 == caller.number


def test_a_key_pressed_in_the_session_of_another_does_not_pay(
    door: Door, phone: Phone, other: Phone
) -> None:
    number = door.fine()
    phone.dial(typed=f"1*{number}", session_id="reused")
    other.session_id = "reused"
    other.typed = phone.typed
    assert not other.type("1").startswith(SENT)
    assert not rows(door.context, "attempts")


def test_the_dialled_string_of_another_is_not_kept(door: Door, phone: Phone, other: Phone) -> None:
    number = door.fine()
    phone.dial(f"*789*1*{number}#", session_id="reused")
    assert number not in other.dial(CODE, session_id="reused")
    assert number not in other.type("1")


def test_an_id_used_again_for_another_bill_does_not_promise_the_first(
    door: Door, phone: Phone
) -> None:
    """A gateway may count its ids round, and a session in Redis lives for minutes only."""
    first, second = door.fine(), door.fine()
    phone.dial(typed=f"1*{first}", session_id="reused")
    assert phone.type("1").startswith(SENT)
    let_sessions_expire(door.context)
    phone.dial(typed=f"1*{second}", session_id="reused")
    told_it_is_on_its_way = phone.type("1").startswith(SENT)
    assert told_it_is_on_its_way == bool(attempts_of(door.context, second))


def test_an_id_used_again_for_the_same_bill_tries_again(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.dial(typed=f"1*{number}", session_id="reused")
    phone.type("1")
    learn(door.context, number, EXPIRED)
    let_sessions_expire(door.context)
    phone.dial(typed=f"1*{number}", session_id="reused")
    assert phone.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 2


@pytest.mark.parametrize("session_id", ["*", " ", "1" * 128, "é", "a:b", "session*?[]", "\n"])
def test_any_session_id_is_an_id_of_its_own(door: Door, phone: Phone, session_id: str) -> None:
    number = door.fine()
    phone.dial(typed=f"1*{number}", session_id=session_id)
    assert phone.again().startswith(confirm(number))
    assert number not in door.turn(phone.number, f"{session_id}x"[-128:], "1")


def test_a_late_turn_that_begins_a_lost_session_leads_nobody_to_pay(
    door: Door, phone: Phone
) -> None:
    """Lost, the same keys lead elsewhere, for the language is known now; and nobody sees where."""
    phone.dial()
    assert phone.type("2", "1", "1").startswith("CON")
    door.context.redis.client.flushall()
    late = door.turn(phone.number, phone.session_id, phone.typed, phone.dialled)
    assert words("option.pay", "bm", wallet_name="Orange Money") in late
    assert phone.type("1") == late
    assert not rows(door.context, "attempts")
    assert phone.type("1").startswith(end("pay.sent", "bm"))
    assert rows(door.context, "attempts") == 1


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_late_turn_of_a_lost_session_dials_no_bill_that_nobody_sees(
    door: Door, phone: Phone, *, spoilt: bool
) -> None:
    """A number typed in the wrong place becomes, with the `1` of a language, a bill dialled."""
    number = door.fine()
    phone.dial()
    assert not phone.type("1", number).startswith(confirm(number))
    if spoilt:
        spoil_sessions(door.context)
    else:
        door.context.redis.client.flushall()
    late = door.turn(phone.number, phone.session_id, phone.typed, phone.dialled)
    assert late.startswith(confirm(number))
    assert phone.type("1") == late
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("where", ["code", "text"])
def test_who_dials_a_bill_just_after_sessions_were_lost_presses_once_more(
    door: Door, known: Phone, where: str
) -> None:
    number = door.fine()
    door.context.redis.client.flushall()
    if where == "code":
        known.dial(f"*789*1*{number}#")
    else:
        known.dial(typed=f"1*{number}")
    assert known.type("1").startswith(confirm(number))
    assert known.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1
