"""The compiler refuses words that are wrong, and screens that have no room, by how much."""

from dataclasses import replace

import pytest

from domain import gsm7
from domain.catalogue import Tariff, Tender
from domain.money import Money
from menus.compiler import compile_
from menus.screens import Label
from tests.dialogues.world import CATALOGUE, LANGUAGES, TEXTS, TODAY, WALLETS
from tests.unit.menus.breaking import (
    GOOD,
    Broken,
    confirm,
    option,
    septets,
    told,
    with_catalogue,
    with_nodes,
    with_texts,
    work,
)
from ussd_app.usecases.worst import Worst

PLACES = [f"request.{s}_copy.place" for s in ("birth", "marriage", "death")]
PLACES.append("request.family_book.place")
PROBLEMS = ("", " with problem.choice", " with problem.empty")
WORDS = [
    Broken(
        "a text that is missing",
        with_texts(fr={"help": ""}, bm={"help": ""}),
        "locales/fr.po: help: fr: help is missing",
    ),
    Broken(
        "a text of a bad day that is missing",
        with_texts(fr={"unavailable": ""}, bm={"unavailable": ""}),
        "locales/fr.po: fr: unavailable is missing",
    ),
    Broken(
        "a text that nothing says",
        with_texts(fr={"help.more": "Encore"}),
        "locales/fr.po: fr: help.more is said nowhere",
    ),
    Broken(
        "a text that nothing says, in Bambara",
        with_texts(bm={"help.more": "Tugun"}),
        "locales/bm.po: bm: help.more is said nowhere",
    ),
    Broken(
        "a text that is not in French",
        with_texts(fr={"title.wallet": ""}),
        "locales/bm.po: bm: title.wallet is not in French",
    ),
    Broken(
        "another blank than in French",
        with_texts(bm={"pay.amount_refused": "{wallet} tɛ"}),
        "locales/bm.po: pay.amount_refused: bm: pay.amount_refused:"
        " its blanks are {wallet}, in French {wallet_name}",
    ),
    Broken(
        "a blank less than in French",
        with_texts(bm={"pay.amount_refused": "Tɛ"}),
        "locales/bm.po: pay.amount_refused: bm: pay.amount_refused:"
        " its blanks are none, in French {wallet_name}",
    ),
    Broken(
        "a brace that nothing closes",
        with_texts(bm={"help": "Dɛmɛ {"}),
        "locales/bm.po: help: bm: help: Single '{' encountered in format string",
    ),
    Broken(
        "a brace that nothing opens, in French",
        with_texts(fr={"help": "Aide }"}),
        "locales/fr.po: help: fr: help: Single '}' encountered in format string",
    ),
    Broken(
        "a blank without a plain name",
        with_texts(bm={"help": "Dɛmɛ {0}"}),
        "locales/bm.po: help: bm: help: a blank has a plain name, not {0}",
    ),
    Broken(
        "a sign the network lacks",
        with_texts(bm={"help": "Dɛmɛ ✓"}),
        "locales/bm.po: help: bm: help: it has a sign the network does not have",
    ),
    Broken(
        "a space at the end",
        with_texts(fr={"bill.paid": "Rien à payer. {paid_on} "}),
        "locales/fr.po: bill.paid: fr: empty, or a space at its ends",
    ),
    Broken(
        "a sign of two septets",
        with_texts(fr={"bill.paid": "Payé en € le {paid_on}"}),
        "locales/fr.po: bill.paid: fr: '€' costs two septets and is garbled",
    ),
    Broken(
        "a notice too long for one channel",
        with_texts(fr={"bill.cancelled": "x" * 155}),
        "locales/fr.po: bill.cancelled: fr: 3 septets over 152",
    ),
]


@pytest.mark.parametrize("broken", WORDS, ids=lambda broken: broken.why)
def test_a_broken_text_is_refused_with_file_screen_language_and_reason(broken: Broken) -> None:
    assert told(broken.source) == [broken.said]


def test_a_blank_that_nobody_fills_is_named_in_each_language() -> None:
    blank = {"help": "{nobody}"}
    assert told(with_texts(fr=blank, bm=blank)) == [
        f"locales/{lang}.po: help: {lang}: nobody fills the blank {{nobody}}" for lang in LANGUAGES
    ]


def test_a_confirmation_too_long_in_one_language_is_refused_by_the_septets_it_is_over() -> None:
    # One letter first, to know the room there is; then as many as it takes to be three over.
    paying = replace(option("bill.confirm_other", "1"), label=Label("option.long"))
    node = replace(confirm("bill.confirm_other"), options=(paying,))
    source = with_nodes({"bill.confirm_other": node})
    short = with_texts(fr={"option.long": "x"}, bm={"option.long": "x"}, source=source)
    room = 152 - septets(short, "bill.confirm_other", "bm")
    long = with_texts(bm={"option.long": "x" * (1 + room + 3)}, source=short)
    assert told(long) == [
        "locales/bm.po: bill.confirm_other: bm: 3 septets over 152 with problem.confirm"
    ]
    just = with_texts(bm={"option.long": "x" * (1 + room)}, source=short)
    assert septets(just, "bill.confirm_other", "bm") == 152


