"""How a payment ended is what the next plain dial shows, once, and to nobody else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.payment import Evidence, Kind, Source
from tests.integration.conftest import Servers
from tests.integration.web.citizen import Door, Phone, at_once
from tests.integration.web.outages import Overtaken, without_notes
from tests.integration.web.till import (
    EXPIRED,
    Clock,
    bill_of,
    learn,
    messages_of,
    paid,
    taken_back,
)
from tests.integration.web.words import (
    ASK_BILL,
    HOME,
    LANGUAGE,
    con,
    confirm,
    words,
)
from ussd_app.usecases.context import Context

DONE = con("greet.paid")
NOT_DONE = con("greet.unpaid")
DOUBT = con("greet.doubt")
UNDER_WAY = con("greet.under_way")
MINUTES = 15  # after the key was pressed: later, the SMS has told it


def expired(context: Context, bill_number: str) -> None:
    learn(context, bill_number, EXPIRED)


def closed_unpaid(context: Context, bill_number: str) -> None:
    learn(context, bill_number, Evidence(Kind.CLOSED_UNPAID, Source.STATEMENT))


def paid_and_taken_back(context: Context, bill_number: str) -> None:
    paid(context, bill_number)
    taken_back(context, bill_number)


def paid_another_amount(context: Context, bill_number: str) -> None:
    francs = bill_of(context, bill_number).amount.francs + 1
    learn(context, bill_number, Evidence(Kind.PAID, Source.STATEMENT, "MP1", francs))


def paid_twice(context: Context, bill_number: str) -> None:
    paid(context, bill_number)
    francs = bill_of(context, bill_number).amount.francs
    learn(context, bill_number, Evidence(Kind.PAID, Source.STATEMENT, "MP2", francs))


ENDED = pytest.mark.parametrize(
    ("end", "told"),
    [
        pytest.param(paid, DONE, id="paid"),
        pytest.param(expired, NOT_DONE, id="expired"),
        pytest.param(closed_unpaid, NOT_DONE, id="closed unpaid"),
        pytest.param(paid_and_taken_back, DOUBT, id="taken back"),
        pytest.param(paid_another_amount, DOUBT, id="another amount"),
        pytest.param(paid_twice, DOUBT, id="twice"),
    ],
)


@ENDED
def test_the_end_of_a_payment_greets_the_next_dial_once(
    door: Door, known: Phone, end: Callable[[Context, str], object], told: str
) -> None:
    number = door.fine()
    known.pay(number)
    end(door.context, number)
    assert known.dial().startswith(told)
    assert known.again().startswith(told)
    assert known.type("1").startswith(HOME)
    assert known.dial().startswith(HOME)


@ENDED
def test_nothing_personal_stands_on_it(
    door: Door, known: Phone, end: Callable[[Context, str], object], told: str
) -> None:
    number = door.fine(plate="AB123MD", msisdn=known.number)
    known.pay(number)
    end(door.context, number)
    screen = known.dial()
    assert screen.startswith(told)
    assert screen == f"{told}\n1 {words('option.continue')}"
    assert not [letter for letter in told if letter.isdigit()]
    for secret in ("F CFA", "Stationnement", "Amende", "Orange", "AB123MD"):
        assert secret not in screen


def test_each_payment_that_ends_is_told(door: Door, known: Phone) -> None:
    for end, told in ((expired, NOT_DONE), (paid, DONE)):
        number = door.fine()
        known.pay(number)
        end(door.context, number)
        assert known.dial().startswith(told)
    assert known.dial().startswith(HOME)


@pytest.mark.parametrize("last", [DONE, NOT_DONE])
def test_only_the_last_payment_is_called_the_last(
    door: Door, known: Phone, clock: Clock, last: str
) -> None:
    """Who is told that the last payment was not done, after it was, may well pay again."""
    ends: list[Callable[[Context, str], object]] = [paid, expired]
    for end in ends if last == NOT_DONE else reversed(ends):
        number = door.fine()
        known.pay(number)
        end(door.context, number)
        clock.advance(minutes=1)
    assert known.dial().startswith(last)
    assert known.dial().startswith(HOME)


def test_another_try_under_way_is_told_before_the_end_of_the_first(
    door: Door, known: Phone
) -> None:
    number = door.fine()
    known.pay(number)
    expired(door.context, number)
    known.pay(number)
    assert known.dial().startswith(UNDER_WAY)
    assert known.dial().startswith(UNDER_WAY)
    paid(door.context, number)
    assert known.dial().startswith(DONE)


def test_a_success_after_a_failure_that_was_told_leaves_no_lie(door: Door, known: Phone) -> None:
    """An operator may report a late success; the SMS tells it, and no screen denies it."""
    number = door.fine()
    known.pay(number)
    expired(door.context, number)
    assert known.dial().startswith(NOT_DONE)
    paid(door.context, number)
    assert not known.dial().startswith(NOT_DONE)
    assert [text for _, text in messages_of(door.context, "sms.receipt") if number in text]


def test_it_is_told_for_a_quarter_of_an_hour(door: Door, clock: Clock, known: Phone) -> None:
    for seconds, told in ((-1, DONE), (0, HOME)):
        number = door.fine()
        known.pay(number)
        paid(door.context, number)
        clock.advance(minutes=MINUTES, seconds=seconds)
        assert known.dial().startswith(told)


def test_a_string_dialled_whole_is_not_held_up_and_uses_it_up_not(door: Door, known: Phone) -> None:
    number, another = door.fine(), door.fine()
    known.pay(number)
    paid(door.context, number)
    assert known.show(another).startswith(confirm(another))
    assert known.dial(typed="1").startswith(ASK_BILL)
    assert known.dial().startswith(DONE)


def test_it_is_never_told_to_another_number(door: Door, known: Phone, other: Phone) -> None:
    number = door.fine(msisdn=other.number)
    known.pay(number)
    paid(door.context, number)
    assert other.dial().startswith(LANGUAGE)
    assert other.dial(session_id=known.session_id).startswith(LANGUAGE)
    assert known.dial().startswith(DONE)


def test_it_is_told_to_who_asked_and_not_to_who_paid(
    door: Door, known: Phone, other: Phone
) -> None:
    number = door.fine()
    known.ask_another(number, other.number.removeprefix("+223"))
    paid(door.context, number)
    assert other.dial().startswith(LANGUAGE)
    assert known.dial().startswith(DONE)


def test_it_is_told_in_the_language_chosen(door: Door, phone: Phone) -> None:
    phone.dial()
    phone.choose("Bamanankan")
    number = door.fine()
    phone.pay(number)
    paid(door.context, number)
    assert phone.dial().startswith(con("greet.paid", "bm"))


def test_a_first_turn_sent_many_times_at_once_tells_it(door: Door, known: Phone) -> None:
    for _ in range(5):
        number = door.fine()
        known.pay(number)
        paid(door.context, number)
        known.typed, known.session_id, known.dialled = "", f"at once {number}", "*789#"
        screens = at_once([lambda: door.turn(known.number, known.session_id, "")] * 8)
        assert set(screens) == {known.again()}
        assert known.screen.startswith(DONE)


def test_a_first_turn_that_is_overtaken_by_its_copy_tells_it_all_the_same(
    door: Door, known: Phone, servers: Servers
) -> None:
    number, context = door.fine(), door.context
    known.pay(number)
    paid(context, number)
    store = Overtaken(servers.redis_url)
    door.give(replace(context, redis=store))

    def copy() -> str:
        store.first.wait(5)
        return door.turn(known.number, "overtaken", "")

    screens = at_once([lambda: door.turn(known.number, "overtaken", ""), copy])
    store.client.close()
    assert [screen.startswith(DONE) for screen in screens] == [True, True]


def test_it_is_told_though_it_cannot_be_noted(door: Door, known: Phone, servers: Servers) -> None:
    number, context = door.fine(), door.context
    known.pay(number)
    paid(context, number)
    with without_notes(context, servers.database_url) as noteless:
        door.give(noteless)
        assert known.dial().startswith(DONE)
