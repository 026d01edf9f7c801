"""USSD over SMPP, against the simulated centre: a dialogue, and what breaks in its middle."""

import socket
from contextlib import closing

import pytest

from smpp.ussd import Rules, SessionRule
from tests.integration.simulators.harness import wait_for
from tests.integration.smpp.holding import holding
from tests.integration.smpp.telephone import Centre, Handset, open_centre
from tests.integration.web.citizen import Door
from tests.integration.web.outages import going_back
from tests.integration.web.till import attempts_of, messages_of
from tests.integration.web.words import words
from ussd_app.links.session import Session
from ussd_app.links.wire import Where, Wire

HOME, LANGUAGE = words("title.home"), words("title.language")
SENT = words("pay.sent")


def confirm(number: str) -> str:
    return words("confirm.bill", heading=words("heading.fine"), bill_number=number)


def test_a_citizen_pays_a_fine_from_the_first_screen(door: Door, handset: Handset) -> None:
    number = door.fine()
    assert handset.dial("*789#").startswith(LANGUAGE)
    assert handset.type("1").startswith(HOME)
    assert handset.type("1").startswith(words("ask.bill_number"))
    assert handset.type(number).startswith(confirm(number))
    assert handset.type("1").startswith(SENT)
    assert not handset.is_open
    (attempt,) = attempts_of(door.context, number)
    assert attempt.payer.e164 == f"+{handset.number}"


def test_a_bill_dialled_in_one_string_is_paid(door: Door, handset: Handset) -> None:
    number = door.fine()
    assert handset.dial(f"*789*1*{number}#").startswith(confirm(number))
    assert handset.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


def test_a_confirmation_that_redis_has_gone_back_to_pays_nothing_unseen(
    door: Door, handset: Handset
) -> None:
    refused, wanted = door.fine(), door.fine()
    handset.dial("*789#")
    for answer in ("1", "1", refused):
        handset.type(answer)
    redis = door.context.redis.client
    wait_for(lambda: redis.keys("smpp-call:*"))
    with going_back(door.context) as go_back:
        handset.type("0")
        assert wanted in handset.type(wanted)
        go_back()
        handset.type("1")
    assert not attempts_of(door.context, refused)


def test_another_code_is_not_in_service(handset: Handset) -> None:
    assert handset.dial("*790#").startswith(words("unknown_code"))
    assert not handset.is_open


def test_who_hangs_up_takes_up_again(door: Door, handset: Handset) -> None:
    number = door.fine()
    handset.dial("*789#")
    for answer in ("1", "1", number):
        handset.type(answer)
    handset.hang_up()
    assert handset.dial("*789#").startswith(words("greet.resume"))
    assert handset.type("1").startswith(confirm(number))


# What may befall the message that says that the citizen confirms, and what the answer to it.
HARMLESS = (
    "duplicate",
    "duplicate_anew",
    "split",
    "drop_sent",
    "drop_answered",
    "throttle",
    "full",
)


@pytest.mark.parametrize("fault", [*HARMLESS, "delay"])
def test_a_confirmed_payment_is_asked_for_once_and_said(
    door: Door, centre: Centre, handset: Handset, fault: str
) -> None:
    number = door.fine()
    handset.dial(f"*789*1*{number}#")
    centre.expect(fault)
    assert handset.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


@pytest.mark.parametrize("fault", HARMLESS)
def test_no_key_is_taken_twice_on_the_way(
    door: Door, centre: Centre, handset: Handset, fault: str
) -> None:
    number = door.fine()
    handset.dial("*789#")
    handset.type("1")
    centre.expect(fault)
    assert handset.type("1").startswith(words("ask.bill_number"))
    assert handset.type(number).startswith(confirm(number))
    assert not attempts_of(door.context, number)


def test_a_screen_of_which_nobody_knows_if_it_was_seen_is_shown_again(
    door: Door, centre: Centre, session: Session, handset: Handset
) -> None:
    number = door.fine()
    centre.expect("drop_after")
    assert handset.dial(f"*789*1*{number}#").startswith(confirm(number))
    wait_for(lambda: session.is_bound)
    assert handset.type("1").startswith(confirm(number))
    assert not attempts_of(door.context, number)
    assert handset.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


def test_an_answer_faster_than_the_word_that_its_screen_was_taken_is_asked_for_again(
    door: Door, centre: Centre, handset: Handset
) -> None:
    number = door.fine()
    centre.expect("delay")
    assert handset.dial(f"*789*1*{number}#").startswith(confirm(number))
    assert handset.type("1").startswith(confirm(number))
    assert handset.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1


def test_a_payment_whose_screen_was_lost_is_said_at_the_next_dial(
    door: Door, centre: Centre, session: Session, handset: Handset
) -> None:
    number = door.fine()
    handset.dial(f"*789*1*{number}#")
    centre.expect("drop_before")
    handset.press("1")
    wait_for(lambda: attempts_of(door.context, number))
    wait_for(lambda: session.is_bound)
    assert handset.dial(f"*789*1*{number}#").startswith(words("bill.under_way"))
    assert len(attempts_of(door.context, number)) == 1


def test_a_payment_whose_screen_was_refused_is_said_by_sms(
    door: Door, centre: Centre, handset: Handset
) -> None:
    number = door.fine()
    handset.dial(f"*789*1*{number}#")
    centre.expect("refuse")
    handset.press("1")
    wait_for(lambda: messages_of(door.context))
    assert [to for to, _ in messages_of(door.context)] == [f"+{handset.number}"]
    assert len(attempts_of(door.context, number)) == 1


def test_a_session_goes_on_over_another_link(
    door: Door, centre: Centre, session: Session, handset: Handset
) -> None:
    number = door.fine()
    handset.dial("*789#")
    handset.type("1")
    centre.drop()
    wait_for(lambda: not session.is_bound)
    assert handset.type("1").startswith(words("ask.bill_number"))
    assert handset.type(number).startswith(confirm(number))


def test_who_never_reads_is_left_before_memory_is_full() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        wire = Wire.connect(Where("127.0.0.1", deaf.getsockname()[1]), 5.0)
        with closing(wire), pytest.raises(ConnectionAbortedError):
            talk_on(wire)


def talk_on(wire: Wire) -> None:
    for _ in range(1000):
        wire.exchange(bytes(65_536), 0.0)


def test_the_centre_may_ask_us_to_leave(centre: Centre, session: Session, handset: Handset) -> None:
    centre.post("/sandbox/faults", unbind=True)
    wait_for(lambda: not session.is_bound)
    assert handset.dial("*789#").startswith(LANGUAGE)


def test_gateways_that_name_sessions_by_a_message_reference(door: Door) -> None:
    rules = Rules(SessionRule.USER_MESSAGE_REFERENCE)
    number = door.fine()
    with (
        open_centre(SIM_SMSC_SESSIONS="user_message_reference") as centre,
        holding(door, centre, rules),
    ):
        handset = Handset(centre)
        assert handset.dial(f"*789*1*{number}#").startswith(confirm(number))
        assert handset.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1
