"""Receipts sent again: to the number that paid, or a copy by the receipt's own number."""

from functools import partial

import pytest
from sqlalchemy import text

from domain import check_digits
from receipts.record import Receipt
from tests.integration.web.citizen import Door, Phone, at_once
from tests.integration.web.till import Clock, messages_of, paid, taken_back
from tests.integration.web.words import con, end

SHOWN, COPIED = end("receipts.sent"), end("copy.sent")
NEWEST = 3
A_DAY = 3
FRIEND = "+22372000001"
UNKNOWN = check_digits.append("12345678901234")


def pay(door: Door, phone: Phone) -> Receipt:
    """Pay a fine; the messages that came with it are forgotten."""
    number = door.fine()
    phone.pay(number)
    receipt = paid(door.context, number)
    forget(door)
    return receipt


def forget(door: Door) -> None:
    with door.context.db.begin() as tx:
        tx.execute(text("DELETE FROM messages"))


def sent(door: Door) -> list[tuple[str, str]]:
    """Who was sent which receipt: the number, and the digits to check it by."""
    return [
        (to, told.partition("*789*9*")[2].partition("#")[0])
        for to, told in messages_of(door.context)
    ]


def ask(phone: Phone) -> str:
    """Ask for one's own receipts from the home menu."""
    phone.dial()
    if phone.screen.startswith(con("greet.paid")):
        phone.type("1")
    return phone.type("4", "4", "1")


def copy(phone: Phone, receipt_number: str, to: str = FRIEND) -> str:
    """Ask for a copy for somebody else."""
    phone.dial(typed="4*4*2")
    assert phone.screen.startswith(con("ask.receipt_number"))
    phone.type(receipt_number)
    assert phone.screen.startswith(con("ask.recipient"))
    return phone.type(to.removeprefix("+223"))


def test_the_payer_is_sent_the_same_words_again(door: Door, known: Phone) -> None:
    number = door.fine()
    known.pay(number)
    receipt = paid(door.context, number)
    ((_, first),) = messages_of(door.context)
    assert ask(known).startswith(SHOWN)
    assert messages_of(door.context) == [(known.number, first)] * 2
    for secret in (receipt.receipt_number, number, "F CFA"):
        assert secret not in known.screen


def test_the_screen_is_the_same_for_who_has_none(door: Door, known: Phone, other: Phone) -> None:
    other.dial()
    other.type("1")
    pay(door, known)
    assert ask(other) == ask(known)
    assert {to for to, _ in sent(door)} == {known.number}


def test_who_asked_another_to_pay_is_not_sent_it_but_the_payer_is(
    door: Door, known: Phone, other: Phone
) -> None:
    number = door.fine()
    known.ask_another(number, other.number.removeprefix("+223"))
    receipt = paid(door.context, number)
    forget(door)
    assert ask(known).startswith(SHOWN)
    assert not sent(door)
    other.dial()
    other.type("1")
    ask(other)
    assert sent(door) == [(other.number, receipt.receipt_number)]


def test_the_newest_are_sent(door: Door, clock: Clock, known: Phone) -> None:
    receipts = []
    for _ in range(NEWEST + 2):
        receipts.append(pay(door, known).receipt_number)
        clock.advance(minutes=20)
    ask(known)
    assert sorted(sent(door)) == sorted((known.number, one) for one in receipts[-NEWEST:])


def test_what_is_old_is_not_sent_for_the_number_may_be_somebody_elses(
    door: Door, clock: Clock, known: Phone
) -> None:
    pay(door, known)
    clock.advance(days=89)
    newer = pay(door, known)
    clock.advance(days=1, seconds=1)
    assert ask(known).startswith(SHOWN)
    assert sent(door) == [(known.number, newer.receipt_number)]


