"""What a first word asks for, through the door, the workers and the provider."""

from datetime import timedelta

import pytest

from domain import check_digits
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.correspondent import Correspondent, PostOffice, one
from tests.integration.web.till import Clock, attempts_of, paid
from tests.integration.web.words import confirm, end, words
from ussd_app.usecases import chatter

UNKNOWN = check_digits.append("12345678901234")
UNKNOWN_BILL = check_digits.append("12345678")


def said(screen: str) -> str:
    return screen.removeprefix("CON ").removeprefix("END ")


@pytest.fixture
def awa(door: Door, clock: Clock) -> Correspondent:
    assert door.context.now is clock
    return Correspondent(door, PostOffice(), "+22370000001").employ()


@pytest.fixture
def binta(door: Door, awa: Correspondent) -> Correspondent:
    return Correspondent(door, awa.office, "+22370000002")


def receipt_of(door: Door, awa: Correspondent) -> str:
    """Have a fine paid by SMS; return the number of its receipt."""
    bill = door.fine()
    awa.writes(f"PAYER {bill}", "1")
    number = paid(door.context, bill).receipt_number
    awa.post()
    awa.wait(timedelta(hours=2))
    return number


@pytest.mark.parametrize("word", ["PAYER", "payer", "Payez", "sara", "SARA:"])
def test_a_bill_is_shown_whatever_the_word_for_paying(
    door: Door, awa: Correspondent, word: str
) -> None:
    bill = door.fine()
    lang = "bm" if word.lower().startswith("sara") else "fr"
    assert one(awa.writes(f"{word} {bill}")).startswith(said(confirm(bill, lang)))


def test_a_number_is_enough(door: Door, awa: Correspondent, binta: Correspondent) -> None:
    bill = door.fine()
    assert one(awa.writes(f"{bill[:4]} {bill[4:]}")).startswith(said(confirm(bill)))
    assert one(binta.writes(UNKNOWN)) == words("receipt.unknown")


def test_a_mistyped_and_an_unknown_bill_are_asked_for_again(door: Door, awa: Correspondent) -> None:
    assert one(awa.writes("PAYER 4821937029")).startswith(words("problem.bill_number"))
    assert one(awa.writes(f"PAYER {UNKNOWN_BILL}")).startswith(words("problem.bill_unknown"))
    bill = door.fine()
    assert one(awa.writes(bill)).startswith(said(confirm(bill)))


def test_anybody_may_check_a_receipt(door: Door, awa: Correspondent, binta: Correspondent) -> None:
    number = receipt_of(door, awa)
    spaced = " ".join(number[n : n + 4] for n in range(0, 16, 4))
    assert one(binta.writes(f"vérif {spaced}")).startswith(words("receipt.valid"))
    assert one(binta.writes(f"VERIF {UNKNOWN}")) == words("receipt.unknown")


def test_guessing_receipts_is_limited_with_ussd_and_sms_counted_together(
    awa: Correspondent, phone: Phone
) -> None:
    for n in range(10):
        phone.dial(f"*789*9*{check_digits.append(f'{n:014d}')}#")
    assert one(awa.writes(f"VERIF {UNKNOWN}")) == words("too_many")


def test_only_the_number_that_paid_is_sent_its_receipts(
    door: Door, awa: Correspondent, binta: Correspondent
) -> None:
    number = receipt_of(door, awa)
    answer, again = sorted(awa.writes("reçu"), key=lambda sent: number in sent)
    assert answer == words("receipts.sent")
    assert f"*789*9*{number}#" in again
    assert binta.writes("RECU") == [words("receipts.sent")]


def test_the_word_that_only_bambara_has_is_answered_in_bambara_from_then_on(
    awa: Correspondent, phone: Phone
) -> None:
    assert one(awa.writes("dɛmɛ")) == one(awa.writes("Deme !"))
    assert one(awa.writes("AIDE")).startswith(words("answer.help", "bm"))
    assert phone.dial().startswith("CON " + words("title.home", "bm"))


@pytest.mark.parametrize("lang", ["fr", "bm"])
def test_help_teaches_words_that_are_understood(door: Door, awa: Correspondent, lang: str) -> None:
    taught = one(awa.writes("dɛmɛ" if lang == "bm" else "AIDE"))
    bill = door.fine()
    pay = words("keyword.pay", lang).split()[0]
    assert pay in taught
    assert one(awa.writes(f"{pay} {bill}")).startswith(said(confirm(bill, lang)))


def test_what_is_not_understood_is_helped_twice_an_hour(door: Door, awa: Correspondent) -> None:
    helped = [bool(awa.writes(f"bonjour {n}x")) for n in range(4)]
    assert helped == [True, True, False, False]
    awa.wait(timedelta(hours=1))
    door.context.redis.client.flushall()  # its clock is not in the test's hand
    assert awa.writes("bonsoir")


def test_the_same_text_again_and_again_is_left_unanswered(awa: Correspondent) -> None:
    answers = [bool(awa.writes("Je suis absent, PAYER moi")) for _ in range(3)]
    assert answers == [True, True, False]
    kept = [bool(awa.writes("AIDE")) for _ in range(chatter.SAME_AN_HOUR + 2)]
    assert kept == [True] * chatter.SAME_AN_HOUR + [False] * 2


def test_too_many_messages_are_told_once_and_then_left_unanswered(
    awa: Correspondent, binta: Correspondent
) -> None:
    for n in range(chatter.AN_HOUR):
        awa.send(str(n + 1))
    awa.post()
    assert one(awa.writes("AIDE")) == words("answer.too_many")
    assert awa.writes("MENU") == []
    assert binta.writes("AIDE")


def test_the_telephones_of_other_countries_are_answered_up_to_a_number(
    door: Door, awa: Correspondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatter, "ABROAD_AN_HOUR", 2)
    abroad = [Correspondent(door, awa.office, f"+22507071212{n}3") for n in range(3)]
    assert [bool(each.writes("AIDE")) for each in abroad] == [True, True, False]
    assert awa.writes("AIDE")


def test_stop_ends_copies_and_chatter_but_never_a_receipt(
    door: Door, awa: Correspondent, binta: Correspondent, phone: Phone
) -> None:
    number = receipt_of(door, awa)
    assert one(binta.writes("STOP")).startswith(words("answer.stopped"))
    assert binta.writes("bonjour") == []
    phone.dial(typed="4*4*2")
    assert phone.type(number, "70000002") == end("copy.sent")
    assert binta.post() == []
    bill = door.fine()
    assert one(binta.writes(f"PAYER {bill}")).startswith(said(confirm(bill)))
    binta.writes("1")
    assert paid(door.context, bill).receipt_number in one(binta.post())
    assert one(binta.writes("reprendre")).startswith(words("answer.started"))
    phone.dial(typed="4*4*2")
    phone.type(number, "70000002")
    assert number in one(binta.post())


def test_stop_ends_what_stood_so_that_nothing_is_paid_after_it(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}", "STOP", "1")
    assert not attempts_of(door.context, bill)
