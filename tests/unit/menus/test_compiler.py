"""The compiler takes the real dialogue, and refuses it with any one road or key of it broken."""

from dataclasses import replace

import pytest

from menus.compiler import CompileError, Source, compile_
from menus.screens import HOME, START, Confirm, Label, Menu, Notice, Option, Rule, Screen
from tests.dialogues.world import DIALOGUE, LANGUAGES
from tests.unit.menus.breaking import (
    GOOD,
    Broken,
    asking,
    option,
    told,
    with_nodes,
    with_option,
    with_texts,
    without_node,
    work,
)

THIS_PHONE = option("bill.whose", "1")
PAY = option("bill.confirm", "1")
LETTERS = Rule(lambda text, _day: text if text.isalpha() else None, "problem.text")
ANYTHING = Rule(lambda text, _day: text, "problem.text")


def choice(goto: str) -> Menu:
    """A level more."""
    ways = (Option("1", Label("option.help"), goto), Option("2", Label("option.new"), HOME))
    return Menu("title.information", ways)


def confirming(*options: Option, again: str = "bill.find") -> Source:
    """One confirmation more, beside the others."""
    more = {"bill.more": Confirm("confirm.bill", options, again)}
    return with_nodes(more, with_option("bill.whose", "3", Option("3", PAY.label, "bill.more")))


ROADS = [
    Broken(
        "a key leads nowhere",
        with_option("bill.whose", "1", replace(THIS_PHONE, goto="bill.nowhere")),
        "menus: bill.whose: it leads to bill.nowhere, which is not there",
    ),
    Broken(
        "an outcome leads nowhere",
        with_nodes({"forget": replace(work("forget"), outcomes={"home": "house"})}),
        "menus: forget: it leads to house, which is not there",
    ),
    Broken(
        "a screen nobody reaches",
        with_nodes({"stray": Notice("help")}),
        "menus: stray: no way leads here",
    ),
    Broken(
        "a field nobody reaches",
        with_nodes({"request.birth_copy.stray": Notice("help")}),
        "services.toml: request.birth_copy.stray: no way leads here",
    ),
    Broken(
        "a menu without options",
        with_nodes({"language.choose": Menu("title.language", ())}),
        "menus: language.choose: a dead end: there is nothing to choose",
    ),
    Broken(
        "an effect without an outcome",
        with_nodes({"forget": replace(work("forget"), outcomes={})}),
        "menus: forget: a dead end: the effect has no outcome",
    ),
    Broken(
        "an outcome that leads on and complains",
        with_nodes({"bill.find": replace(work("bill.find"), problems={"paid": "problem.digits"})}),
        "menus: bill.find: outcome paid both leads on and complains",
    ),
    Broken(
        "a last screen that lists something",
        with_nodes({"bill.paid": Notice("bill.paid", lines=(Label("help"),))}),
        "menus: bill.paid: the last screen of a session cannot be paged: it has no lines",
    ),
    Broken(
        "a fifth level",
        with_nodes(
            {
                "deep.1": choice("deep.2"),
                "deep.2": choice("deep.3"),
                "deep.3": choice("help"),
            },
            with_option("information", "3", Option("3", Label("option.help"), "deep.1")),
        ),
        "menus: deep.3: 5 menus in a row, at most 4: home > information > deep.1 > deep.2 > deep.3",
    ),
    Broken("no greeting", without_node(START), "menus: greet: the dialogue has no such node"),
    Broken("no home", without_node(HOME), "menus: home: the dialogue has no such node"),
]
KEYS = [
    Broken(
        "a key twice",
        with_option("bill.whose", "1", replace(THIS_PHONE, key="2")),
        "menus: bill.whose: key 2 is there twice",
    ),
    Broken(
        "a key that is a letter",
        with_option("bill.whose", "1", replace(THIS_PHONE, key="a")),
        "menus: bill.whose: key 'a' is not on a keypad",
    ),
    Broken(
        "a key of another script",
        with_option("bill.whose", "1", replace(THIS_PHONE, key="١")),
        "menus: bill.whose: key '١' is not on a keypad",
    ),
    *(
        Broken(
            f"the key {key}",
            with_option("bill.whose", "1", replace(THIS_PHONE, key=key)),
            f"menus: bill.whose: key {key} is one of the ways back and on",
        )
        for key in ("0", "00", "98")
    ),
    Broken(
        "an option that says two things",
        with_option("bill.whose", "1", replace(THIS_PHONE, label=Label("help", name="Kati"))),
        "menus: bill.whose: option 1 needs a text or a name, and not both",
    ),
    Broken(
        "an option that says nothing",
        with_option("bill.whose", "1", replace(THIS_PHONE, label=Label())),
        "menus: bill.whose: option 1 needs a text or a name, and not both",
    ),
    Broken(
        "a question that a keypad cannot answer",
        asking("fine.number", LETTERS),
        "menus: fine.number: digits never answer it, and a keypad has nothing else",
    ),
    Broken(
        "a key that skips and is an answer",
        asking("request.cni.nina", ANYTHING),
        "services.toml: request.cni.nina: 1 leaves it empty and is also an answer",
    ),
]
PAYING = [
    Broken(
        "a payment from a menu",
        with_option("bill.whose", "2", replace(THIS_PHONE, key="2", goto="bill.open")),
        "menus: bill.whose: it leads to the payment bill.open, and only a confirmation may",
    ),
    Broken(
        "a payment right after an effect",
        with_nodes(
            {"forget": replace(work("forget"), outcomes={"home": HOME, "pay": "bill.open"})}
        ),
        "menus: forget: it leads to the payment bill.open, and only a confirmation may",
    ),
    Broken(
        "a confirmation that does not pay",
        confirming(replace(PAY, goto="bill.whose")),
        "menus: bill.more: key 1, and no other, pays; here it is none",
    ),
    Broken(
        "a confirmation that pays by another key",
        confirming(replace(PAY, key="2")),
        "menus: bill.more: key 1, and no other, pays; here it is 2",
    ),
    Broken(
        "a confirmation that pays by two keys",
        confirming(PAY, replace(PAY, key="3")),
        "menus: bill.more: key 1, and no other, pays; here it is 1 and 3",
    ),
    Broken(
        "a confirmation with too many options",
        confirming(PAY, *(replace(THIS_PHONE, key=key) for key in "23456")),
        "menus: bill.more: 6 options, at most 5 on a screen never paged",
    ),
    *(
        Broken(
            f"a confirmation found anew by {again}",
            confirming(PAY, again=again),
            f"menus: bill.more: {again} does not find anew what is confirmed",
        )
        for again in ("bill.number", "bill.open", "nowhere")
    ),
]


