"""Anybody checks a receipt on the web: four verdicts, for people and for machines."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from domain import check_digits
from receipts.record import Receipt
from tests.integration.web.citizen import PROBLEM, Door, Phone, everything
from tests.integration.web.outages import NO_DATABASE, NO_REDIS
from tests.integration.web.till import paid, taken_back
from ussd_app.store.database import Database
from ussd_app.store.redis import Store

UNKNOWN = check_digits.append("12345678901234")
MISTYPED = [
    "6537567762600778",
    "1",
    "65375677626007770",
    "abcdefghijklmnop",
    "٦" * 16,
    "%00",
    "%ff",
]
HTML, JSON = {"Accept": "text/html"}, {"Accept": "application/json"}
GUESSES_AN_HOUR = 60  # of one address
HEADERS = {"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"}


@pytest.fixture
def receipt(door: Door, phone: Phone) -> Receipt:
    number = door.fine(plate="AB123MD")
    phone.pay(number)
    return paid(door.context, number)


def test_a_valid_receipt_says_what_was_paid_and_names_nobody(
    door: Door, phone: Phone, receipt: Receipt
) -> None:
    answer = door.request("GET", f"/v/{receipt.receipt_number}", JSON)
    assert answer.status_code == 200
    assert answer.json == {
        "state": "valid",
        "receipt_number": receipt.receipt_number,
        "service": "fine",
        "subject": "demo_parking",
        "amount": 3000,
        "currency": "XOF",
        "paid_on": receipt.paid_at.date().isoformat(),
        "bill_number_ends": receipt.bill_number[-3:],
        "cancelled_on": None,
    }
    page = door.request("GET", f"/v/{receipt.receipt_number}", HTML)
    for told in (answer.get_data(as_text=True), page.get_data(as_text=True)):
        for secret in (receipt.bill_number, receipt.operator_ref, phone.number[4:], "AB123MD"):
            assert secret not in told


def test_a_valid_receipt_is_a_page_for_people(door: Door, receipt: Receipt) -> None:
    answer = door.request("GET", f"/v/{receipt.receipt_number}", HTML)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    page = answer.get_data(as_text=True)
    number = receipt.receipt_number
    for told in ("Reçu valide", "3 000 F CFA", "Stationnement interdit", f"*789*9*{number}#"):
        assert told in page


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_receipt_number_is_taken_as_it_stands_on_paper(
    door: Door, receipt: Receipt, written: str
) -> None:
    number = receipt.receipt_number
    answer = door.request("GET", f"/v/{written.format(number[:4], number[4:])}", JSON)
    assert answer.json is not None
    assert answer.json["state"] == "valid"


def test_a_cancelled_receipt_says_so(door: Door, receipt: Receipt) -> None:
    taken_back(door.context, receipt.bill_number)
    answer = door.request("GET", f"/v/{receipt.receipt_number}", JSON)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json is not None
    assert answer.json["state"] == "cancelled"
    assert answer.json["cancelled_on"]
    page = door.request("GET", f"/v/{receipt.receipt_number}", HTML).get_data(as_text=True)
    assert "Reçu annulé" in page
    assert "Reçu valide" not in page


def test_an_unknown_receipt_says_so(door: Door) -> None:
    answer = door.request("GET", f"/v/{UNKNOWN}", JSON)
    assert (answer.status_code, answer.json) == (404, {"state": "unknown"})
    page = door.request("GET", f"/v/{UNKNOWN}", HTML)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "Reçu inconnu" in page.get_data(as_text=True)


@pytest.mark.parametrize("number", MISTYPED)
def test_a_mistyped_number_is_told_without_looking_it_up(door: Door, number: str) -> None:
    context = door.context
    before = everything(context)
    door.give(replace(context, db=Database(NO_DATABASE)))
    assert door.request("GET", f"/v/{UNKNOWN}", JSON).status_code == 503
    answer = door.request("GET", f"/v/{number}", JSON)
    assert (answer.status_code, answer.json) == (400, {"state": "mistyped"})
    page = door.request("GET", f"/v/{number}", HTML)
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert "Numéro mal recopié" in page.get_data(as_text=True)
    assert everything(context) == before


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/*", "application/json"),
        ("application/json;q=0.9, text/html;q=0.1", "application/json"),
        ("application/json;q=0.1, text/html;q=0.9", "text/html"),
        ("application/json, text/html;q=0", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("image/png", "text/html"),
        ("q=,;;", "text/html"),
    ],
)
def test_the_caller_chooses_a_page_or_json(door: Door, accept: str | None, mimetype: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert door.request("GET", f"/v/{UNKNOWN}", headers).mimetype == mimetype


@pytest.mark.parametrize(
    ("asked", "lang"),
    [("bm", "bm"), ("fr", "fr"), ("en", "fr"), ("en, bm;q=0.5", "bm"), ("", "fr")],
)
def test_the_page_speaks_the_language_asked_for(door: Door, asked: str, lang: str) -> None:
    answer = door.request("GET", f"/v/{UNKNOWN}", HTML | {"Accept-Language": asked})
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)


class Reader(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)", '"><img src=x onerror=alert(1)>', "{{7*7}}", "&lt;b&gt;", "' onclick='x"],
)
def test_what_stands_in_the_address_is_shown_as_text(door: Door, hostile: str) -> None:
    page = door.request("GET", f"/v/{hostile}", HTML).get_data(as_text=True)
    plain = door.request("GET", "/v/1", HTML).get_data(as_text=True)
    readers = [Reader(), Reader()]
    for reader, shown in zip(readers, (page, plain), strict=True):
        reader.feed(shown)
    assert readers[0].tags == readers[1].tags
    assert "49" not in page
    assert hostile not in page


def test_a_long_address_is_cut_short_on_the_page(door: Door) -> None:
    page = door.request("GET", f"/v/{'7' * 3000}", HTML).get_data(as_text=True)
    assert "7" * 100 not in page.replace(" ", "")


def test_every_answer_is_fresh_and_hardened(door: Door, receipt: Receipt) -> None:
    for number in (receipt.receipt_number, UNKNOWN, "1"):
        for accept in (HTML, JSON):
            answer = door.request("GET", f"/v/{number}", accept)
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Accept" in answer.headers["Vary"]
            assert set(answer.headers.keys()) >= HEADERS
            assert "script-src" not in answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "Set-Cookie" not in answer.headers


def test_guessing_from_one_address_is_stopped_and_no_other(door: Door, receipt: Receipt) -> None:
    guess_too_often(door)
    for number in (UNKNOWN, receipt.receipt_number):
        answer = door.request("GET", f"/v/{number}", JSON)
        assert (answer.status_code, answer.mimetype) == (429, PROBLEM)
    elsewhere = door.request("GET", f"/v/{receipt.receipt_number}", JSON, address="192.0.2.2")
    assert elsewhere.status_code == 200


def test_who_guesses_too_often_reads_so_on_a_page(door: Door) -> None:
    guess_too_often(door)
    page = door.request("GET", f"/v/{UNKNOWN}", HTML | {"Accept-Language": "fr"})
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert "Trop de vérifications" in page.get_data(as_text=True)


def test_no_refusal_is_kept_by_a_cache(door: Door) -> None:
    guess_too_often(door)
    refused = door.request("GET", f"/v/{UNKNOWN}", JSON)
    door.give(replace(door.context, redis=Store(NO_REDIS)))
    unable = door.request("GET", f"/v/{UNKNOWN}", JSON)
    assert (refused.status_code, unable.status_code) == (429, 503)
    for answer in (refused, unable):
        assert answer.headers.get("Cache-Control") == "no-store"


def guess_too_often(door: Door) -> None:
    for n in range(GUESSES_AN_HOUR):
        guess = check_digits.append(f"{n:014d}")
        assert door.request("GET", f"/v/{guess}", JSON).status_code == 404


def test_honest_checks_are_not_counted(door: Door, receipt: Receipt) -> None:
    for _ in range(GUESSES_AN_HOUR + 1):
        assert door.request("GET", f"/v/{receipt.receipt_number}", JSON).status_code == 200
        assert door.request("GET", "/v/1", JSON).status_code == 400


def test_when_we_cannot_know_we_do_not_say_unknown(door: Door, receipt: Receipt) -> None:
    context = door.context
    for broken in (
        replace(context, db=Database(NO_DATABASE)),
        replace(context, redis=Store(NO_REDIS)),
    ):
        answer = door.give(broken).request("GET", f"/v/{receipt.receipt_number}", JSON)
        assert (answer.status_code, answer.mimetype) == (503, PROBLEM)
