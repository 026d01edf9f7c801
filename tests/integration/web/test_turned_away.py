"""Turned away before anybody is asked to pay: nothing was debited, and it is said so."""

import json
from copy import copy
from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.payment import Status
from payments.intent import AmountRules
from payments.operators.base import Answer
from tests.integration.web.bank import work
from tests.integration.web.bazaar import Market, confirm_with
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.till import Clock, attempts_of, messages_of
from tests.integration.web.words import confirm, end, words

TOO_SOON = Answer(429, json.dumps({"status": 429, "title": "Too Many Requests"}).encode())
PATH = "demandes-paiements"


@pytest.fixture
def clock(bazaar: Door) -> Clock:
    return Clock(bazaar.context.now)


@pytest.fixture
def market(bazaar: Door, clock: Clock) -> Market:
    market = Market()
    bazaar.give(replace(bazaar.context, now=clock, transport=market))
    return market


@pytest.fixture
def door(bazaar: Door, market: Market) -> Door:
    assert not market.heard
    return bazaar


def test_who_is_turned_away_is_told_that_nothing_left_and_may_pay_again(
    door: Door, clock: Clock, market: Market, *, phone: Phone
) -> None:
    market.say(TOO_SOON, PATH)
    number = door.fine()
    confirm_with(phone, number, "PI-SPI")
    work(door, clock, 3)
    (attempt,) = attempts_of(door.context, number)
    assert attempt.status is Status.FAILED
    assert len(market.asked(f"/{PATH}")) == 1
    ((to, said),) = messages_of(door.context)
    assert to == phone.number
    assert words("failure.not_sent", wallet_name="PI-SPI") in said
    assert not rows(door.context, "entries")
    assert phone.show(number).startswith(confirm(number))


def test_no_machine_tries_again(door: Door, clock: Clock, market: Market, *, phone: Phone) -> None:
    market.say(TOO_SOON, PATH)
    confirm_with(phone, door.fine(), "PI-SPI")
    work(door, clock, 20)
    assert len(market.asked(f"/{PATH}")) == 1


@pytest.mark.parametrize("francs", [3001, 3004])
def test_an_amount_that_an_operator_would_round_is_not_asked_for(
    door: Door, market: Market, phone: Phone, *, francs: int
) -> None:
    number = door.fine()
    by_fives = copy(door.context.operators["orange_mp"])
    rules = AmountRules(low=5, high=2_000_000, step=5)
    by_fives.capabilities = replace(by_fives.capabilities, amounts=rules)
    every = {**door.context.operators, "orange_mp": by_fives}
    door.give(replace(door.context, operators=every))
    with door.context.db.begin() as tx:
        tx.execute(text("UPDATE bills SET francs = :francs"), {"francs": francs})
    assert phone.pay(number).startswith(end("pay.amount_refused", wallet_name="Orange Money"))
    assert not attempts_of(door.context, number)
    assert not market.heard
