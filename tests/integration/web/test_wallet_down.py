"""An operator that does not respond rests a while, and nobody is sent to it in vain."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.msisdn import Network
from domain.payment import Status
from domain.wallet import Wallet
from payments.operators.base import Answer, Operator, Outcome
from payments.operators.orange_mp import Account, OrangeMp
from tests.integration.web.bank import ERROR, LOST, NOT_SENT, Bank, work
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.till import Clock, attempts_of
from tests.integration.web.words import SENT, confirm, end, words
from ussd_app.manuscripts import Shelf
from ussd_app.usecases import drain
from ussd_app.usecases.edition import publish

DOWN = end("pay.wallet_down", wallet_name="Orange Money")
FAILURES = 3


@pytest.fixture
def bank(door: Door, clock: Clock) -> Bank:
    """The operator, in the test's hand."""
    bank = Bank()
    door.give(replace(door.context, now=clock, transport=bank))
    return bank


def fail(door: Door, clock: Clock, phone: Phone, times: int = FAILURES) -> None:
    """Somebody pays, and as many harmless calls go wrong one after the other."""
    assert phone.pay(door.fine()).startswith(SENT)
    work(door, clock, times, seconds=2)


@pytest.mark.parametrize("outcome", [NOT_SENT, LOST, ERROR, Answer(503, b"busy")])
@pytest.mark.parametrize("verb", ["token", "init"])
def test_after_three_calls_in_vain_nobody_is_sent_there(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, other: Phone, verb: str, outcome: Outcome
) -> None:
    bank.say(outcome, verb)
    fail(door, clock, phone, FAILURES - 1)
    assert other.pay(door.fine()).startswith(SENT)
    work(door, clock, 1, seconds=2)
    number = door.fine()
    third = Phone(door, "+22370000003")
    assert third.show(number).startswith(confirm(number))
    assert third.type("1").startswith(DOWN)
    assert third.again() == third.screen
    assert not attempts_of(door.context, number)


def test_it_comes_back_when_it_has_rested(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, other: Phone
) -> None:
    bank.say(NOT_SENT, "token")
    fail(door, clock, phone)
    number = door.fine()
    assert other.pay(number).startswith(DOWN)
    clock.advance(seconds=door.context.pace.rest_when_down)
    assert other.pay(number).startswith(SENT)


def test_after_a_rest_one_call_tells(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, other: Phone
) -> None:
    bank.say(NOT_SENT, "token")
    fail(door, clock, phone)
    rest = door.context.pace.rest_when_down
    work(door, clock, 1, seconds=rest)
    assert other.pay(door.fine()).startswith(DOWN)
    bank.say(None, "token")
    work(door, clock, 1, seconds=rest)
    bank.say(NOT_SENT, "token", "paymentstatus")
    work(door, clock, FAILURES - 1)
    assert other.pay(door.fine()).startswith(SENT)


@pytest.mark.parametrize("outcome", [LOST, ERROR, NOT_SENT])
def test_a_debit_without_an_answer_is_doubt_about_one_payment_only(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, outcome: Outcome
) -> None:
    bank.say(outcome, "pay")
    for _ in range(FAILURES + 1):
        fail(door, clock, phone, 1)
    assert bank.heard.count("pay") == FAILURES + 1
    with door.context.db.begin() as tx:
        counted = tx.exec_driver_sql("SELECT failures FROM operator_health").scalars().all()
    assert not any(counted)
    assert phone.pay(door.fine()).startswith(SENT)


@pytest.mark.parametrize("status", [400, 401, 404, 417])
def test_an_operator_that_refuses_responds(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, status: int
) -> None:
    bank.say(Answer(status, b"{}"), "token", "init")
    fail(door, clock, phone, FAILURES + 2)
    assert phone.pay(door.fine()).startswith(SENT)


def test_an_answer_between_failures_begins_the_count_anew(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, other: Phone
) -> None:
    bank.say(ERROR, "paymentstatus")
    fail(door, clock, phone, FAILURES)  # the token, the key and the debit; then questions
    bank.say(None, "paymentstatus")
    work(door, clock, 1)
    bank.say(ERROR, "paymentstatus")
    work(door, clock, FAILURES - 1)
    assert other.pay(door.fine()).startswith(SENT)


