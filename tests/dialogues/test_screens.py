"""The proof: every screen, in every language, with the worst that can fill it, fits its channel.

152 septets is the floor of unknown gateways, 160 what most promise, 182 the limit of the network.
"""

from functools import lru_cache
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from domain import gsm7
from menus import render
from menus.protocol import Reply, Session
from menus.render import ScreenTooLongError
from menus.screens import Confirm, Menu, Notice, Screen
from tests.dialogues import faces, walk
from tests.dialogues.world import FULL_DIALOGUE as DIALOGUE
from tests.dialogues.world import TEXTS
from ussd_app.wiring import LANGUAGES

BUDGETS = (152, 160, 182)
NO_LIMIT = 1000
PROBLEMS = {text_id for text_id in TEXTS.ids("fr") if text_id.startswith("problem.")}


class Case(NamedTuple):
    session: Session
    reply: Reply

    def pages(self, budget: int) -> list[str]:
        return render.all_pages(DIALOGUE, self.session, self.reply, TEXTS, budget)

    def words(self, text_id: str) -> str:
        lang, answers = self.session.lang, self.session.answers
        spelled = {
            name.removesuffix("_id"): TEXTS.get(lang, value, **answers)
            for name, value in answers.items()
            if name.endswith("_id") and value
        }
        named = {**answers, **spelled}
        return gsm7.to_wire(TEXTS.get(lang, text_id, **named))

    @property
    def name(self) -> str:
        wrong = f" with {self.session.problem}" if self.session.problem else ""
        return f"{self.session.node} in {self.session.lang}{wrong}"


@lru_cache
def cases(lang: str) -> list[Case]:
    worst = list(faces.of(lang))
    return [
        Case(replace(session, answers=dict(face)), reply)
        for session, reply in walk.screens(DIALOGUE, lang)
        for face in worst
    ]


in_every_language = pytest.mark.parametrize("lang", LANGUAGES)
in_every_budget = pytest.mark.parametrize("budget", BUDGETS)


@in_every_language
def test_the_walk_meets_every_screen_and_every_problem(lang: str) -> None:
    met = [session for session, _ in walk.screens(DIALOGUE, lang)]
    screens = {name for name, node in DIALOGUE.items() if isinstance(node, Screen)}
    assert {session.node for session in met} == screens
    assert {session.problem for session in met} == {"", *PROBLEMS}


@in_every_budget
@in_every_language
def test_every_screen_fits_its_channel(lang: str, budget: int) -> None:
    worst: dict[str, int] = {}
    for case in cases(lang):
        worst[case.name] = max(_over(case, budget), worst.get(case.name, 0))
    too_long = [f"{name}: {over} septets over {budget}" for name, over in worst.items() if over > 0]
    assert not too_long, "\n".join(too_long)


@in_every_language
def test_every_screen_travels_in_the_alphabet_of_the_network(lang: str) -> None:
    for case in cases(lang):
        for page in case.pages(NO_LIMIT):
            assert gsm7.encoding(page) == "GSM-7", case.name
            assert not set(page) & set("^{}\\[~]|€\r\f"), f"{case.name}: old telephones garble it"
            assert page == page.strip(), f"{case.name}: septets for nothing"


@in_every_budget
@in_every_language
def test_a_confirmation_is_one_page_that_hides_nothing(lang: str, budget: int) -> None:
    for case in cases(lang):
        node = DIALOGUE[case.session.node]
        if not isinstance(node, Confirm):
            continue
        pages = case.pages(max(budget, _room(case)))  # too long is the affair of the test above
        assert len(pages) == 1, case.name
        assert case.words(node.title) in pages[0], f"{case.name}: a line is missing"
        lines = pages[0].split("\n")
        answers = case.session.answers
        payee = next(n for n, line in enumerate(lines) if "Trésor Public" in line)
        assert any(line.endswith(f" {answers['amount']}") for line in lines), case.name
        assert gsm7.to_wire(answers["basis"]) in lines, f"{case.name}: the law is missing"
        assert case.words(answers["subject_id"]) in lines, f"{case.name}: what for is missing"
        keys = [line.split(" ")[0] for line in lines[payee + 1 :]]
        expected = ["1", "0"] if case.session.problem else ["1", "2", "0"]
        assert keys == expected, case.name


@in_every_budget
@in_every_language
def test_pages_are_short_lists_that_hide_nothing(lang: str, budget: int) -> None:
    for case in cases(lang):
        node = DIALOGUE[case.session.node]
        if not isinstance(node, Menu | Notice) or case.reply.ends:
            continue
        pages, choices = case.pages(budget), _choices(case)
        shown = [[line for line in page.split("\n") if line in choices] for page in pages]
        assert [line for page in shown for line in page] == choices, case.name
        assert all(len(page) <= render.OPTIONS_MAX for page in shown), case.name
        if len(pages) > 1:
            more = case.words("nav.more")
            assert all(more in page.split("\n") for page in pages), f"{case.name}: no 98"
        if case.session.trail:
            back = case.words("nav.back")
            assert all(page.endswith(f"\n{back}") for page in pages), f"{case.name}: no way back"


@in_every_budget
@in_every_language
def test_a_wrong_answer_neither_turns_the_page_nor_skips_a_choice(lang: str, budget: int) -> None:
    for case in cases(lang):
        choices = _choices(case)
        if not choices or not case.session.problem:
            continue
        calm = case._replace(session=replace(case.session, problem=""))
        before = [_shown(page, choices) for page in calm.pages(budget)]
        after = [_shown(page, choices) for page in case.pages(budget)]
        for number, page in enumerate(before):
            asked_again = after[number % len(after)]
            assert asked_again[0] == page[0], f"{case.name}: page {number} moved"
            turned = before[(number + 1) % len(before)]  # what 98 shows next
            gap = choices.index(turned[0]) - choices.index(asked_again[-1])
            assert gap <= 1, f"{case.name}: 98 after page {number} skips a choice"


def _room(case: Case) -> int:
    """The septets the screen takes when nothing limits it."""
    return max(gsm7.septets(page) or 0 for page in case.pages(NO_LIMIT))


def _over(case: Case, budget: int) -> int:
    """How far the longest page of a screen is over its budget; 0 or less when it fits."""
    try:
        return max(gsm7.septets(page) or 0 for page in case.pages(budget)) - budget
    except ScreenTooLongError:
        return _room(case) - budget


def _choices(case: Case) -> list[str]:
    """The lines a citizen chooses from or reads, in order, written without the renderer."""
    node = DIALOGUE[case.session.node]
    if isinstance(node, Notice):
        return [_label(case, line.text_id, line.name) + line.tail for line in node.lines]
    options = node.options if isinstance(node, Menu) else ()
    return [
        f"{option.key} {_label(case, option.label.text_id, option.label.name)}{option.label.tail}"
        for option in options
    ]


def _label(case: Case, text_id: str, name: str) -> str:
    return case.words(text_id) if text_id else gsm7.to_wire(name)


def _shown(page: str, choices: list[str]) -> list[str]:
    return [line for line in page.split("\n") if line in choices]
