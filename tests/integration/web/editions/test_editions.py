"""What an authority publishes is offered and paid without a restart; a mistake changes nothing."""

import json
from datetime import timedelta

import pytest

from domain.payment import Status
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.editions.authority import TENDER, WORDS, Authority, tariff
from tests.integration.web.till import Clock, attempts_of, messages_of, paid
from tests.integration.web.words import HOME, SENT, con, confirm_request, end, words

LABEL = WORDS["fr"]["service.tender_documents"]
ASK_TENDER, ASK_COMPANY = WORDS["fr"]["ask.tender"], WORDS["fr"]["ask.company"]
FEE = "50 000 F CFA"


def bill(door: Door) -> str:
    with door.context.db.begin() as tx:
        number: str = tx.exec_driver_sql("SELECT bill_number FROM bills").scalar_one()
    return number


def test_a_service_that_is_published_is_asked_for_and_paid_from_end_to_end(
    door: Door, authority: Authority, known: Phone
) -> None:
    assert words("option.others") not in known.dial()
    authority.sell_tenders()
    assert f"5 {words('option.others')}" in known.dial().splitlines()
    known.type("5", "1")
    assert known.screen.splitlines()[1] == f"1 {LABEL}"
    assert known.type("1").startswith(f"CON {ASK_TENDER}")
    assert known.type(TENDER).startswith(f"CON {ASK_COMPANY}")
    shown = known.type("Sogea & Fils").splitlines()
    assert shown[:2] == [f"CON {LABEL}", f"No {TENDER}, Forage, Sogea & Fils"]
    assert any(line.endswith(FEE) for line in shown)
    assert known.type("1").startswith(SENT)
    number = bill(door)
    receipt = paid(door.context, number)
    assert (receipt.francs, receipt.service) == (50_000, "tender_documents")
    assert attempts_of(door.context, number)[0].status is Status.SUCCEEDED
    ((to, told),) = messages_of(door.context, "sms.receipt")
    assert to == known.number
    assert LABEL in told
    assert FEE in told
    verified = known.dial(f"*789*9*{receipt.receipt_number}#")
    assert verified.startswith(end("receipt.valid", subject=LABEL, amount=FEE))
    page = door.request("GET", f"/v/{receipt.receipt_number}").get_data(as_text=True)
    assert FEE in page


def test_it_speaks_the_other_language_too(door: Door, authority: Authority, phone: Phone) -> None:
    authority.sell_tenders()
    phone.dial()
    phone.choose("Bamanankan")
    phone.type("5", "1", "1", TENDER, "Sogea")
    assert phone.screen.startswith("CON Wele sèbènw")
    assert rows(door.context, "bills") == 1


@pytest.mark.parametrize("answer", ["SO*GEA", "*", "1*1", "SOGEA*1", "*SOGEA"])
def test_a_star_does_not_cut_a_text_in_two(
    door: Door, authority: Authority, known: Phone, answer: str
) -> None:
    authority.sell_tenders()
    known.dial()
    known.type("5", "1", "1", TENDER)
    screen = known.type(answer)
    assert screen.startswith(con("problem.text"))
    assert ASK_COMPANY in screen
    assert not rows(door.context, "bills")
    assert known.type("SOGEA").startswith(f"CON {LABEL}")


def test_a_tender_that_is_not_open_is_not_sold(
    door: Door, authority: Authority, clock: Clock, known: Phone
) -> None:
    authority.sell_tenders()
    known.dial()
    known.type("5", "1", "1")
    for number in ("2026115", "1", "x"):
        assert known.type(number).startswith(con("problem.tender"))
    assert known.type(TENDER).startswith(f"CON {ASK_COMPANY}")
    authority.write("tenders.toml", "")
    authority.publish()
    assert known.type("SOGEA").startswith((end("request.closed"), "CON "))
    assert not rows(door.context, "bills")
    assert clock() > door.context.now() - timedelta(seconds=1)


