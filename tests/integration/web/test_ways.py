"""What each way to pay asks of the citizen, says at the end, and sends to its operator."""

import json
from datetime import timedelta

import pytest

from domain.bill import BillStatus
from domain.payment import Status
from tests.integration.web.bank import ERROR, answer, work
from tests.integration.web.bazaar import LINK, Market, confirm_with
from tests.integration.web.citizen import Door, Phone, at_once, everything
from tests.integration.web.till import Clock, attempts_of, bill_of, messages_of
from tests.integration.web.words import SENT, con, end, words
from ussd_app.store import health
from ussd_app.store.attempts import Attempt

PASSWORD = "135790"
OTP, WAVE, PI_SPI = "Orange OTP", "Wave", "PI-SPI"
ASKED = con("ask.otp", wallet_name=OTP, otp_dial="#144#391#")
LAST = {
    "Orange Money": SENT,
    WAVE: end("pay.sent_link", wallet_name=WAVE),
    PI_SPI: end("pay.sent_request", wallet_name=PI_SPI),
    OTP: end("pay.sent_otp", wallet_name=OTP),
}


@pytest.fixture
def door(bazaar: Door) -> Door:
    return bazaar


@pytest.fixture
def number(door: Door, market: Market) -> str:
    assert not market.heard
    return door.fine()


def only(door: Door, number: str) -> Attempt:
    (attempt,) = attempts_of(door.context, number)
    return attempt


def whole_memory(door: Door) -> str:
    """Everything that is kept anywhere, Redis' values too."""
    redis = door.context.redis.client
    values = [redis.get(key) for key in redis.scan_iter(_type="string")]
    return f"{everything(door.context)} {values}"


@pytest.mark.parametrize("wallet_name", LAST)
def test_each_way_has_its_last_screen(
    door: Door, number: str, phone: Phone, wallet_name: str
) -> None:
    screen = confirm_with(phone, number, wallet_name)
    if wallet_name == OTP:
        screen = phone.type(PASSWORD)
    assert screen.startswith(LAST[wallet_name])
    assert phone.again() == screen
    assert only(door, number).status is Status.CREATED


def test_the_password_is_asked_for_once_the_bill_is_confirmed(
    door: Door, market: Market, number: str, phone: Phone
) -> None:
    assert confirm_with(phone, number, OTP).startswith(ASKED)
    assert not attempts_of(door.context, number)
    assert not market.heard
    assert phone.type(PASSWORD).startswith(LAST[OTP])
    assert only(door, number).otp == PASSWORD


@pytest.mark.parametrize("wrong", ["135", "135790246", "abcd", "13*57"])
def test_a_wrong_password_is_asked_for_again(
    door: Door, number: str, phone: Phone, wrong: str
) -> None:
    confirm_with(phone, number, OTP)
    again = phone.type(wrong)
    assert again.startswith("CON ")
    assert words("problem.otp") in again
    assert not attempts_of(door.context, number)
    assert phone.type(PASSWORD).startswith(LAST[OTP])
    assert only(door, number).otp == PASSWORD


def test_the_password_is_sent_once_and_kept_nowhere(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, OTP)
    phone.type(PASSWORD)
    assert PASSWORD not in repr(only(door, number))
    memory = whole_memory(door)
    assert memory.count(PASSWORD) == 1  # in the attempt, until it is sent
    work(door, clock, 3)
    (sent,) = market.asked("/payments/onestep")
    assert json.loads(sent.body)["customer"]["otp"] == PASSWORD
    assert PASSWORD not in repr(sent)
    assert only(door, number).otp is None
    assert only(door, number).status is Status.PENDING
    assert PASSWORD not in whole_memory(door)


def test_the_password_is_kept_nowhere_when_its_debit_got_no_answer(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    market.say(ERROR, "onestep")
    confirm_with(phone, number, OTP)
    phone.type(PASSWORD)
    work(door, clock, 3)
    assert only(door, number).status is Status.UNKNOWN
    assert len(market.asked("/payments/onestep")) == 1
    assert PASSWORD not in whole_memory(door)


def test_the_password_is_kept_nowhere_when_the_wallet_went_down(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, OTP)
    with door.context.db.begin() as tx:
        for _ in range(3):
            health.failed(tx, "orange_otp", clock(), timedelta(minutes=1))
    assert phone.type(PASSWORD).startswith(end("pay.wallet_down", wallet_name=OTP))
    assert not attempts_of(door.context, number)
    assert PASSWORD not in whole_memory(door)


def test_a_password_typed_twice_at_once_opens_one_payment(
    door: Door, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, OTP)
    typed = f"{phone.typed}*{PASSWORD}"
    turns = [lambda: door.turn(phone.number, phone.session_id, typed, phone.dialled)] * 4
    assert len(set(at_once(turns))) == 1
    assert only(door, number).otp == PASSWORD


def test_a_link_goes_out_once_by_sms(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, WAVE)
    assert not messages_of(door.context)
    work(door, clock, 5)
    ((to, said),) = messages_of(door.context, "sms.link")
    assert (to, LINK in said) == (phone.number, True)
    assert len(market.asked("/checkout/sessions")) == 1
    assert only(door, number).status is Status.PENDING


def test_no_link_no_payment_until_there_is_one(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    market.say(ERROR, "sessions")
    confirm_with(phone, number, WAVE)
    work(door, clock, 2, seconds=2)
    assert only(door, number).status is Status.CREATED
    market.say(answer({"id": "cos-1", "wave_launch_url": LINK}), "sessions")
    work(door, clock, 3, seconds=6)
    assert len(messages_of(door.context, "sms.link")) == 1
    assert only(door, number).status is Status.PENDING


def test_a_link_that_was_paid_brings_the_receipt(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, WAVE)
    work(door, clock, 2)
    paid: dict[str, object] = {
        "id": "cos-1",
        "checkout_status": "complete",
        "payment_status": "succeeded",
        "transaction_id": "T1",
        "amount": str(bill_of(door.context, number).amount.francs),
        "currency": "XOF",
    }
    market.say(answer(paid), "cos-1")
    work(door, clock, 2, seconds=6)
    assert bill_of(door.context, number).status is BillStatus.PAID
    assert [to for to, _ in messages_of(door.context, "sms.receipt")] == [phone.number]


def test_a_request_is_asked_for_once(
    door: Door, clock: Clock, market: Market, *, number: str, phone: Phone
) -> None:
    confirm_with(phone, number, PI_SPI)
    work(door, clock, 4)
    attempt = only(door, number)
    (sent,) = market.asked("/demandes-paiements")
    asked = json.loads(sent.body)
    assert (asked["txId"], asked["montant"]) == (attempt.attempt_id, attempt.francs)
    assert asked["payeurAlias"] == phone.number
    assert attempt.status is Status.PENDING
    assert not messages_of(door.context)


def test_a_way_is_offered_to_numbers_of_other_networks_too(
    door: Door, market: Market, number: str
) -> None:
    assert not market.heard
    moov = Phone(door, "+22360000001")
    assert confirm_with(moov, number, WAVE).startswith(LAST[WAVE])


def test_a_wallet_of_another_network_asks_which_number_pays(
    door: Door, market: Market, number: str
) -> None:
    assert not market.heard
    moov = Phone(door, "+22360000001")
    assert confirm_with(moov, number, OTP).startswith(con("ask.payer"))
    assert not attempts_of(door.context, number)
    moov.type("70000009")
    assert moov.type("1").startswith(ASKED)
    assert moov.type(PASSWORD).startswith(LAST[OTP])
    assert only(door, number).payer.e164 == "+22370000009"
