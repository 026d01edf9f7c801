"""A handset in a session of its own shows no prompt: ask again where that is safe, else say so."""

from dataclasses import replace

from payments.operators.orange_mp import Account, OrangeMp
from tests.integration.web.bank import Bank, standing, work
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import Clock, attempts_of, messages_of, paid
from tests.integration.web.words import SENT, words

TEMPLATE = "sms.busy"
BUSY = standing("PENDING", "60019")
ACCOUNT = Account("https://orange.example", "id", "secret", "user", "password", "70000000", "0")


class Unprompting(OrangeMp):
    """An operator of the same make that cannot show a prompt again."""

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        super().__init__(account, timeout=timeout, expiry=expiry)
        self.capabilities = replace(self.capabilities, prompt_again=False)


def open_bank(door: Door, clock: Clock, make: type[OrangeMp]) -> Bank:
    """Let an operator of this make find every handset busy."""
    bank, operator = Bank(), make(ACCOUNT, timeout=3.0, expiry=150.0)
    bank.say(BUSY, "pay", "paymentstatus", "push")
    operators = {operator.wallet.code: operator}
    door.give(replace(door.context, now=clock, transport=bank, operators=operators))
    return bank


def test_where_nothing_can_be_shown_again_one_message_says_what_to_dial(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank = open_bank(door, clock, Unprompting)
    number = door.fine()
    phone.pay(number)
    work(door, clock, 8)
    ((to, told),) = messages_of(door.context, TEMPLATE)
    assert to == phone.number
    assert told == words(
        TEMPLATE,
        service=words("service.fine"),
        bill_number=number,
        amount="3 000 F CFA",
        wallet_name="Orange Money",
        minutes="3",
        dial=f"*789*1*{number}#",
    )
    assert "push" not in bank.heard
    assert bank.heard.count("pay") == 1


def test_it_is_said_to_the_telephone_that_was_busy(door: Door, clock: Clock, phone: Phone) -> None:
    open_bank(door, clock, Unprompting)
    number = door.fine()
    phone.ask_another(number, "72000001")
    with door.context.db.begin() as tx:
        tx.exec_driver_sql("UPDATE messages SET status = 'sent'")  # the warning has left
    work(door, clock, 4)
    ((to, _),) = messages_of(door.context, TEMPLATE)
    assert to == "+22372000001"


def test_where_it_can_be_shown_again_it_is_once_and_nothing_is_said(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank = open_bank(door, clock, OrangeMp)
    phone.pay(door.fine())
    work(door, clock, 8)
    assert bank.heard.count("push") == 1
    assert bank.heard.count("pay") == 1
    assert not messages_of(door.context, TEMPLATE)


def test_a_prompt_that_shows_is_not_complained_about(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank = open_bank(door, clock, Unprompting)
    bank.say(None, "pay", "paymentstatus")
    phone.pay(door.fine())
    work(door, clock, 4)
    assert not messages_of(door.context, TEMPLATE)


def test_who_frees_the_handset_and_pays_has_a_receipt(
    door: Door, clock: Clock, phone: Phone
) -> None:
    open_bank(door, clock, Unprompting)
    number = door.fine()
    phone.pay(number)
    work(door, clock, 2)
    paid(door.context, number)
    work(door, clock, 4)
    assert len(messages_of(door.context, TEMPLATE)) == 1
    assert len(messages_of(door.context, "sms.receipt")) == 1


def test_what_the_message_says_to_dial_works_when_the_prompt_has_expired(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank = open_bank(door, clock, Unprompting)
    number = door.fine()
    phone.pay(number)
    work(door, clock, 2)
    bank.say(standing("EXPIRED"), "paymentstatus")
    work(door, clock, 2, seconds=60)
    ((_, told),) = messages_of(door.context, TEMPLATE)
    phone.dial(told[told.index("*789") :])
    assert phone.type("1").startswith(SENT)
    assert len(attempts_of(door.context, number)) == 2