def test_an_option_too_long_for_a_page_is_refused_by_the_septets_it_is_over() -> None:
    source = with_texts(fr={"option.help": "x" * 160})
    source = replace(source, budgets=(152,), languages=("fr",))
    # A page is cut as if the longest complaint stood on it, whatever stands there.
    page = (_longest(), said("title.information"), f"3 {'x' * 160}", *_foot())
    assert told(source) == [
        f"locales/fr.po: information: fr: {over(152, *page)} septets over 152{problem}"
        for problem in PROBLEMS
    ]


def test_an_option_on_two_lines_is_refused_for_a_page_may_split_it() -> None:
    source = replace(with_texts(fr={"option.help": "Aide\nencore"}), languages=("fr",))
    reason = "the pages of {} hide a choice, 98 or the way back{}"
    assert told(source) == [
        f"locales/fr.po: information: fr: {reason.format(budget, problem)}"
        for problem in PROBLEMS
        for budget in source.budgets
    ]


def test_a_complaint_too_long_for_its_question_is_refused_by_the_septets_it_is_over() -> None:
    problem = "problem.bill_unknown"
    source = replace(with_texts(fr={problem: "x" * 150}), budgets=(182,), languages=("fr",))
    page = ("x" * 150, said("ask.bill_number"), said("nav.back"))
    assert told(source) == [
        f"locales/fr.po: fine.number: fr: {over(182, *page)} septets over 182 with {problem}"
    ]


def test_what_an_effect_complains_of_on_a_menu_is_refused_when_it_has_no_room() -> None:
    complaining = with_nodes({"forget": replace(work("forget"), problems={"no": "problem.no"})})
    long = {"problem.no": "x" * 150}
    source = with_texts(fr=long, bm={"problem.no": "x"}, source=complaining)
    choices = (f"1 {said('option.resume')}", f"2 {said('option.new')}")
    page = ("x" * 150, said("greet.resume"), *choices, said("nav.more"))
    assert told(replace(source, budgets=(182,), languages=("fr",))) == [
        f"locales/fr.po: greet.resume: fr: {over(182, *page)} septets over 182 with problem.no"
    ]


def test_a_complaint_that_shortens_the_pages_of_names_is_no_flaw() -> None:
    source = with_texts(fr={"problem.place": "x" * 60})
    measured = [compile_(replace(each, languages=("fr",))) for each in (source, GOOD)]
    pages, calm = ({each.screen: each.pages[152] for each in found} for found in measured)
    assert pages[PLACES[0]] > calm[PLACES[0]]


def test_a_place_with_a_sign_the_network_lacks_is_refused_wherever_it_is_offered() -> None:
    kati = replace(CATALOGUE.places["kati"], name="Kati ✓")
    source = with_catalogue(replace(CATALOGUE, places={**CATALOGUE.places, "kati": kati}))
    assert told(source) == [
        f"locales/{lang}.po: {screen}: {lang}: 'Kati ✓' has a sign the network does not have"
        for lang in LANGUAGES
        for screen in PLACES
    ]


def test_a_tender_with_a_sign_the_network_lacks_is_refused_where_it_is_confirmed() -> None:
    price = Tariff(Money(50_000), TODAY, "Décret 2015-0604", "avis", "A")
    tender = Tender("2026114", "tender_documents", "Pont ✓", price, TODAY)
    service = replace(CATALOGUE.services["tender_documents"], enabled=True)
    services = {**CATALOGUE.services, service.code: service}
    catalogue = replace(CATALOGUE, services=services, tenders={tender.number: tender})
    label = "service.tender_documents"
    source = replace(
        with_texts(fr={label: "Dossier"}),
        languages=("fr",),
        spare=GOOD.spare | {label},
        faces=lambda lang: Worst(catalogue, TEXTS, lang, TODAY).faces(WALLETS),
    )
    detail = f"No 2026114, Pont ✓, {'W' * 20}"
    assert told(source) == [
        f"locales/fr.po: {screen}: fr: {detail!r} has a sign the network does not have"
        for screen in ("request.confirm", "request.confirm_other")
    ]


def test_what_has_no_room_is_told_of_every_screen_and_language_at_once() -> None:
    source = with_texts(fr={"bill.cancelled": "x" * 155}, bm={"receipts.sent": "x" * 183})
    assert told(source) == [
        "locales/fr.po: bill.cancelled: fr: 3 septets over 152",
        "locales/bm.po: receipts.sent: bm: 31 septets over 152",
        "locales/bm.po: receipts.sent: bm: 23 septets over 160",
        "locales/bm.po: receipts.sent: bm: 1 septets over 182",
    ]


def said(text_id: str) -> str:
    """A text without blanks, in French, in the letters of the wire."""
    return gsm7.to_wire(TEXTS.template("fr", text_id))


def over(budget: int, *lines: str) -> int:
    """How many septets a page of these lines is over `budget`."""
    return len("\n".join(lines)) - budget


def _longest() -> str:
    return max(said("problem.choice"), said("problem.empty"), key=len)


def _foot() -> tuple[str, str]:
    return said("nav.more"), said("nav.back")
