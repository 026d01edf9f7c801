"""Nobody is made a nuisance of: limits on guessing, and on prompting somebody else's telephone."""

from collections.abc import Callable

import pytest

from domain import check_digits
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.till import EXPIRED, Clock, attempts_of, learn, paid
from tests.integration.web.words import SENT, UNDER_WAY, con, confirm, end, words

GUESSES_A_DAY = 10
PROMPTS_A_DAY = 3
ATTEMPTS_A_DAY = 20
TOO_MANY = end("too_many")
NUISANCE = end("pay.stranger_limit")
SENT_TO_OTHER = "va recevoir un SMS puis la demande Orange Money"


@pytest.fixture
def caller(door: Door) -> Callable[[int], Phone]:
    """The n-th of many subscribers."""
    return lambda n: Phone(door, f"+22371{n:06d}")


def payer(n: int) -> str:
    return f"72{n:06d}"


def unknown_bill(n: int) -> str:
    return check_digits.append(f"{n:08d}")


def test_who_guesses_ten_bills_is_stopped_and_nobody_else(
    door: Door, phone: Phone, other: Phone
) -> None:
    number = door.fine()
    for n in range(GUESSES_A_DAY):
        assert phone.show(unknown_bill(n)).startswith(con("problem.bill_unknown"))
    for wanted in (unknown_bill(99), number):
        assert phone.show(wanted).startswith(TOO_MANY)
    assert phone.dial(f"*789*9*{check_digits.append('1' * 14)}#").startswith(TOO_MANY)
    assert other.show(number).startswith(confirm(number))
    assert phone.dial(typed="3").startswith(con("title.civil"))


def test_guesses_in_one_session_count_like_those_in_many(phone: Phone) -> None:
    phone.dial(typed="1")
    for n in range(GUESSES_A_DAY):
        assert phone.type(unknown_bill(n)).startswith(con("problem.bill_unknown"))
    assert phone.type(unknown_bill(99)).startswith(TOO_MANY)


