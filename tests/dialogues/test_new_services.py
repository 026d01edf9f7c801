"""A service goes live by its catalogue entry and its words, without code; it is refused whole."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from domain import gsm7
from domain.catalogue import FeeKind, Service
from menus import engine, render, service
from menus.compiler import CompileError
from menus.protocol import Reply, RequestBill, Session, Typed
from menus.screens import HOME, Dialogue, Menu
from tests.dialogues import world
from tests.dialogues.world import BILL, BUDGET, CATALOGUE, MANUSCRIPT, TEXTS, TODAY, WALLETS
from ussd_app.translations import Text, Translations
from ussd_app.usecases.edition import Edition, Manuscript, publish
from ussd_app.usecases.worst import Worst

LABEL = "Nouveau"
TENDERS = "tender_documents"
TENDER = {
    "number": "2026114",
    "service": TENDERS,
    "name": "RN6",
    "closes": date(2026, 12, 31),
    "tariff": {
        "amount": 50_000,
        "since": date(2026, 11, 1),
        "legal_basis": "Décret 2015",
        "source": "avis d'appel d'offres",
        "certainty": "A",
    },
}
OFF = [s.code for s in CATALOGUE.services.values() if not s.enabled and s.fee is not FeeKind.FREE]
PRICED = [
    code for code in OFF
    if CATALOGUE.services[code].tariffs or CATALOGUE.services[code].fee is FeeKind.BY_CHOICE
]  # fmt: skip
each_service_that_can_go_live = pytest.mark.parametrize("code", [*PRICED, TENDERS])


def entry(code: str) -> dict[str, object]:
    """The shipped row of a service, switched on."""
    rows = cast("list[dict[str, object]]", MANUSCRIPT.shipped["services.toml"]["service"])
    return {**next(row for row in rows if row["code"] == code), "enabled": True}


def words_of(chosen: Service) -> set[str]:
    """The ids a service needs and nothing says yet."""
    ids = {f"service.{chosen.code}", f"title.{chosen.family}"}
    if chosen.fee is FeeKind.BY_TENDER:  # no price to list, so a text says that each has its own
        ids.add(f"tariff.{chosen.code}")
    for field in chosen.fields:
        ids |= {f"ask.{field.name}"} | {service.choice_id(field, c.code) for c in field.choices}
    return ids - TEXTS.ids("fr")


def manuscript(*codes: str, told: bool = True) -> Manuscript:
    """What is read when an authority adds services, with their words or without."""
    added = {"live.toml": {"service": [entry(code) for code in codes], "tender": [TENDER]}}
    if TENDERS not in codes:
        del added["live.toml"]["tender"]
    new = {text_id for code in codes for text_id in words_of(CATALOGUE.services[code])}
    said = dict.fromkeys(new if told else (), Text(LABEL, reviewed=True))
    texts = {
        lang: {i: Text(TEXTS.template(lang, i), reviewed=True) for i in TEXTS.ids(lang)} | said
        for lang in world.LANGUAGES
    }
    return replace(MANUSCRIPT, added=added, texts=Translations(texts))


def edition(*codes: str) -> Edition:
    return publish(manuscript(*codes), WALLETS, TODAY)


@each_service_that_can_go_live
def test_it_is_offered_and_each_of_its_fields_is_asked(code: str) -> None:
    published = edition(code)
    menus = [node for node in published.dialogue.values() if isinstance(node, Menu)]
    keys = [o for menu in menus for o in menu.options if o.sets.get("service") == code]
    assert len(keys) == 1
    asked = {f"request.{code}.{field.name}" for field in CATALOGUE.services[code].fields}
    for lang in world.LANGUAGES:
        assert asked <= {each.screen for each in published.measures if each.lang == lang}


@each_service_that_can_go_live
def test_it_is_confirmed_before_paying(code: str) -> None:
    published = edition(code)
    catalogue, words = published.catalogue, published.texts
    for lang in world.LANGUAGES:
        worst = Worst(catalogue, words, lang, TODAY).answers(catalogue.services[code])
        for answers in worst:
            request = world.read_request(code, answers, TODAY, catalogue)
            told = world.facts_of_bill(request.bill(BILL, TODAY))
            told |= world.detail_of(request, lang, catalogue, words)
            session = Session("request.confirm", lang, (HOME,), answers | told)
            reply = Reply(ends=False, decides=True)
            shown = render.screen(published.dialogue, session, reply, words, BUDGET)
            lines = shown.split("\n")
            assert lines[0] == LABEL
            assert "" not in lines
            assert any(line.endswith(f" {request.amount}") for line in lines)
            assert gsm7.to_wire(request.legal_basis) in lines


@each_service_that_can_go_live
def test_it_is_refused_without_its_words(code: str) -> None:
    with pytest.raises(CompileError) as refused:
        publish(manuscript(code, told=False), WALLETS, TODAY)
    flaws = refused.value.flaws
    missing = {f"{text_id} is missing" for text_id in words_of(CATALOGUE.services[code])}
    assert {flaw.reason for flaw in flaws} == missing
    assert {flaw.file for flaw in flaws} == {"locales/fr.po"}


def test_all_of_them_go_live_together() -> None:
    published = edition(*PRICED, TENDERS)
    home = published.dialogue[HOME]
    assert isinstance(home, Menu)
    assert [option.key for option in home.options] == ["1", "2", "3", "4", "5", "9"]
    others = published.dialogue["others"]
    assert isinstance(others, Menu)
    assert [option.goto for option in others.options] == ["justice", "transport", "local", "other"]


def test_what_has_no_amount_stays_out_though_it_is_on() -> None:
    tenders = manuscript(TENDERS)
    late = publish(tenders, WALLETS, date(2027, 1, 1))  # the day after the tender closed
    assert TENDERS in late.catalogue.services
    assert not [name for name in late.dialogue if TENDERS in name]


def run(dialogue: Dialogue, *typed: str) -> engine.Step:
    step: engine.Step = (Session(HOME, "fr"), Reply(ends=False))
    for text in typed:
        step = engine.step(dialogue, step[0], Typed(text, TODAY))
    return step


def test_the_documents_of_a_tender_are_asked_for_and_paid() -> None:
    dialogue = edition(TENDERS).dialogue
    to_number = ("5", "1", "1")
    session, _ = run(dialogue, *to_number, "2026115")
    assert session.problem == "problem.tender"
    session, reply = run(dialogue, *to_number, "2026-114")
    assert session.node == "request.tender_documents.company"
    assert isinstance(reply, Reply)
    assert reply.literal
    session, _ = run(dialogue, *to_number, "2026114", "*")
    assert session.problem == "problem.text"
    _, wish = run(dialogue, *to_number, "2026114", "  Société  Niger & Fils ")
    assert isinstance(wish, RequestBill)
    asked: Mapping[str, str] = wish.answers
    assert (wish.service, asked["tender"], asked["company"]) == (
        TENDERS,
        "2026114",
        "Société Niger & Fils",
    )
    request = world.read_request(TENDERS, asked, TODAY, edition(TENDERS).catalogue)
    assert request.amount.francs == 50_000
