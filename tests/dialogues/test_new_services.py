"""A service that is off goes live by its catalogue entry and its words, without code."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain import gsm7
from domain.catalogue import Catalogue
from menus import render, service
from menus.protocol import Reply, Session
from menus.screens import Confirm, Dialogue, Menu, Option
from tests.dialogues import walk, world
from tests.dialogues.faces import longest_answers
from tests.dialogues.walk import FACTS
from tests.dialogues.world import BILL, BUDGET, CATALOGUE, OFF, TEXTS, TODAY, WALLETS
from ussd_app.wiring import LANGUAGES

each_service_that_is_off = pytest.mark.parametrize("code", [service.code for service in OFF])
LABEL = "Nouveau service"


class Words:
    """The real words, and those a service that goes live brings: its label and its family's."""

    def get(self, lang: str, text_id: str, /, **values: object) -> str:
        new = text_id in world.NEW_WORDS and text_id not in TEXTS.ids("fr")
        return LABEL if new else TEXTS.get(lang, text_id, **values)


def switched_on(code: str) -> Catalogue:
    live = replace(CATALOGUE.services[code], enabled=True)
    return replace(CATALOGUE, services={**CATALOGUE.services, code: live})


def options(dialogue: Dialogue) -> Iterator[Option]:
    for node in dialogue.values():
        if isinstance(node, Menu):
            yield from node.options


@each_service_that_is_off
def test_it_is_in_a_menu_that_can_be_reached_and_shown(code: str) -> None:
    dialogue = service.build(switched_on(code), WALLETS, LANGUAGES)
    assert [option for option in options(dialogue) if option.sets.get("service") == code]
    reached = set()
    for lang in LANGUAGES:
        for session, reply in walk.screens(dialogue, lang):
            known = replace_answers(session)
            assert render.all_pages(dialogue, known, reply, Words(), BUDGET)
            reached.add(session.node)
    assert {name for name, node in dialogue.items() if isinstance(node, Menu | Confirm)} <= reached


@each_service_that_is_off
def test_it_is_confirmed_before_paying(code: str) -> None:
    catalogue = switched_on(code)
    dialogue = service.build(catalogue, WALLETS, LANGUAGES)
    answers = longest_answers(catalogue.services[code])
    request = world.read_request(code, answers, TODAY, catalogue)
    told = world.facts_of_bill(request.bill(BILL, TODAY)) | world.detail_of(request)
    for lang in LANGUAGES:
        session = Session("request.confirm", lang, ("home",), answers | told)
        lines = render.screen(dialogue, session, Reply(ends=False), Words(), BUDGET).split("\n")
        assert lines[0] == LABEL
        assert "" not in lines
        assert any(line.endswith(f" {request.amount}") for line in lines)
        assert gsm7.to_wire(request.legal_basis) in lines


def replace_answers(session: Session) -> Session:
    answers = {**FACTS, **session.answers}
    return Session(session.node, session.lang, session.trail, answers, 0, session.problem)
