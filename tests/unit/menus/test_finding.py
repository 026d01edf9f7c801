"""Names found by the first letters of a word, typed as letters or on a keypad."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menus import engine, finding
from menus.protocol import Reply, Session, Typed
from menus.rules import bill_number
from menus.screens import HOME, Ask, Dialogue, Find, Label, Menu, Notice, Option
from tests.dialogues.world import TODAY

NAMES = {
    "1": "Commune I",
    "2": "Commune II",
    "5": "Commune V",
    "6": "Commune VI",
    "7": "Kati",
    "12": "Koulikoro",
    "14": "Ségou",
    "20": "Ménaka",
    "22": "Dioïla",
    "24": "Koutiala",
    "28": "San",
    "31": "San Pédro",
    "44": "Ambassade Abou Dhabi",
}
OPTIONS = tuple(
    Option(key, Label(name=name), "end", {"place": name}) for key, name in NAMES.items()
)
DIALOGUE: Dialogue = {
    HOME: Menu("title", (Option("1", Label("ask"), "year"),)),
    "year": Ask("ask", bill_number, "year", "place"),
    "place": Find("title", OPTIONS, "problem.place"),
    "end": Notice("end", ends=False),
}
STANDING = Session("place", "fr", (HOME, "year"))


def found(typed: str) -> list[str]:
    return [option.label.name for option in finding.matching(OPTIONS, typed)]


def typed(session: Session, *texts: str) -> Session:
    for text in texts:
        session, _ = engine.step(DIALOGUE, session, Typed(text, TODAY))
    return session


@pytest.mark.parametrize(
    ("sought", "names"),
    [
        ("ko", ["Koulikoro", "Koutiala"]),
        ("kout", ["Koutiala"]),
        ("KOUL", ["Koulikoro"]),
        ("  ka ", ["Kati"]),
        ("k", ["Kati", "Koulikoro", "Koutiala"]),
        ("sé", ["Ségou"]),
        ("SEGOU", ["Ségou"]),
        ("se\u0301g", ["Ségou"]),
        ("menaka", ["Ménaka"]),
        ("dioï", ["Dioïla"]),
        ("abou", ["Ambassade Abou Dhabi"]),  # any word of a name
        ("dhabi", ["Ambassade Abou Dhabi"]),
        ("abou dh", ["Ambassade Abou Dhabi"]),  # a word and those after it
        ("aboudhabi", ["Ambassade Abou Dhabi"]),
        ("commune v", ["Commune V"]),  # and not Commune VI
        ("communev", ["Commune V"]),
        ("vi", ["Commune VI"]),
        ("san", ["San"]),  # a whole name wins over those it begins
        ("san p", ["San Pédro"]),
        ("zz", []),
        ("ati", []),  # the middle of a word is no beginning
        ("", []),
        ("?!", []),
        ("...", []),
    ],
)
def test_letters_find_the_names_with_a_word_that_begins_so(sought: str, names: list[str]) -> None:
    assert found(sought) == names


@pytest.mark.parametrize(
    ("sought", "names"),
    [
        ("568", ["Koulikoro", "Koutiala"]),
        ("5685", ["Koulikoro"]),
        ("5284", ["Kati"]),
        ("73468", ["Ségou"]),  # é is on the 3, as e is
        ("726", ["San"]),
        ("7267", ["San Pédro"]),
        ("2268", ["Ambassade Abou Dhabi"]),
        ("26668638", ["Commune V"]),  # v is on the 8
        ("999", []),
    ],
)
def test_three_digits_or_more_are_the_keys_that_letters_stand_on(
    sought: str, names: list[str]
) -> None:
    assert found(sought) == names


@pytest.mark.parametrize("sought", ["5", "56", "72", "26", "5#", "00"])
def test_one_digit_or_two_are_a_key_and_never_letters(sought: str) -> None:
    assert found(sought.rstrip("#")) == []


@settings(max_examples=40)
@given(st.text(max_size=12))
def test_whatever_is_typed_what_is_found_keeps_its_order(text: str) -> None:
    names = found(text)
    assert names == [name for name in NAMES.values() if name in names]


def test_every_name_is_found_by_itself_and_on_a_keypad() -> None:
    keypad = dict(zip("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999", strict=True))
    for name in NAMES.values():
        assert found(name) == found(name.upper()) == [name]
        plain = name.lower().translate(str.maketrans("éï", "ei")).replace(" ", "")
        assert name in found("".join(keypad[letter] for letter in plain))


def test_one_name_found_is_chosen_at_once() -> None:
    after, reply = engine.step(DIALOGUE, STANDING, Typed("segou", TODAY))
    assert after == Session("end", "fr", (HOME, "year", "place"), {"place": "Ségou"})
    assert isinstance(reply, Reply)


def test_several_are_listed_from_the_first_page_under_the_keys_they_have() -> None:
    turned = typed(STANDING, "98", "ko")
    assert turned == Session("place", "fr", (HOME, "year"), sought="ko")
    assert typed(turned, "24").answers == {"place": "Koutiala"}


def test_the_key_of_a_name_that_is_not_listed_chooses_it_all_the_same() -> None:
    assert typed(STANDING, "ko", "7").answers == {"place": "Kati"}


def test_what_is_typed_next_is_sought_among_all_names() -> None:
    assert typed(STANDING, "ko", "com").sought == "com"
    assert typed(STANDING, "ko", "kati").answers == {"place": "Kati"}


def test_0_shows_all_names_again_and_then_goes_back() -> None:
    narrowed = typed(STANDING, "ko", "98")
    assert (narrowed.sought, narrowed.page) == ("ko", 1)
    assert typed(narrowed, "0") == STANDING
    assert typed(narrowed, "0", "0") == Session("year", "fr", (HOME,))


def test_what_was_sought_is_forgotten_where_it_leads_and_on_the_way_home() -> None:
    assert typed(STANDING, "ko", "24").sought == ""
    assert typed(STANDING, "ko", "24", "0").sought == ""
    assert typed(STANDING, "ko", "00") == Session(HOME, "fr")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("zz", "problem.place"),
        ("999", "problem.place"),
        ("?", "problem.place"),
        ("3", "problem.choice"),  # a key there is not
        ("99", "problem.choice"),
        ("", "problem.empty"),
    ],
)
@pytest.mark.parametrize("sought", ["", "ko"])
def test_a_name_not_found_changes_nothing_but_the_problem(
    sought: str, text: str, problem: str
) -> None:
    standing = typed(STANDING, sought) if sought else STANDING
    after, reply = engine.step(DIALOGUE, standing, Typed(text, TODAY))
    assert after == Session("place", "fr", (HOME, "year"), problem=problem, sought=sought)
    assert reply == engine.reply(DIALOGUE, standing)
