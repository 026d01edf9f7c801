"""The gateway says that a session is over: who may have seen nothing of it is told by SMS."""

from dataclasses import replace

import pytest

from tests.integration.web.citizen import (
    EVENTS,
    FORM,
    PROBLEM,
    Door,
    Phone,
    at_once,
    everything,
    farewell,
    rows,
)
from tests.integration.web.outages import NO_DATABASE, NO_REDIS, let_sessions_expire
from tests.integration.web.till import EXPIRED, attempts_of, learn, messages_of, paid
from tests.integration.web.words import SENT, con, confirm, words
from ussd_app.store.database import Database
from ussd_app.store.redis import Store

CUT = ["Incomplete", "Failed"]
TEMPLATE = "sms.under_way"


@pytest.mark.parametrize("status", CUT)
def test_who_was_cut_off_after_the_key_is_told_what_goes_on(
    door: Door, known: Phone, status: str
) -> None:
    number = door.fine()
    known.pay(number)
    assert known.hang_up(status) == 200
    ((to, told),) = messages_of(door.context, TEMPLATE)
    assert to == known.number
    assert told == words(
        TEMPLATE,
        service=words("service.fine"),
        bill_number=number,
        amount="3 000 F CFA",
        wallet_name="Orange Money",
    )
    assert len(attempts_of(door.context, number)) == 1


def test_it_is_told_once_however_often_the_gateway_says_so(door: Door, known: Phone) -> None:
    known.pay(door.fine())
    assert set(at_once([lambda: str(known.hang_up())] * 6)) == {"200"}
    for status in (*CUT, "Success", "Incomplete"):
        assert known.hang_up(status) == 200
    assert len(messages_of(door.context, TEMPLATE)) == 1
    assert rows(door.context, "journeys") == 1


def test_who_saw_the_last_screen_is_told_nothing(door: Door, known: Phone) -> None:
    known.pay(door.fine())
    assert known.hang_up("Success") == 200
    assert not messages_of(door.context, TEMPLATE)


@pytest.mark.parametrize("status", CUT)
def test_who_had_not_pressed_the_key_is_told_nothing(door: Door, known: Phone, status: str) -> None:
    for typed in ("", "1", f"1*{door.fine()}", "9*6537567762600777"):
        known.dial(typed=typed)
        assert known.hang_up(status) == 200
    assert not messages_of(door.context)
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("status", CUT)
@pytest.mark.parametrize("ended", ["paid", "expired"])
def test_what_has_ended_already_has_told_itself(
    door: Door, known: Phone, ended: str, status: str
) -> None:
    number = door.fine()
    known.pay(number)
    if ended == "paid":
        paid(door.context, number)
    else:
        learn(door.context, number, EXPIRED)
    told = messages_of(door.context)
    assert known.hang_up(status) == 200
    assert messages_of(door.context) == told
    assert not messages_of(door.context, TEMPLATE)


@pytest.mark.parametrize("status", [*CUT, "Success", "", "anything"])
def test_a_session_that_nobody_knows_changes_nothing(
    door: Door, known: Phone, other: Phone, status: str
) -> None:
    known.pay(door.fine())
    before = everything(door.context)
    other.session_id = known.session_id
    assert other.hang_up(status) == 200
    known.session_id = "unheard of"
    assert known.hang_up(status) == 200
    assert everything(door.context) == before


def test_a_session_lost_with_redis_changes_nothing(door: Door, known: Phone) -> None:
    known.pay(door.fine())
    door.context.redis.client.flushall()
    assert known.hang_up() == 200
    assert not messages_of(door.context)


def test_a_session_id_used_again_tells_of_its_own_payment(door: Door, known: Phone) -> None:
    first, second = door.fine(), door.fine()
    known.dial(typed=f"1*{first}", session_id="used again")
    known.type("1")
    let_sessions_expire(door.context)
    known.dial(typed=f"1*{second}", session_id="used again")
    known.hang_up()
    assert not messages_of(door.context, TEMPLATE)
    known.type("1")
    known.hang_up()
    ((_, told),) = messages_of(door.context, TEMPLATE)
    assert second in told


def test_who_asked_another_to_pay_is_told_and_the_other_is_left_alone(
    door: Door, known: Phone, other: Phone
) -> None:
    number = door.fine()
    known.ask_another(number, other.number.removeprefix("+223"))
    assert known.hang_up() == 200
    ((to, told),) = messages_of(door.context, TEMPLATE)
    assert to == known.number
    assert number in told


