"""A session cut in the middle is taken up again where it was, by the same number, for a while."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.integration.web.citizen import CODE, Door, Phone, rows
from tests.integration.web.till import EXPIRED, Clock, attempts_of, cancelled, learn, paid
from tests.integration.web.words import (
    ASK_BILL,
    HOME,
    LANGUAGE,
    OFFER,
    SENT,
    UNDER_WAY,
    con,
    confirm,
    confirm_request,
    end,
    words,
)

MINUTES = 10  # the window, where nothing else is configured


def cut_at_year(known: Phone) -> None:
    """The network goes after the number of the act was typed."""
    known.dial()
    assert known.type("3", "1", "12").startswith(con("ask.year"))


def cut_at_confirm(caller: Phone, bill_number: str) -> None:
    """The network goes while the bill is shown."""
    caller.dial()
    assert caller.type("1", bill_number).startswith(confirm(bill_number))


def paid_by_another(door: Door, bill_number: str) -> None:
    asked_by_another(door, bill_number)
    paid(door.context, bill_number)


def asked_by_another(door: Door, bill_number: str) -> None:
    assert Phone(door, "+22370000099").pay(bill_number).startswith(SENT)


def cancelled_by_the_authority(door: Door, bill_number: str) -> None:
    cancelled(door.context, bill_number)


def test_what_was_typed_is_not_asked_again(door: Door, known: Phone) -> None:
    cut_at_year(known)
    assert known.dial() == OFFER
    assert known.type("1").startswith(con("ask.year"))
    shown = known.type("1998", "1", "3")
    assert shown.startswith(
        f"{confirm_request('birth_copy')}No 12, 1998, Commune I\n3 x 100 = 300 F CFA"
    )
    assert known.type("1").startswith(SENT)
    assert rows(door.context, "attempts") == 1


def test_a_bill_that_was_shown_is_shown_again_and_only_then_paid(door: Door, known: Phone) -> None:
    number = door.fine()
    cut_at_confirm(known, number)
    known.dial()
    assert known.type("1").startswith(confirm(number))
    assert not rows(door.context, "attempts")
    assert known.type("1").startswith(SENT)
    (attempt,) = attempts_of(door.context, number)
    assert attempt.caller.e164 == known.number


def test_a_request_that_was_shown_is_the_same_bill(door: Door, known: Phone) -> None:
    cut_at_year(known)
    known.type("1998", "1", "3")
    known.dial()
    assert known.type("1").startswith(confirm_request("birth_copy"))
    assert rows(door.context, "bills") == 1


@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        (paid_by_another, end("bill.paid")),
        (asked_by_another, UNDER_WAY),
        (cancelled_by_the_authority, end("bill.cancelled")),
    ],
)
def test_what_became_of_the_bill_meanwhile_is_told(
    door: Door, known: Phone, meanwhile: Callable[[Door, str], None], told: str
) -> None:
    number = door.fine()
    cut_at_confirm(known, number)
    meanwhile(door, number)
    known.dial()
    assert known.type("1").startswith(told)
    assert not [a for a in attempts_of(door.context, number) if a.caller.e164 == known.number]


def test_an_amount_that_changed_meanwhile_is_shown_before_it_is_paid(
    door: Door, known: Phone
) -> None:
    number = door.fine()
    cut_at_confirm(known, number)
    with door.context.db.begin() as tx:
        tx.execute(text("UPDATE bills SET francs = 4000, version = version + 1"))
    known.dial()
    assert "4 000 F CFA" in known.type("1")
    assert known.type("1").startswith(SENT)
    assert attempts_of(door.context, number)[0].francs == 4000


def test_another_payer_is_chosen_anew(door: Door, known: Phone) -> None:
    """What the key says is what is done, and the key of the first confirmation says our own."""
    number = door.fine()
    cut_at_confirm(known, number)
    known.choose(words("option.other_way"))
    known.choose(words("option.other_phone"))
    pays = words("option.pay_other", wallet_name="Orange Money", payer="72000001")
    assert f"1 {pays}" in known.type("72000001")
    known.dial()
    shown = known.type("1")
    assert f"1 {words('option.pay', wallet_name='Orange Money')}" in shown
    assert "72000001" not in shown
    known.type("1")
    assert attempts_of(door.context, number)[0].payer.e164 == known.number


def test_the_ways_back_work_as_if_nothing_had_happened(door: Door, known: Phone) -> None:
    number = door.fine()
    cut_at_confirm(known, number)
    known.dial()
    known.type("1")
    assert known.type("0").startswith(ASK_BILL)
    assert known.type(number).startswith(confirm(number))
    assert known.type("0", "0").startswith(HOME)


def test_it_goes_on_in_the_language_of_today(door: Door, known: Phone) -> None:
    number = door.fine()
    cut_at_confirm(known, number)
    elsewhere = Phone(door, known.number)
    elsewhere.dial()
    elsewhere.type("2", "4", "2")
    cut_at_confirm(known, number)
    elsewhere.choose("Bamanankan")
    known.dial()
    assert known.type("1").startswith(confirm(number, "bm"))


@pytest.mark.parametrize("lost", ["nothing", "redis"])
def test_it_is_offered_once_more_when_it_is_cut_again(door: Door, known: Phone, lost: str) -> None:
    cut_at_year(known)
    for _ in range(3):
        if lost == "redis":
            door.context.redis.client.flushall()
        assert known.dial() == OFFER
        assert known.type("1").startswith(con("ask.year"))
    assert rows(door.context, "checkpoints") == 1


def test_it_is_never_offered_to_another_number(door: Door, known: Phone, other: Phone) -> None:
    cut_at_confirm(known, door.fine())
    assert other.dial().startswith(LANGUAGE)
    assert other.dial(session_id=known.session_id).startswith(LANGUAGE)
    assert known.dial() == OFFER


@pytest.mark.parametrize(
    "over",
    [("00",), ("0", "0", "0"), ("1",)],  # home, back to the start, paid
)
def test_what_is_over_is_not_offered(door: Door, known: Phone, over: tuple[str, ...]) -> None:
    number = door.fine()
    cut_at_confirm(known, number)
    known.type(*over)
    if attempts_of(door.context, number):
        learn(door.context, number, EXPIRED)
        known.dial()  # how it ended is told first
    assert known.dial().startswith(HOME)
    assert not rows(door.context, "checkpoints")


def test_who_starts_anew_is_not_asked_again(door: Door, known: Phone) -> None:
    cut_at_year(known)
    known.dial()
    assert known.type("2").startswith(HOME)
    assert known.dial().startswith(HOME)
    assert not rows(door.context, "checkpoints")


def test_who_typed_nothing_left_nothing(door: Door, known: Phone) -> None:
    for keys in (["3"], ["3", "1"], ["1"], ["4", "1"]):
        known.dial()
        known.type(*keys)
        assert known.dial().startswith(HOME)
    known.show(door.fine())  # what one dial has brought, one dial brings again
    assert known.dial().startswith(HOME)


def test_a_string_dialled_whole_is_not_held_up(door: Door, known: Phone) -> None:
    cut_at_year(known)
    number = door.fine()
    assert known.show(number).startswith(confirm(number))
    assert known.dial(typed="1").startswith(ASK_BILL)
    assert known.dial(CODE, typed=f"1*{number}").startswith(confirm(number))
    assert known.dial() == OFFER


@pytest.mark.parametrize("minutes", [2, MINUTES])
def test_it_is_offered_within_the_window_only(
    door: Door, clock: Clock, known: Phone, minutes: int
) -> None:
    if minutes != MINUTES:
        door.give(replace(door.context, resume_within=timedelta(minutes=minutes)))
    cut_at_year(known)
    clock.advance(minutes=minutes, seconds=-1)
    assert known.dial() == OFFER
    clock.advance(seconds=1)
    assert known.dial().startswith(HOME)
    cut_at_year(known)
    assert known.dial() == OFFER


def test_an_offer_taken_up_too_late_leads_home(clock: Clock, known: Phone) -> None:
    cut_at_year(known)
    clock.advance(minutes=MINUTES, seconds=-1)
    known.dial()
    clock.advance(seconds=2)
    assert known.type("1").startswith(HOME)


def test_a_payment_under_way_and_its_result_are_told_first(door: Door, known: Phone) -> None:
    cut_at_year(known)
    number = door.fine()
    known.pay(number)
    assert known.dial().startswith(con("greet.under_way"))
    paid(door.context, number)
    assert known.dial().startswith(con("greet.paid"))
    assert known.dial() == OFFER