def test_bills_and_receipts_are_guessed_from_one_budget(phone: Phone) -> None:
    for n in range(GUESSES_A_DAY // 2):
        phone.show(unknown_bill(n))
        receipt_number = check_digits.append(f"{n:014d}")
        assert phone.dial(f"*789*9*{receipt_number}#").startswith(end("receipt.unknown"))
    assert phone.show(unknown_bill(99)).startswith(TOO_MANY)


def test_mistyping_and_honest_calls_are_not_guesses(door: Door, phone: Phone) -> None:
    number = door.fine()
    for _ in range(2 * GUESSES_A_DAY):
        assert phone.show("4821937029").startswith(con("problem.bill_number"))
        assert phone.show(number).startswith(confirm(number))


def test_a_block_of_numbers_guesses_from_a_budget_of_its_own(
    door: Door, caller: Callable[[int], Phone]
) -> None:
    """Two hundred an hour for ten thousand numbers: a stack of SIM cards is one guesser."""
    number, guesses = door.fine(), 0
    for n in range(20):
        for _ in range(GUESSES_A_DAY):
            guesses += 1
            assert caller(n).show(unknown_bill(guesses)).startswith(con("problem.bill_unknown"))
    assert guesses == 200
    assert caller(99).show(number).startswith(TOO_MANY)
    assert Phone(door, "+22376000001").show(number).startswith(confirm(number))


def test_a_caller_prompts_others_three_times_a_day(
    door: Door, clock: Clock, caller: Callable[[int], Phone]
) -> None:
    bills = [door.fine() for _ in range(PROMPTS_A_DAY + 1)]
    for n, number in enumerate(bills[:-1]):
        assert SENT_TO_OTHER in caller(0).ask_another(number, payer(n))
    assert caller(0).ask_another(bills[-1], payer(9)).startswith(NUISANCE)
    assert not attempts_of(door.context, bills[-1])
    assert SENT_TO_OTHER in caller(1).ask_another(bills[-1], payer(9))
    clock.advance(hours=24, seconds=1)
    assert SENT_TO_OTHER in caller(0).ask_another(door.fine(), payer(8))


def test_a_telephone_is_prompted_by_strangers_three_times_a_day(
    door: Door, clock: Clock, caller: Callable[[int], Phone]
) -> None:
    for n in range(PROMPTS_A_DAY):
        assert SENT_TO_OTHER in caller(n).ask_another(door.fine(), payer(0))
    refused = door.fine()
    assert caller(8).ask_another(refused, payer(0)).startswith(NUISANCE)
    assert SENT_TO_OTHER in caller(8).ask_another(refused, payer(1))
    clock.advance(hours=24, seconds=1)
    assert SENT_TO_OTHER in caller(9).ask_another(door.fine(), payer(0))


def test_who_is_pestered_pays_all_the_same_from_the_own_telephone(
    door: Door, caller: Callable[[int], Phone]
) -> None:
    target = Phone(door, f"+223{payer(0)}")
    for n in range(PROMPTS_A_DAY):
        caller(n).ask_another(door.fine(), payer(0))
    assert target.pay(door.fine()).startswith(SENT)


def test_a_stranger_who_does_not_answer_blocks_a_bill_once_a_day(
    door: Door, clock: Clock, caller: Callable[[int], Phone]
) -> None:
    number = door.fine()
    caller(0).ask_another(number, payer(0))
    assert caller(1).show(number).startswith(UNDER_WAY)
    learn(door.context, number, EXPIRED)
    assert caller(1).ask_another(number, payer(1)).startswith(NUISANCE)
    assert len(attempts_of(door.context, number)) == 1
    clock.advance(hours=24, seconds=1)
    assert SENT_TO_OTHER in caller(1).ask_another(number, payer(1))


def test_a_bill_that_a_stranger_left_is_paid_from_the_own_telephone_at_once(
    door: Door, caller: Callable[[int], Phone]
) -> None:
    number = door.fine()
    caller(0).ask_another(number, payer(0))
    learn(door.context, number, EXPIRED)
    assert caller(1).pay(number).startswith(SENT)


def test_a_caller_starts_twenty_payments_a_day(door: Door, clock: Clock, phone: Phone) -> None:
    for _ in range(ATTEMPTS_A_DAY):
        number = door.fine()
        assert phone.pay(number).startswith(SENT)
        paid(door.context, number)
    refused = door.fine()
    assert phone.pay(refused).startswith(TOO_MANY)
    assert not attempts_of(door.context, refused)
    clock.advance(hours=24, seconds=1)
    assert phone.pay(refused).startswith(SENT)


@pytest.mark.parametrize(
    "typed", ["", "7000000", "700000011", "20220000", "abcdefgh", "+33612345678", "0", "00000000"]
)
def test_only_a_malian_mobile_is_prompted(door: Door, phone: Phone, typed: str) -> None:
    phone.show(door.fine())
    phone.choose(words("option.other_way"))
    phone.choose(words("option.other_phone"))
    phone.type(typed, "1")
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("written", ["{0}", "+223{0}", "00223{0}", "{0}#", "72 00.00-01"])
def test_the_own_number_typed_by_hand_is_not_a_strangers(door: Door, written: str) -> None:
    phone = Phone(door, "+22372000001")
    number = door.fine()
    phone.ask_another(number, written.format("72000001"))
    assert phone.screen.startswith(SENT)
    (attempt,) = attempts_of(door.context, number)
    assert not attempt.stranger


def test_who_is_asked_to_pay_for_another_is_warned_first(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.ask_another(number, payer(0))
    with door.context.db.begin() as tx:
        (message,) = tx.exec_driver_sql("SELECT recipient, text FROM messages").all()
    assert message.recipient == f"+223{payer(0)}"
    assert number in message.text
    assert phone.number[4:] in message.text