def test_it_is_told_in_the_language_of_the_session(door: Door, phone: Phone) -> None:
    phone.dial()
    phone.choose("Bamanankan")
    number = door.fine()
    phone.pay(number)
    phone.hang_up()
    ((_, told),) = messages_of(door.context, TEMPLATE)
    assert told.startswith(f"{words('service.fine', 'bm')} {number}")


def test_the_next_dial_goes_on_as_if_nothing_had_been_said(door: Door, known: Phone) -> None:
    number = door.fine()
    known.show(number)
    assert known.hang_up() == 200
    assert known.again().startswith(confirm(number))
    assert known.type("1").startswith(SENT)
    known.hang_up()
    assert known.dial().startswith(con("greet.under_way"))
    paid(door.context, number)
    assert known.dial().startswith(con("greet.paid"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Success", "session_clean"),
        ("Incomplete", "session_cut"),
        ("Failed", "session_failed"),
        ("anything", "session_cut"),
    ],
)
def test_ends_are_counted_by_what_the_gateway_said(
    door: Door, known: Phone, status: str, outcome: str
) -> None:
    known.dial()
    before = door.figure("sarali_turns_total", outcome=outcome)
    known.hang_up(status)
    assert door.figure("sarali_turns_total", outcome=outcome) == before + 1


GOOD = farewell("+22370000001", "a session", "Incomplete")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", FORM, 400),
        (b"sessionId=a&phoneNumber=%2B22370000001", FORM, 400),
        (b"sessionId=a&status=Failed", FORM, 400),
        (b"phoneNumber=%2B22370000001&status=Failed", FORM, 400),
        (farewell("+22370000001", "", "Failed"), FORM, 400),
        (farewell("+22370000001", "1" * 129, "Failed"), FORM, 400),
        (farewell("abc", "a session", "Failed"), FORM, 400),
        (farewell("", "a session", "Failed"), FORM, 400),
        (farewell("+22370000001", "a\x00session", "Failed"), FORM, 400),
        (GOOD + b"&status=Success", FORM, 400),
        (GOOD + b"&x=%ff", FORM, 400),
        (GOOD + "&x=é".encode(), FORM, 400),
        (GOOD + b"".join(b"&f%d=" % n for n in range(20)), FORM, 400),
        (b"{}", "application/json", 415),
        (GOOD, "text/plain", 415),
        (GOOD, None, 415),
        (GOOD + b"&x=" + b"1" * 5000, FORM, 413),
    ],
)
def test_what_is_no_end_of_a_session_is_refused_and_writes_nothing(
    door: Door, known: Phone, body: bytes, content_type: str | None, status: int
) -> None:
    known.dial(typed=f"1*{door.fine()}", session_id="a session")
    known.type("1")
    before = everything(door.context)
    answer = door.post(EVENTS, body, content_type)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert everything(door.context) == before


def test_an_end_that_cannot_be_taken_in_now_is_to_be_told_again(door: Door, known: Phone) -> None:
    known.pay(door.fine())
    context = door.context
    for broken in (
        replace(context, db=Database(NO_DATABASE)),
        replace(context, redis=Store(NO_REDIS)),
    ):
        door.give(broken)
        answer = door.post(EVENTS, farewell(known.number, known.session_id, "Failed"))
        assert (answer.status_code, answer.mimetype) == (503, PROBLEM)
        door.give(context)
        assert not messages_of(context)
    assert known.hang_up("Failed") == 200
    assert len(messages_of(context, TEMPLATE)) == 1


def in_a_hurry(door: Door) -> None:
    """Let the gateway wait for nothing: every answer comes too late."""
    context = door.context
    hurried = replace(context.channel, deadline=0.0)
    door.give(replace(context, channel=hurried, channels={hurried.name: hurried}))


def test_who_cannot_have_seen_the_last_screen_in_time_is_told_once(
    door: Door, known: Phone
) -> None:
    number = door.fine()
    in_a_hurry(door)
    assert known.pay(number).startswith(SENT)
    assert known.again().startswith(SENT)
    known.hang_up("Failed")
    assert len(messages_of(door.context, TEMPLATE)) == 1
    assert door.figure("sarali_turns_total", outcome="too_late")


def test_a_screen_that_is_not_the_last_and_comes_too_late_is_nothing(
    door: Door, known: Phone
) -> None:
    in_a_hurry(door)
    known.show(door.fine())
    known.type("2")
    assert not messages_of(door.context, TEMPLATE)
    assert not rows(door.context, "journeys")
