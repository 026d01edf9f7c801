"""The proof: every screen, in every language, with the worst that can fill it, fits its channel.

The compiler measures too. Here citizens walk, and what they see is judged without the compiler.
"""

from functools import lru_cache
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from domain import gsm7
from domain.wallet import Wallet
from menus import render
from menus.protocol import Reply, Session
from menus.render import BUDGETS, ScreenTooLongError
from menus.screens import Choosing, Confirm, Find, Label, Menu, Notice, Screen
from tests.dialogues import walk
from tests.dialogues.world import (
    BOTH,
    CATALOGUE,
    LANGUAGES,
    MANUSCRIPT,
    TEXTS,
    TODAY,
    WALLETS,
    every_wallet,
)
from tests.dialogues.world import FULL_DIALOGUE as DIALOGUE
from ussd_app.usecases.edition import publish
from ussd_app.usecases.worst import Worst

NO_LIMIT = 1000
# Said of what a service asks for, when there is one: see test_new_services.py.
NOT_SAID_YET = {"problem.otp", "problem.text", "problem.tender"}
PROBLEMS = {name for name in TEXTS.ids("fr") if name.startswith("problem.")} - NOT_SAID_YET


class Case(NamedTuple):
    session: Session
    reply: Reply

    def pages(self, budget: int) -> list[str]:
        return render.all_pages(DIALOGUE, self.session, self.reply, TEXTS, budget)

    def words(self, text_id: str) -> str:
        return gsm7.to_wire(TEXTS.get(self.session.lang, text_id, **self.named))

    @property
    def named(self) -> dict[str, str]:
        lang, answers = self.session.lang, self.session.answers
        spelled = {
            name.removesuffix("_id"): TEXTS.get(lang, value, **answers)
            for name, value in answers.items()
            if name.endswith("_id") and value
        }
        return {**answers, **spelled}

    @property
    def name(self) -> str:
        wrong = f" with {self.session.problem}" if self.session.problem else ""
        return f"{self.session.node} in {self.session.lang}{wrong}"


@lru_cache
def cases(lang: str) -> list[Case]:
    """Every screen with every face; once where faces make no difference."""
    worst = [dict(face) for face in Worst(CATALOGUE, TEXTS, lang, TODAY).faces(BOTH)]
    found: dict[tuple[str, ...], Case] = {}
    for session, reply in walk.screens(DIALOGUE, lang):
        for face in worst:
            case = Case(replace(session, answers=face), reply)
            standing = (case.name, *session.trail, session.sought, *case.pages(NO_LIMIT))
            found.setdefault(standing, case)
    return list(found.values())


in_every_language = pytest.mark.parametrize("lang", LANGUAGES)
in_every_budget = pytest.mark.parametrize("budget", BUDGETS)


def test_the_budgets_are_those_of_the_channels() -> None:
    # The floor of unknown gateways, what most promise, the limit of the network.
    assert BUDGETS == (152, 160, 182)


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


@in_every_language
def test_the_compiler_measures_what_citizens_see(lang: str) -> None:
    seen: dict[str, int] = {}
    for case in cases(lang):
        seen[case.session.node] = max(seen.get(case.session.node, 0), _room(case))
    measures = publish(MANUSCRIPT, BOTH, TODAY).measures
    assert seen == {each.screen: each.septets for each in measures if each.lang == lang}


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
        assert answers["wallet_name"] in lines[payee + 1], f"{case.name}: with what is missing"
        keys = [line.split(" ")[0] for line in lines[payee + 1 :]]
        other_number = case.session.node.endswith("_other")
        assert keys == (["1", "0"] if case.session.problem or other_number else ["1", "2", "0"])


@in_every_language
def test_a_confirmation_names_the_number_that_pays_when_it_is_another(lang: str) -> None:
    named = [case for case in cases(lang) if case.session.node.endswith(".confirm_other")]
    assert named
    for case in named:
        paying = next(n for n in case.pages(NO_LIMIT)[0].split("\n") if n.startswith("1 "))
        assert case.session.answers["payer"] in paying, case.name


@in_every_budget
@in_every_language
def test_pages_are_short_lists_that_hide_nothing(lang: str, budget: int) -> None:
    for case in cases(lang):
        node = DIALOGUE[case.session.node]
        if not isinstance(node, Menu | Find | Notice) or case.reply.ends:
            continue
        pages, choices = case.pages(budget), _choices(case)
        shown = [[line for line in page.split("\n") if line in choices] for page in pages]
        assert [line for page in shown for line in page] == choices, case.name
        assert all(len(page) <= render.OPTIONS_MAX for page in shown), case.name
        if len(pages) > 1:
            more = case.words("nav.more")
            assert all(more in page.split("\n") for page in pages), f"{case.name}: no 98"
        if case.session.trail or case.session.sought:
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


@in_every_budget
@in_every_language
def test_a_screen_kept_for_the_next_citizen_is_the_one_written_anew(lang: str, budget: int) -> None:
    kept = render.Pages(DIALOGUE, TEXTS, budget)
    for case in cases(lang):
        for session in (case.session, replace(case.session, page=1)):
            anew = render.screen(DIALOGUE, session, case.reply, TEXTS, budget)
            assert kept.screen(session, case.reply) == anew, case.name


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
        return [_label(case, line) for line in node.lines]
    options = node.options if isinstance(node, Choosing) and not isinstance(node, Confirm) else ()
    lines = [f"{option.key} {_label(case, option.label)}" for option in options]
    # What a walk seeks, where it finds several, is the communes.
    return [line for line in lines if " Commune " in line or not case.session.sought]


def _label(case: Case, label: Label) -> str:
    said = case.words(label.text_id) if label.text_id else gsm7.to_wire(label.name)
    flag = gsm7.to_wire(case.named.get(label.flag, ""))
    return " ".join(part for part in (f"{said}{label.tail}", flag) if part)


def _shown(page: str, choices: list[str]) -> list[str]:
    return [line for line in page.split("\n") if line in choices]


@pytest.mark.parametrize("wallet", every_wallet(), ids=lambda wallet: wallet.code)
def test_the_dialogue_compiles_with_any_wallet_there_is(wallet: Wallet) -> None:
    """The compiler fills the screens with its brand and with what is dialled for it."""
    first, *_ = WALLETS
    for wallets in ((wallet,), tuple(dict.fromkeys((first, wallet)))):
        assert publish(MANUSCRIPT, wallets, TODAY).dialogue


def test_the_dialogue_compiles_with_every_wallet_there_is() -> None:
    assert publish(MANUSCRIPT, every_wallet(), TODAY).dialogue
