"""Giving a payment up: a link can be paid until its operator has closed it, and nothing before."""

from dataclasses import replace

import pytest

from domain.bill import BillStatus
from domain.money import Money
from domain.payment import Status
from tests.integration.web.bank import LOST, answer, work
from tests.integration.web.bazaar import Market, confirm_with
from tests.integration.web.citizen import Door, Phone, at_once
from tests.integration.web.till import Clock, attempts_of, bill_of, messages_of
from tests.integration.web.words import UNDER_WAY, con, confirm, end, words
from ussd_app.store.attempts import Attempt
from ussd_app.usecases import amend_bill

WAVE = "Wave"
YOURS, CANCELLING = con("bill.under_way_yours"), end("pay.cancelling")
CLOSED = answer(
    {
        "id": "cos-1",
        "currency": "XOF",
        "checkout_status": "expired",
        "payment_status": "processing",
    }
)


@pytest.fixture
def door(bazaar: Door) -> Door:
    return bazaar


@pytest.fixture
def number(door: Door, market: Market) -> str:
    assert not market.heard
    return door.fine()


@pytest.fixture
def waiting(door: Door, clock: Clock, number: str, phone: Phone) -> Phone:
    """Who was sent a link, and has not opened it."""
    confirm_with(phone, number, WAVE)
    work(door, clock, 2)
    return phone


def only(door: Door, number: str) -> Attempt:
    (attempt,) = attempts_of(door.context, number)
    return attempt


def reasons(door: Door) -> list[str]:
    return [said for _, said in messages_of(door.context, "sms.failed")]


def test_the_link_is_closed_and_another_wallet_pays(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone
) -> None:
    assert waiting.show(number).startswith(YOURS)
    assert waiting.choose(words("option.cancel")).startswith(CANCELLING)
    market.say(CLOSED, "cos-1")
    work(door, clock, 1)
    assert len(market.asked("/cos-1/expire")) == 1
    assert only(door, number).status is Status.FAILED
    (said,) = reasons(door)
    assert words("failure.cancelled", wallet_name=WAVE) in said
    assert f"*1*{number}#" in said
    assert confirm_with(waiting, number, "Orange Money").startswith("END ")
    assert [one.operator for one in attempts_of(door.context, number)] == ["wave", "orange_mp"]


def test_nothing_else_is_opened_before_the_operator_has_closed_it(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone
) -> None:
    waiting.show(number)
    waiting.type("1")
    work(door, clock, 2)
    assert only(door, number).status is Status.PENDING
    assert waiting.show(number).startswith(UNDER_WAY)
    assert not reasons(door)
    assert market.asked("/cos-1/expire")


def test_a_link_that_was_paid_first_brings_its_receipt(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone
) -> None:
    waiting.show(number)
    waiting.type("1")
    paid: dict[str, object] = {
        "id": "cos-1",
        "checkout_status": "complete",
        "payment_status": "succeeded",
        "transaction_id": "T1",
        "amount": str(bill_of(door.context, number).amount.francs),
        "currency": "XOF",
    }
    market.say(answer(paid), "cos-1")
    work(door, clock, 1)
    assert bill_of(door.context, number).status is BillStatus.PAID
    assert len(messages_of(door.context, "sms.receipt")) == 1
    assert not reasons(door)


def test_it_is_asked_for_again_where_no_answer_came(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone
) -> None:
    market.say(LOST, "expire")
    market.say(LOST, "cos-1")
    waiting.show(number)
    waiting.type("1")
    work(door, clock, 1)
    assert only(door, number).status is Status.PENDING
    market.say(CLOSED, "cos-1")
    work(door, clock, 4, seconds=6)
    assert only(door, number).status is Status.FAILED
    assert len(reasons(door)) == 1


def test_a_payment_given_up_before_its_link_was_made_asks_for_none(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, WAVE)
    assert phone.show(number).startswith(YOURS)
    assert phone.type("1").startswith(CANCELLING)
    work(door, clock, 2)
    assert only(door, number).status is Status.FAILED
    assert not market.asked("/checkout/sessions")
    assert not messages_of(door.context, "sms.link")
    assert len(reasons(door)) == 1


def test_pressed_many_times_at_once_it_is_one_wish(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone
) -> None:
    waiting.show(number)
    typed = f"{waiting.typed}*1"
    turns = [lambda: door.turn(waiting.number, waiting.session_id, typed, waiting.dialled)] * 4
    assert len(set(at_once(turns))) == 1
    market.say(CLOSED, "cos-1")
    work(door, clock, 2)
    assert len(market.asked("/cos-1/expire")) == 1
    assert len(reasons(door)) == 1


def test_a_payment_that_is_over_meanwhile_shows_how_the_bill_stands(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone
) -> None:
    assert waiting.show(number).startswith(YOURS)
    market.say(CLOSED, "cos-1")
    work(door, clock, 2, seconds=6)
    assert waiting.type("1").startswith(confirm(number))
    assert not market.asked("/cos-1/expire")


@pytest.mark.usefixtures("waiting")
def test_nobody_elses_payment_can_be_given_up(number: str, other: Phone) -> None:
    assert other.show(number).startswith(UNDER_WAY)


def test_who_was_asked_to_pay_for_another_may_give_it_up(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone, other: Phone
) -> None:
    phone.show(number)
    phone.choose(words("option.other_way"))
    phone.choose(WAVE)
    phone.choose(words("option.other_phone"))
    phone.type(other.number.removeprefix("+223"))
    phone.type("1")
    work(door, clock, 4)
    assert other.show(number).startswith(YOURS)
    other.type("1")
    market.say(CLOSED, "cos-1")
    work(door, clock, 1)
    assert [to for to, _ in messages_of(door.context, "sms.failed")] == [phone.number]


def test_a_prompt_cannot_be_taken_back(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, "Orange Money")
    work(door, clock, 2)
    assert market.heard
    assert phone.show(number).startswith(UNDER_WAY)


def test_nothing_can_be_given_up_at_an_operator_that_was_taken_out(
    door: Door, number: str, waiting: Phone
) -> None:
    waiting.show(number)
    left = {code: one for code, one in door.context.operators.items() if code != "wave"}
    door.give(replace(door.context, operators=left))
    assert waiting.type("1").startswith(UNDER_WAY)
    assert waiting.show(number).startswith(UNDER_WAY)
    assert not only(door, number).cancel_wanted


@pytest.mark.parametrize("altered", [True, False])
def test_a_link_for_what_is_due_no_more_is_closed(
    door: Door, clock: Clock, market: Market, *, number: str, waiting: Phone, altered: bool
) -> None:
    if altered:
        assert amend_bill.alter(door.context, number, Money(3500))
    else:
        assert amend_bill.cancel(door.context, number)
    market.say(CLOSED, "cos-1")
    work(door, clock, 1)
    assert len(market.asked("/cos-1/expire")) == 1
    assert only(door, number).status is Status.FAILED
    assert [to for to, _ in messages_of(door.context, "sms.failed")] == [waiting.number]
