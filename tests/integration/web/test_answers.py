"""A wrong answer says what was wrong and asks again; a bill that cannot be paid says why."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import check_digits, gsm7
from menus.render import BUDGET_UNKNOWN
from tests.integration.web.citizen import Door, Phone, everything, rows
from tests.integration.web.till import attempts_of, cancelled, paid, taken_back
from tests.integration.web.words import (
    ASK_BILL,
    SENT,
    UNDER_WAY,
    con,
    confirm,
    confirm_request,
    end,
    words,
)

UNKNOWN_BILL = check_digits.append("48219370")
NOT_TEN_DIGITS = [
    "123", "12345678901", "abcdefghij", "48219370xx", "4821937028 4821937028", "٤٨٢١٩٣٧٠٢٨",
    "-482193702", "4821937.28e1", "0x4821937028", "null", "4821937028\n1", "%", "'; DROP TABLE",
]  # fmt: skip
# What may follow a Confirm without being the key that pays.
NOT_THE_KEY = [
    "",
    " ",
    "2x",
    "11",
    "01",
    "one",
    "1*1",
    "1 1",
    "1.0",
    "+1",
    "l",
    "١",
    "１",
    "98",
    "9",
]


@pytest.fixture
def asked(phone: Phone) -> Phone:
    """A telephone that is asked for a bill number."""
    phone.dial(typed="1")
    assert phone.screen.startswith(ASK_BILL)
    return phone


def numbers_one_slip_away(number: str) -> list[str]:
    """Each number with one wrong digit, and with two neighbours swapped."""
    wrong = [
        number[:n] + digit + number[n + 1 :]
        for n in range(len(number))
        for digit in "0123456789"
        if digit != number[n]
    ]
    swapped = [
        number[:n] + second + first + number[n + 2 :]
        for n, (first, second) in enumerate(pairwise(number))
        if first != second
    ]
    return wrong + swapped


def test_every_slip_in_a_bill_number_is_told_and_not_looked_up(door: Door, asked: Phone) -> None:
    number = door.fine()
    kept = {name: found for name, found in everything(door.context).items() if name != "redis"}
    for slip in numbers_one_slip_away(number):
        asked.dial(typed="1")
        assert asked.type(slip).startswith(con("problem.bill_number"))
        assert words("ask.bill_number") in asked.screen
    after = everything(door.context)
    assert not [key for key in after.pop("redis") if not key.startswith("ussd")]
    assert after == kept
    assert "3 000 F CFA" in asked.type(number)


@pytest.mark.parametrize("answer", NOT_TEN_DIGITS)
def test_what_is_no_bill_number_is_asked_again(asked: Phone, answer: str) -> None:
    assert asked.type(answer).startswith(con("problem.bill_number"))


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", "{0}.{1}", " {0}{1} ", "{0}{1}#"])
def test_a_bill_number_is_taken_as_it_stands_on_paper(
    door: Door, asked: Phone, written: str
) -> None:
    number = door.fine()
    assert asked.type(written.format(number[:4], number[4:])).startswith(confirm(number))


def test_an_unknown_bill_is_told_and_counted_as_a_guess(door: Door, asked: Phone) -> None:
    before = {name: found for name, found in everything(door.context).items() if name != "redis"}
    assert asked.type(UNKNOWN_BILL).startswith(con("problem.bill_unknown"))
    after = everything(door.context)
    assert any(key.startswith("guess:") for key in after.pop("redis"))
    assert after == before


def test_an_empty_answer_is_asked_again(asked: Phone, other: Phone) -> None:
    asked.typed = "1*"
    assert asked.again().startswith(f"{con('problem.empty')}\n{words('ask.bill_number')}")
    other.dial(typed="4")
    other.typed = "4*"
    assert other.again().startswith(con("problem.empty"))


def test_a_bill_already_paid_is_not_paid_again(door: Door, phone: Phone, other: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    paid(door.context, number)
    for caller in (phone, other):
        assert caller.show(number).startswith(end("bill.paid"))
    assert len(attempts_of(door.context, number)) == 1


def test_a_bill_under_payment_is_not_paid_twice(door: Door, phone: Phone, other: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    for caller in (phone, other):
        assert caller.show(number).startswith(UNDER_WAY)
    assert len(attempts_of(door.context, number)) == 1


def test_a_cancelled_bill_is_not_paid(door: Door, phone: Phone) -> None:
    number = door.fine()
    cancelled(door.context, number)
    assert phone.show(number) == end("bill.cancelled")
    assert not rows(door.context, "attempts")


def test_a_bill_whose_money_was_taken_back_can_be_paid_again(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    paid(door.context, number)
    taken_back(door.context, number)
    assert phone.pay(number).startswith(SENT)
    assert len(attempts_of(door.context, number)) == 2


def test_a_bill_cancelled_while_it_is_shown_is_not_paid(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.show(number)
    cancelled(door.context, number)
    assert phone.type("1") == end("bill.cancelled")
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize("answer", NOT_THE_KEY)
def test_only_the_key_shown_pays(door: Door, phone: Phone, answer: str) -> None:
    number = door.fine()
    phone.show(number)
    phone.typed = answer or "*"
    screen = phone.again()
    assert screen.startswith(con("problem.confirm"))
    assert not rows(door.context, "attempts")


@pytest.mark.parametrize(
    ("typed", "answer", "problem"),
    [
        ("3*1", "abc", "digits"),
        ("3*1", "1234567", "digits"),
        ("3*1", "٣", "digits"),
        ("3*1*12", "98", "year"),
        ("3*1*12", "2999", "year"),
        ("3*1*12", "mille", "year"),
        ("3*1*12*1998", "77", "choice"),
        ("3*1*12*1998*1", "10", "quantity"),
        ("3*1*12*1998*1", "x", "quantity"),
        ("2*1", "1900101123456", "nina"),
        ("2*1", "190010112345678", "nina"),
        ("2", "5", "choice"),
        ("9", "1234567890123456", "receipt_number"),
        ("9", "recu", "receipt_number"),
    ],
)
def test_each_question_says_what_was_wrong_and_asks_again(
    door: Door, phone: Phone, typed: str, answer: str, problem: str
) -> None:
    before = everything(door.context)["bills"]
    phone.dial()  # a subscriber who never called chooses a language first
    question = phone.dial(typed=typed).removeprefix("CON ")
    screen = phone.type(answer)
    assert screen.startswith(con(f"problem.{problem}"))
    assert screen.endswith(question.splitlines()[-1])
    assert everything(door.context)["bills"] == before


@pytest.mark.parametrize("typed", ["", "1", "2", "3*1", "3*1*12", "4", "4*1", "9", "2*1*1", "BILL"])
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    answer=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
)
def test_whatever_is_typed_gets_a_screen_and_moves_no_money(
    door: Door, phone: Phone, typed: str, answer: str
) -> None:
    if typed == "BILL":
        phone.show(door.fine())
    else:
        phone.dial(typed=typed)
    pays = phone.screen.startswith(
        (con("confirm.bill", heading=words("heading.fine")), confirm_request("cni"))
    )
    if pays and answer.strip().rstrip("#") == "1":
        return
    screen = phone.type(answer)
    shown = gsm7.septets(screen[4:])
    assert screen[:4] in {"CON ", "END "}
    assert shown is not None
    assert shown <= BUDGET_UNKNOWN
    assert not rows(door.context, "attempts")