@pytest.mark.parametrize("broken", [*ROADS, *KEYS, *PAYING], ids=lambda broken: broken.why)
def test_a_broken_road_is_refused_with_file_screen_and_reason(broken: Broken) -> None:
    assert told(broken.source) == [broken.said]


def test_the_real_dialogue_compiles_and_every_screen_is_measured_in_every_language() -> None:
    measures = compile_(GOOD)
    screens = {name for name, node in DIALOGUE.items() if isinstance(node, Screen)}
    expected = {(name, lang) for name in screens for lang in LANGUAGES}
    assert {(each.screen, each.lang) for each in measures} == expected
    assert len(measures) == len(expected)
    for each in measures:
        assert set(each.pages) == {152, 160, 182}
        assert all(pages >= 1 for pages in each.pages.values())
        assert each.septets > 0


def test_everything_wrong_with_the_roads_and_the_words_is_told_at_once() -> None:
    stray = {"stray": Notice("help"), "astray": Notice("help.more")}
    source = with_texts(fr={"surplus": "x"}, source=with_nodes(stray))
    with pytest.raises(CompileError) as refused:
        compile_(source)
    said = [
        "menus: stray: no way leads here",
        "menus: astray: no way leads here",
        "locales/fr.po: astray: fr: help.more is missing",
        "locales/fr.po: fr: surplus is said nowhere",
    ]
    assert [str(flaw) for flaw in refused.value.flaws] == said
    assert str(refused.value) == "\n".join(said)


def test_a_refusal_is_a_value_error_for_the_caller() -> None:
    assert issubclass(CompileError, ValueError)


def test_a_confirmation_more_compiles_when_it_pays_by_the_first_key() -> None:
    assert told(confirming(PAY)) == []
