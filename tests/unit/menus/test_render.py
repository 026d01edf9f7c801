"""What the renderer promises of any dialogue, shown on small ones made up here."""

from collections.abc import Mapping

import pytest

from domain import gsm7
from menus import render
from menus.protocol import FindBill, Reply, Session
from menus.render import ScreenTooLongError
from menus.rules import bill_number
from menus.screens import (
    Ask,
    Confirm,
    Dialogue,
    Find,
    Label,
    Menu,
    Node,
    Notice,
    Option,
    Work,
)

WORDS = {
    "nav.back": "0 Retour",
    "nav.more": "98 Suite",
    "problem.choice": "Choix inconnu.",
    "problem.empty": "Rien.",
    "title": "Titre",
    "a": "Un choix",
    "extra": "En plus",
    "long": "x" * 60,
    "named": "{what} de {who}",
    "thing": "Une façon",
    "none": "Aucun nom ne commence ainsi.",
    "down": "(en panne)",
    "odd": "œuf ŋɛ \N{SNOWMAN}",
}
SCREEN = Reply(ends=False)


class Words:
    """Texts that a language lacks nothing of."""

    def get(self, _lang: str, text_id: str, /, **values: object) -> str:
        return WORDS[text_id].format_map(values)


def menu(count: int, text_id: str = "a") -> Menu:
    return Menu("title", tuple(Option(str(n), Label(text_id), "m") for n in range(1, count + 1)))


def pages(
    node: Node,
    budget: int = 152,
    *,
    problem: str = "",
    trail: tuple[str, ...] = ("home",),
    answers: Mapping[str, str] = {},
    sought: str = "",
) -> list[str]:
    session = Session("m", "fr", trail, dict(answers), problem=problem, sought=sought)
    return render.all_pages({"m": node}, session, SCREEN, Words(), budget)


def lines(page: str) -> list[str]:
    return page.split("\n")


def test_a_screen_is_what_was_wrong_then_the_title_the_choices_and_the_way_back() -> None:
    (page,) = pages(menu(2), problem="problem.choice")
    assert lines(page) == ["Choix inconnu.", "Titre", "1 Un choix", "2 Un choix", "0 Retour"]


def test_no_way_back_is_shown_where_there_is_none() -> None:
    (page,) = pages(menu(1), trail=())
    assert lines(page) == ["Titre", "1 Un choix"]


def test_a_screen_that_ends_the_session_shows_no_way_back() -> None:
    session = Session("m", "fr", ("home",))
    shown = render.screen({"m": Notice("title")}, session, Reply(ends=True), Words(), 152)
    assert shown == "Titre"


def test_more_than_five_choices_are_paged_even_where_they_would_fit() -> None:
    first, second = pages(menu(6), budget=182)
    assert lines(first)[1:] == [f"{n} Un choix" for n in range(1, 6)] + ["98 Suite", "0 Retour"]
    assert lines(second)[1:] == ["6 Un choix", "98 Suite", "0 Retour"]


def test_turning_past_the_last_page_shows_the_first() -> None:
    node = menu(12)
    sessions = [Session("m", "fr", ("home",), page=page) for page in range(7)]
    shown = [render.screen({"m": node}, session, SCREEN, Words(), 152) for session in sessions]
    assert shown == (pages(node) * 3)[:7]
    assert len(set(shown)) == 3


@pytest.mark.parametrize("problem", ["", "problem.choice"])
def test_pages_fit_every_budget_and_hold_every_choice_once_in_order(problem: str) -> None:
    for budget in range(60, 183):
        shown = pages(menu(25), budget=budget, problem=problem)
        assert all((gsm7.septets(page) or 999) <= budget for page in shown), budget
        choices = [line for page in shown for line in lines(page) if line.endswith("Un choix")]
        assert choices == [f"{n} Un choix" for n in range(1, 26)], budget


def test_a_choice_too_long_for_a_page_is_an_error_that_names_the_screen() -> None:
    with pytest.raises(ScreenTooLongError, match=r"m in fr: \d+ septets over 80"):
        pages(menu(2, "long"), budget=80)


UNPAGED = {
    "a confirmation": Confirm("long", (Option("1", Label("long"), "m"),), "again"),
    "a notice": Notice("long"),
    "a question": Ask("long", bill_number, "x", "m"),
}


@pytest.mark.parametrize("node", UNPAGED.values(), ids=UNPAGED)
def test_what_cannot_be_paged_is_an_error_by_the_septets_it_is_over(node: Node) -> None:
    taken = gsm7.septets("\n".join(pages(node, budget=999)))
    assert taken is not None
    assert pages(node, budget=taken)
    with pytest.raises(ScreenTooLongError, match=rf"m in fr: 7 septets over {taken - 7}"):
        pages(node, budget=taken - 7)


