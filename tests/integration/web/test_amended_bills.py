"""The authority changes its mind while money is under way or kept apart."""

from domain.bill import BillStatus
from domain.money import Money
from domain.payment import Evidence, Kind, Source
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import bill_of, learn, messages_of, paid
from ussd_app.usecases import amend_bill

DUE, PAID_INSTEAD = 3000, 3500


def pay_too_much(door: Door, phone: Phone) -> str:
    number = door.fine()
    phone.pay(number)
    learn(door.context, number, Evidence(Kind.PAID, Source.INQUIRY, "T1", PAID_INSTEAD))
    assert len(messages_of(door.context, "sms.mismatch")) == 1
    return number


def test_money_kept_apart_pays_what_has_become_its_amount(door: Door, phone: Phone) -> None:
    number = pay_too_much(door, phone)
    assert amend_bill.alter(door.context, number, Money(PAID_INSTEAD))
    assert bill_of(door.context, number).status is BillStatus.PAID
    ((to, said),) = messages_of(door.context, "sms.receipt")
    assert (to, "3 500 F CFA" in said) == (phone.number, True)


def test_another_amount_leaves_it_apart(door: Door, phone: Phone) -> None:
    number = pay_too_much(door, phone)
    assert amend_bill.alter(door.context, number, Money(PAID_INSTEAD + 500))
    assert bill_of(door.context, number).status is BillStatus.DUE
    assert not messages_of(door.context, "sms.receipt")


def test_a_cancelled_bill_takes_nothing(door: Door, phone: Phone) -> None:
    number = pay_too_much(door, phone)
    assert amend_bill.cancel(door.context, number)
    assert not amend_bill.alter(door.context, number, Money(PAID_INSTEAD))
    assert bill_of(door.context, number).status is BillStatus.CANCELLED
    assert not messages_of(door.context, "sms.receipt")


def test_what_is_paid_is_not_amended(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    receipt = paid(door.context, number)
    assert not amend_bill.alter(door.context, number, Money(PAID_INSTEAD))
    assert not amend_bill.cancel(door.context, number)
    assert bill_of(door.context, number).amount.francs == receipt.francs == DUE


def test_no_bill_is_none_to_amend(door: Door) -> None:
    assert not amend_bill.cancel(door.context, "0000000000")


def test_who_paid_what_was_due_before_is_told_what_is_due_now(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    assert amend_bill.alter(door.context, number, Money(PAID_INSTEAD))
    learn(door.context, number, Evidence(Kind.PAID, Source.INQUIRY, "T1", DUE))
    assert bill_of(door.context, number).status is BillStatus.DUE
    assert not messages_of(door.context, "sms.surplus")
    ((to, said),) = messages_of(door.context, "sms.mismatch")
    assert to == phone.number
    assert said.index("3 000 F CFA") < said.index("3 500 F CFA")