def test_a_cancelled_receipt_is_not_sent(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    taken_back(door.context, receipt.bill_number)
    forget(door)
    known.dial()
    assert ask(known).startswith(SHOWN)
    assert copy(known, receipt.receipt_number).startswith(COPIED)
    assert not sent(door)


def test_they_are_sent_three_times_a_day_and_the_screen_stays_the_same(
    door: Door, known: Phone
) -> None:
    pay(door, known)
    assert len({ask(known) for _ in range(A_DAY + 2)}) == 1
    assert len(sent(door)) == A_DAY


def test_a_repeated_turn_sends_once(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    ask(known)
    for _ in range(3):
        known.again()
    assert sent(door) == [(known.number, receipt.receipt_number)]


def test_a_turn_sent_many_times_at_once_sends_once(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    known.dial(typed="4*4")
    same = partial(door.turn, known.number, known.session_id, "4*4*1")
    assert len(set(at_once([same] * 8))) == 1
    assert sent(door) == [(known.number, receipt.receipt_number)]


def test_they_are_sent_in_the_language_of_today(door: Door, known: Phone) -> None:
    number = door.fine()
    known.pay(number)
    paid(door.context, number)
    ((_, french),) = messages_of(door.context)
    known.dial()
    known.type("1", "4", "2")
    known.choose("Bamanankan")
    forget(door)
    ask(known)
    ((_, bambara),) = messages_of(door.context)
    assert bambara != french
    assert number in bambara


def test_who_paid_may_send_a_copy(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    assert copy(known, receipt.receipt_number).startswith(COPIED)
    assert sent(door) == [(FRIEND, receipt.receipt_number)]
    ((_, told),) = messages_of(door.context)
    assert known.number[4:] not in told


def test_who_asked_another_to_pay_may_send_a_copy(door: Door, known: Phone, other: Phone) -> None:
    number = door.fine()
    known.ask_another(number, other.number.removeprefix("+223"))
    receipt = paid(door.context, number)
    forget(door)
    for caller in (known, other):
        copy(caller, receipt.receipt_number)
    assert sent(door) == [(FRIEND, receipt.receipt_number)] * 2


def test_nobody_else_learns_whether_there_is_such_a_receipt(
    door: Door, known: Phone, other: Phone
) -> None:
    receipt = pay(door, known)
    told = copy(known, receipt.receipt_number)
    forget(door)
    assert copy(other, receipt.receipt_number) == copy(other, UNKNOWN) == told
    assert copy(other, receipt.receipt_number, other.number) == told
    assert not sent(door)


@pytest.mark.parametrize("to", ["20220000", "7200000", "+33612345678", "abc", ""])
def test_a_copy_goes_to_a_malian_mobile_only(door: Door, known: Phone, to: str) -> None:
    receipt = pay(door, known)
    assert copy(known, receipt.receipt_number, to).startswith("CON ")
    assert not sent(door)


def test_a_copy_repeated_is_sent_once(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    copy(known, receipt.receipt_number)
    same = partial(door.turn, known.number, known.session_id, known.typed)
    assert set(at_once([same] * 6)) == {known.screen}
    assert sent(door) == [(FRIEND, receipt.receipt_number)]


def test_one_sends_three_copies_a_day(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    told = {copy(known, receipt.receipt_number, f"7200000{n}") for n in range(A_DAY + 2)}
    assert len(told) == 1
    assert [to for to, _ in sent(door)] == [f"+2237200000{n}" for n in range(A_DAY)]


def test_one_is_sent_three_copies_a_day_by_all_together(door: Door, known: Phone) -> None:
    for n in range(A_DAY + 2):
        caller = Phone(door, f"+2237100000{n}")
        number = door.fine()
        caller.pay(number)
        receipt = paid(door.context, number)
        forget_but_copies(door)
        copy(caller, receipt.receipt_number, known.number)
    assert [to for to, _ in sent(door)] == [known.number] * A_DAY


def test_what_others_send_me_does_not_use_up_my_own(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    for n in range(A_DAY + 2):
        copy(Phone(door, f"+2237100000{n}"), UNKNOWN, known.number)
    ask(known)
    assert sent(door) == [(known.number, receipt.receipt_number)]


def test_a_copy_to_oneself_is_one_copy(door: Door, known: Phone) -> None:
    receipt = pay(door, known)
    for _ in range(A_DAY):
        copy(known, receipt.receipt_number, known.number)
    assert len(sent(door)) == A_DAY


def forget_but_copies(door: Door) -> None:
    with door.context.db.begin() as tx:
        tx.execute(text("DELETE FROM messages WHERE event NOT LIKE 'receipt-%-%'"))