def test_an_extra_choice_leaves_its_line_to_the_problem_and_only_then() -> None:
    extra = Option("2", Label("extra"), "m", extra=True)
    node = Confirm("title", (Option("1", Label("a"), "m"), extra), "again")
    assert "2 En plus" in lines(pages(node)[0])
    assert "2 En plus" not in lines(pages(node, problem="problem.choice")[0])


def test_answers_fill_the_words_and_an_answer_may_be_a_word_itself() -> None:
    answers: Mapping[str, str] = {"what_id": "thing", "who": "Ségou"}
    (page,) = pages(Notice("named", ends=False), answers=answers)
    assert lines(page)[0] == "Une facon de Ségou"


def test_nothing_leaves_the_alphabet_of_the_network() -> None:
    (page,) = pages(Notice("odd", ends=False))
    assert lines(page)[0] == "oeuf ngè ?"
    assert gsm7.encoding(page) == "GSM-7"


def test_names_and_tails_are_written_as_they_stand() -> None:
    option = Option("1", Label(name="Français", tail=" 1 700 F CFA"), "m")
    assert "1 Francais 1 700 F CFA" in lines(pages(Menu("title", (option,)))[0])


def test_an_effect_is_no_screen() -> None:
    node = Work(lambda _answers: FindBill(""), {})
    with pytest.raises(TypeError, match="m is no screen"):
        pages(node)


def names(*said: str) -> Find:
    options = (Option(str(key), Label(name=name), "m") for key, name in enumerate(said, 11))
    return Find("title", tuple(options), "none")


def test_the_names_found_are_listed_under_the_keys_they_always_have() -> None:
    node = names("Kayes", "Sikasso", "Kati", "Kita")
    (page,) = pages(node, sought="ka")
    assert lines(page) == ["Titre", "11 Kayes", "13 Kati", "0 Retour"]


def test_names_found_from_the_first_screen_can_be_left_though_nothing_is_behind() -> None:
    (page,) = pages(names("Kayes", "Sikasso", "Kati"), sought="ka", trail=())
    assert lines(page)[-1] == "0 Retour"


@pytest.mark.parametrize("problem", ["none", "problem.choice"])
def test_a_wrong_answer_never_moves_a_name_to_another_page_and_pages_fit(problem: str) -> None:
    node = names(*(f"Commune {n}" for n in range(12)))
    for budget in range(80, 183):
        calm, wrong = pages(node, budget=budget), pages(node, budget=budget, problem=problem)
        assert all((gsm7.septets(page) or 999) <= budget for page in (*calm, *wrong)), budget
        assert [communes(page) for page in wrong] == [communes(page) for page in calm], budget


def communes(page: str) -> list[str]:
    return [line for line in lines(page) if "Commune" in line]


def test_a_flag_stands_after_a_name_when_its_answer_is_there_and_only_then() -> None:
    node = Menu("title", (Option("1", Label(name="Orange Money", flag="down_orange"), "m"),))
    assert lines(pages(node, answers={"down_orange_id": "down"})[0])[1] == (
        "1 Orange Money (en panne)"
    )
    for answers in ({}, {"down_orange_id": ""}):
        assert lines(pages(node, answers=answers)[0])[1] == "1 Orange Money"


def test_screens_kept_for_the_next_citizen_say_nothing_of_the_one_before() -> None:
    flagged = Menu("title", (Option("1", Label(name="Orange Money", flag="down_orange"), "m"),))
    read, found = Notice("named", ends=False), names("Kayes", "Kati", "Gao")
    dialogue: Dialogue = {"m": flagged, "n": read, "f": found}
    kept = render.Pages(dialogue, Words(), 152)

    def shown(name: str, sought: str = "", **answers: str) -> str:
        return kept.screen(Session(name, "fr", (), answers, sought=sought), SCREEN)

    for _ in range(2):
        assert shown("m", down_orange_id="down") == "Titre\n1 Orange Money (en panne)"
        assert shown("m") == "Titre\n1 Orange Money"
        assert shown("n", what="Acte", who="Awa") == "Acte de Awa"
        assert shown("n", what="Acte", who="Issa") == "Acte de Issa"
        assert shown("f", sought="ka") == "Titre\n11 Kayes\n12 Kati\n0 Retour"
        assert shown("f") == "Titre\n11 Kayes\n12 Kati\n13 Gao"
