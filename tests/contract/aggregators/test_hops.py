"""A turn is answered once in every dialect, by what tells its hops apart."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

import pytest

from homologation.gateways.base import Call, Reply
from homologation.line import Line
from tests.contract.aggregators.subscriber import OTHER, Net, pay
from tests.contract.aggregators.wire import carries_deep_dials
from tests.integration.web.citizen import at_once, everything
from tests.integration.web.outages import (
    going_back,
    make_room,
    refusing_writes,
    spoil_sessions,
)
from tests.integration.web.words import words
from ussd_app.aggregators.base import Identity

UNAVAILABLE = words("unavailable", code="*789#")
SENT, UNDER_WAY = words("pay.sent"), words("bill.under_way")
AT_ONCE = 4
WAYS = pytest.mark.parametrize("way", ["menus", "dialled"])


def confirmation(net: Net, number: str, way: str) -> Line:
    """A telephone that shows the confirmation of a fine."""
    if way == "menus" or not carries_deep_dials(net.dialect):
        return net.asked(number)
    return net.dialled(f"*789*1*{number}#")


def said(reply: Reply) -> str:
    return f"{reply.status} {reply.body!r}"


def deliver(net: Net, call: Call) -> str:
    return said(net.send(call))


def test_the_last_turn_again_gets_the_same_bytes_and_does_nothing(net: Net) -> None:
    number = net.door.fine()
    line = net.dialled()
    for answer in ("", "1", "1", number, "1"):
        if answer:
            line.type(answer)
        first, before = said(line.reply), everything(net.door.context)
        for _ in range(3):
            line.again()
            assert said(line.reply) == first
        assert everything(net.door.context) == before
    assert line.screen.text.startswith(SENT)
    assert net.attempts(number) == 1


@WAYS
def test_a_key_that_pays_again_and_again_opens_one_attempt(net: Net, way: str) -> None:
    number = net.door.fine()
    line = confirmation(net, number, way)
    pay(line)
    for _ in range(3):
        assert line.again().text.startswith(SENT)
    net.think()
    assert line.again().text.startswith(SENT)
    assert net.attempts(number) == 1


def test_an_answer_lost_on_the_way_is_had_again(net: Net) -> None:
    number = net.door.fine()
    line = net.asked(number)
    net.send(line.press("1"))
    assert net.attempts(number) == 1
    assert line.again().text.startswith(SENT)
    assert net.attempts(number) == 1


def test_an_older_turn_shows_the_current_screen_again(net: Net) -> None:
    """Where nothing tells hops apart, this holds for the first: a session is opened once."""
    number = net.door.fine()
    line = net.dialled()
    for answer in ("1", "1", number):
        shown = line.type(answer)
        before = everything(net.door.context)
        net.think()
        known = 1 if net.identity is Identity.NONE else len(line.calls) - 1
        assert [line.late(place) for place in range(known)] == [shown] * known
        assert everything(net.door.context) == before
    assert pay(line).text.startswith(SENT)
    net.think()
    assert all(line.late(place).text.startswith(SENT) for place in range(len(line.calls)))
    assert net.attempts(number) == 1


def test_a_turn_that_comes_several_times_at_once_is_answered_once(net: Net) -> None:
    number = net.door.fine()
    line = net.dialled()
    for answer in ("1", "1", number, "1"):
        call = line.press(answer)
        answers = at_once([partial(deliver, net, call)] * AT_ONCE)
        line.again()
        assert answers == [said(line.reply)] * AT_ONCE
    assert line.screen.text.startswith(SENT)
    assert net.attempts(number) == 1


@WAYS
def test_a_session_lost_before_the_key_pays_nothing_unseen(net: Net, way: str) -> None:
    number = net.door.fine()
    line = confirmation(net, number, way)
    net.lose_sessions()
    line.type("1")
    assert not line.screen.ends
    assert not net.attempts(number)


@WAYS
def test_a_session_lost_at_every_turn_never_pays(net: Net, way: str) -> None:
    number = net.door.fine()
    line = confirmation(net, number, way)
    for _ in range(4):
        net.lose_sessions()
        line.type("1")
    assert not net.attempts(number)


def test_an_older_turn_after_the_loss_pays_nothing_unseen(net: Net) -> None:
    number = net.door.fine()
    line = net.asked(number)
    for place in range(len(line.calls)):
        net.lose_sessions()
        line.late(place)
        line.late(place)
        assert not net.attempts(number)


@WAYS
def test_a_session_begun_anew_by_an_older_turn_pays_nothing_unseen(net: Net, way: str) -> None:
    """What comes late is shown to nobody, so the key that follows answers no screen of it."""
    number = net.door.fine()
    line = confirmation(net, number, way)
    key = line.press("1")
    for late in line.calls[:-1]:
        net.lose_sessions()
        net.send(late)
        net.think()
        shown = line.calls.index(late) == len(line.calls) - 2
        net.send(key)
        assert net.attempts(number) <= int(shown)


@pytest.mark.parametrize("spoilt", [False, True])
def test_late_answers_that_follow_a_lost_session_pay_nothing(net: Net, *, spoilt: bool) -> None:
    """Nobody sees the confirmation that they reach: the key that follows is for another screen."""
    number = net.door.fine()
    line = net.asked(number)
    line.type("0")
    key = line.press("1")
    if spoilt:
        spoil_sessions(net.door.context)
    else:
        net.lose_sessions()
    for late in line.calls[1:4]:
        net.send(late)
        net.think()
    net.send(key)
    assert not net.attempts(number)


def _asked_after_a_loss(net: Net, number: str) -> Line:
    """A telephone that shows a confirmation which is to be shown again."""
    net.lose_sessions()
    return net.asked(number)


@pytest.mark.parametrize("late", [None, -1, -2])
@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("reach", [Net.asked, _asked_after_a_loss])
def test_a_confirmation_that_redis_has_gone_back_to_pays_nothing_unseen(
    net: Net, reach: Callable[[Net, str], Line], late: int | None, *, read_only: bool
) -> None:
    """Refused, it comes back from a journal that lacks the last seconds; another is looked at."""
    refused, wanted = net.door.fine(), net.door.fine()
    context = net.door.context
    line = reach(net, refused)
    with going_back(context) as go_back:
        while refused in line.screen.text:
            line.type("0")
        line.type(wanted)
        assert wanted in line.screen.text
        go_back()
        if late is not None:
            net.think()
            net.send(line.calls[late])
        with refusing_writes(context) if read_only else nullcontext():
            line.type("1")
    assert not net.attempts(refused)


def test_who_stands_on_a_confirmation_when_redis_begins_anew_pays_soon(net: Net) -> None:
    number = net.door.fine()
    line = net.asked(number)
    with going_back(net.door.context) as go_back:
        go_back()
        pay(line)
    assert net.attempts(number) == 1


def test_a_redis_that_keeps_throwing_things_out_asks_twice(net: Net) -> None:
    number = net.door.fine()
    line = net.asked()
    make_room(net.door.context)
    line.type(number)
    for _ in range(2):
        make_room(net.door.context)
        assert not line.screen.ends
        line.type("1")
    assert line.screen.text.startswith(SENT)
    assert net.attempts(number) == 1


def test_a_screen_that_cannot_be_kept_ends_the_session(net: Net) -> None:
    """Else the key that follows would answer the one before it, which is kept."""
    line = net.asked(net.door.fine())
    with refusing_writes(net.door.context):
        line.type("0")
    assert line.screen.text == UNAVAILABLE
    assert line.screen.ends


@WAYS
def test_a_key_that_pays_repeated_after_the_loss_opens_nothing_more(net: Net, way: str) -> None:
    number = net.door.fine()
    line = confirmation(net, number, way)
    pay(line)
    for _ in range(3):
        net.lose_sessions()
        line.again()
        line.again()
    assert net.attempts(number) == 1


def test_a_session_is_open_to_the_number_that_dialled_it_alone(net: Net) -> None:
    number = net.door.fine()
    line = net.asked(number)
    other = line.lend(OTHER)
    other.session.typed.clear()
    for answer in ("1", "2", "00"):
        screen = other.type(answer)
        assert number not in screen.text
    assert other.dial(line.session.session_id).text
    assert number not in other.screen.text
    assert not net.attempts(number)
    assert pay(line).text.startswith(SENT)


def test_a_session_that_ended_stays_ended(net: Net) -> None:
    number, second = net.door.fine(), net.door.fine()
    line = net.asked(number)
    pay(line)
    for answer in ("00", "1", second, "1"):
        assert line.type(answer).text.startswith(SENT)
    assert not net.attempts(second)