def test_a_menu_of_the_old_edition_is_shown_anew_before_a_key_is_taken(
    door: Door, authority: Authority, known: Phone
) -> None:
    authority.write("services.toml", cni(tariff(1700, "2022-11-01")))
    authority.publish()
    assert "1 700 F CFA" in known.dial(typed="2")
    authority.write("services.toml", cni(tariff(1800, "2022-11-01")))
    authority.publish()
    shown = known.type("1")
    assert "1 800 F CFA" in shown
    assert shown.startswith(con("title.identity"))
    assert known.again() == shown
    assert known.type("1").startswith(con("ask.nina"))
    assert "1 800 F CFA" in known.type("1")
    assert rows(door.context, "bills") == 1


def test_a_question_of_the_old_edition_takes_the_answer(authority: Authority, known: Phone) -> None:
    known.dial(typed="3*1")
    authority.sell_tenders()
    assert known.type("12").startswith(con("ask.year"))


def test_what_was_confirmed_under_the_old_edition_is_paid_as_it_was_shown(
    door: Door, authority: Authority, known: Phone
) -> None:
    assert "1 700 F CFA" in known.dial(typed="2*1*1")
    authority.write("services.toml", cni(tariff(1800, "2022-11-01")))
    authority.publish()
    assert known.type("1").startswith(SENT)
    assert attempts_of(door.context, bill(door))[0].francs == 1700


def test_a_price_that_begins_tomorrow_is_asked_for_from_tomorrow_on(
    door: Door, authority: Authority, clock: Clock, *, known: Phone, other: Phone
) -> None:
    tomorrow = clock().date() + timedelta(days=1)
    prices = tariff(1700, "2022-11-01") + tariff(2000, tomorrow.isoformat())
    authority.write("services.toml", cni(prices))
    authority.publish()
    assert "1 700 F CFA" in known.dial(typed="2")
    assert "1 700 F CFA" in known.dial(typed="2*1*1")
    clock.advance(days=1)
    assert "2 000 F CFA" in other.dial(typed="2")
    assert "2 000 F CFA" in other.dial(typed="2*1*1")
    assert "2 000 F CFA" in tariffs(other)
    assert "1 700 F CFA" not in tariffs(other)
    assert door.context.edition.day == tomorrow


def test_what_is_withdrawn_is_offered_no_more(authority: Authority, known: Phone) -> None:
    authority.sell_tenders()
    assert words("option.others") in known.dial()
    authority.remove("services.toml", "tenders.toml", "locales/fr.po", "locales/bm.po")
    assert words("option.others") not in known.dial()
    assert known.type("1").startswith(con("ask.bill_number"))


def test_a_new_edition_is_taken_once(
    door: Door, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    before = door.figure("sarali_editions_total", verdict="taken")
    authority.sell_tenders()
    for _ in range(3):
        authority.publish()
    assert door.figure("sarali_editions_total", verdict="taken") == before + 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (taken,) = [event for event in events if event["event"] == "edition"]
    assert taken["mark"] == door.context.edition.mark


def test_a_session_cut_under_one_edition_is_taken_up_under_another(
    door: Door, authority: Authority, known: Phone
) -> None:
    authority.sell_tenders()
    known.dial()
    known.type("5", "1", "1", TENDER)
    authority.remove("services.toml", "tenders.toml", "locales/fr.po", "locales/bm.po")
    assert known.dial().startswith(con("greet.resume"))
    assert known.type("1").startswith(HOME)
    known.type("3", "1", "12")
    authority.sell_tenders()
    assert known.dial().startswith(con("greet.resume"))
    assert known.type("1").startswith(con("ask.year"))
    assert known.type("1998", "1", "1").startswith(confirm_request("birth_copy"))
    assert not rows(door.context, "attempts")


def cni(prices: str) -> str:
    """The identity card at other prices."""
    return f"""
[[service]]
code = "cni"
family = "identity"
authority = "Police"
fee = "fixed"
enabled = true
  [[service.field]]
  name = "nina"
  kind = "nina"
  optional = true
{prices}"""


def tariffs(phone: Phone) -> str:
    """Every page of the official prices."""
    phone.dial(typed="4*1")
    return "".join([phone.screen, *(phone.type("98") for _ in range(3))])
