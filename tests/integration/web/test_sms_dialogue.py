"""The dialogue by SMS: what is typed answers what was read, and nothing is paid unseen."""

import pytest

from domain import gsm7
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.correspondent import OURS, Correspondent, PostOffice, one
from tests.integration.web.till import Clock, attempts_of, messages_of, paid
from tests.integration.web.words import con, confirm, end, words

PAID_BY = words("pay.sent", wallet_name="Orange Money")
HINT = words("answer.where", number=OURS)


def screen(first_words: str) -> str:
    return first_words.removeprefix("CON ").removeprefix("END ")


@pytest.fixture
def awa(door: Door, clock: Clock) -> Correspondent:
    """A subscriber who never wrote before; the clock is in the test's hand."""
    assert door.context.now is clock
    return Correspondent(door, PostOffice(), "+22370000001").employ()


def test_two_messages_pay_a_bill_and_the_receipt_follows(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    shown = one(awa.writes(f"PAYER {bill}"))
    assert shown.startswith(screen(confirm(bill)))
    assert f"1 {words('option.pay')}Orange Money" in shown
    assert shown.endswith(HINT)
    assert not attempts_of(door.context, bill)
    assert one(awa.writes("1")).startswith(screen(PAID_BY))
    (attempt,) = attempts_of(door.context, bill)
    assert (attempt.channel, attempt.payer.e164) == ("sms", awa.number)
    receipt = paid(door.context, bill)
    assert f"*789*9*{receipt.receipt_number}#" in one(awa.post())


def test_the_whole_dialogue_can_be_had(door: Door, awa: Correspondent) -> None:
    assert one(awa.writes("menu")).startswith(screen(con("title.language")))
    assert one(awa.writes("1")).startswith(screen(con("title.home")))
    asked = one(awa.writes("2", "1"))
    assert asked.startswith(words("ask.nina"))
    assert one(awa.writes("1")).startswith(words("service.cni"))
    assert one(awa.writes("1")).startswith(screen(PAID_BY))
    assert rows(door.context, "attempts") == 1


def test_a_screen_is_one_segment_and_tells_no_number_but_the_bill(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.writes("MENU", "1", "1", bill, "2", "2", "76000002", "1", "AIDE", "STOP", "bonjour")
    assert len(awa.office.carried) >= 9
    for _, shown in awa.office.carried:
        assert gsm7.segments(shown) == 1
        assert gsm7.septets(shown) is not None
    assert {to for to, _ in awa.office.carried} <= {awa.number, "+22376000002"}


def test_another_bill_is_another_dialogue(door: Door, awa: Correspondent) -> None:
    first, second = door.fine(), door.fine()
    awa.writes(f"PAYER {first}")
    awa.writes(f"PAYER {second}")
    awa.writes("1")
    assert not attempts_of(door.context, first)
    assert len(attempts_of(door.context, second)) == 1


def test_a_wrong_answer_asks_again(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    for wrong in ("7", "oui", "1*1", "1 non merci"):
        assert one(awa.writes(wrong)).startswith(words("problem.confirm"))
    assert not attempts_of(door.context, bill)
    assert one(awa.writes(" 1. ")).startswith(screen(PAID_BY))


def test_each_telephone_has_its_own_dialogue(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    binta = Correspondent(door, awa.office, "+22370000002")
    awa.writes(f"PAYER {bill}")
    assert one(binta.writes("1")).startswith(screen(con("title.language")))
    assert not attempts_of(door.context, bill)


def test_what_was_left_by_sms_is_taken_up_by_ussd(
    door: Door, awa: Correspondent, phone: Phone
) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    phone.dial()
    assert phone.screen.startswith(con("greet.resume"))
    assert phone.type("1").startswith(confirm(bill))


def test_after_paying_a_number_shows_how_the_payment_stands(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}", "1")
    assert awa.writes("1")[-1].startswith(words("greet.under_way"))
    assert len(attempts_of(door.context, bill)) == 1


def test_who_pays_for_somebody_warns_them_as_by_ussd(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}", "2", "2", "76000002")
    assert awa.writes("1")[-1].startswith(words("pay.sent_other", payer="76000002")[:20])
    assert [to for to, _ in messages_of(door.context, "sms.heads_up")] == ["+22376000002"]


def test_an_end_is_an_end(awa: Correspondent) -> None:
    shown = one(awa.writes("VERIF 7391026485193719"))
    assert shown == screen(end("receipt.unknown"))
    assert HINT not in shown