def test_a_payment_under_way_is_looked_after_all_the_same(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone, other: Phone
) -> None:
    bank.say(NOT_SENT, "token")
    number = door.fine()
    phone.pay(number)
    work(door, clock, FAILURES, seconds=2)
    assert other.pay(door.fine()).startswith(DOWN)
    bank.say(None, "token")
    work(door, clock, 1, seconds=2)
    assert attempts_of(door.context, number)[0].status is Status.PENDING
    assert other.pay(door.fine()).startswith(SENT)


def test_a_key_pressed_before_it_went_down_is_answered_as_it_was(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone
) -> None:
    bank.say(NOT_SENT, "token")
    fail(door, clock, phone)
    assert phone.again().startswith(SENT)
    assert rows(door.context, "attempts") == 1


class Moov(OrangeMp):
    """Another operator of the same make."""

    wallet = Wallet("moov", "Moov Money", Network.MOOV)


@pytest.fixture
def two_wallets(door: Door, clock: Clock, bank: Bank) -> Bank:
    """A door that offers two wallets."""
    account = Account("https://moov.example", "id", "secret", "user", "password", "60000000", "0")
    moov = Moov(account, timeout=3.0, expiry=20.0)
    operators: Mapping[str, Operator] = {**door.context.operators, "moov": moov}
    wallets = tuple(operator.wallet for operator in operators.values())
    manuscript = Shelf(sandbox=True, languages=("fr", "bm")).read()
    edition = publish(manuscript, wallets, clock().date())
    door.give(replace(door.context, operators=operators, edition=edition))
    return bank


def test_another_wallet_is_offered_first_while_one_is_down(
    door: Door, clock: Clock, two_wallets: Bank, *, phone: Phone, other: Phone
) -> None:
    number, orange, moov = door.fine(), "Orange Money", "Moov Money"
    offered = f"1 {words('option.pay')}{{0}}"
    assert offered.format(orange) in other.show(number).splitlines()
    two_wallets.say(NOT_SENT, "token")
    fail(door, clock, phone)
    assert offered.format(moov) in other.show(number).splitlines()
    other.choose(words("option.other_way"))
    assert f"1 {orange} {words('wallet.down')}" in other.screen.splitlines()
    assert f"2 {moov}" in other.screen.splitlines()
    clock.advance(seconds=door.context.pace.rest_when_down)
    assert offered.format(orange) in other.show(number).splitlines()


def test_the_pulse_tells_before_anybody_pays(
    door: Door, clock: Clock, bank: Bank, *, phone: Phone
) -> None:
    drain.arm(door.context)
    bank.say(NOT_SENT, "token")
    every = door.context.pace.heartbeat_every
    work(door, clock, FAILURES, seconds=every)
    assert phone.pay(door.fine()).startswith(DOWN)
    bank.say(None, "token")
    work(door, clock, 1, seconds=every)
    assert phone.pay(door.fine()).startswith(SENT)


def test_the_pulse_is_felt_for_ever_and_debits_nothing(
    door: Door, clock: Clock, bank: Bank
) -> None:
    drain.arm(door.context)
    drain.arm(door.context)
    work(door, clock, 5, seconds=door.context.pace.heartbeat_every)
    assert bank.heard.count("token") >= 5  # the first statement needs a bearer as well
    assert set(bank.heard) <= {"token", "reports"}


def test_an_operator_that_is_no_longer_configured_has_no_pulse(
    door: Door, clock: Clock, bank: Bank
) -> None:
    drain.arm(door.context)
    door.give(replace(door.context, operators={}))
    work(door, clock, 3, seconds=door.context.pace.heartbeat_every)
    assert not bank.heard


def test_a_payment_whose_operator_was_taken_out_waits_until_it_is_put_back(
    door: Door, clock: Clock, bank: Bank, phone: Phone
) -> None:
    number = door.fine()
    phone.pay(number)
    operators = door.context.operators
    door.give(replace(door.context, operators={}))
    work(door, clock, 3)
    assert not bank.heard
    door.give(replace(door.context, operators=operators))
    work(door, clock, 1, seconds=door.context.pace.slowest)
    assert attempts_of(door.context, number)[0].status is Status.PENDING
