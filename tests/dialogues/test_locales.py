"""The catalogues of texts, beyond what the compiler of the dialogue holds them to.

The compiler knows the screens; here are the messages and the public page, what is complete and
what waits for a reader, and how Bambara is spelled.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from domain import gsm7
from domain.payment import Failure
from receipts.record import Verdict
from sms import notices
from tests.dialogues.world import TODAY, WALLETS
from ussd_app.manuscripts import LOCALES, Shelf
from ussd_app.translations import LANGUAGES, TO_REVIEW
from ussd_app.usecases.edition import publish

ROOT = Path(__file__).parents[2]
PRESENT = tuple(lang for lang in LANGUAGES if (LOCALES / f"{lang}.po").exists())
COMPLETE = ("fr", "bm")
SOURCES = ("menus", "sms", "ussd_app")
# Families of ids that the code names whole; the others follow from the catalogue.
LITERAL = re.compile(
    r"(problem|nav|detail|heading|page|failure|sms|option|title|ask|confirm|greet|line)\.[a-z_]+"
    r"|unavailable|unknown_code|wallet\.down"
)
BEGINNINGS = {"page.advice_"}  # joined to a state
TWO_WORDS = {frozenset({"don", "dɔn"})}  # it is, and to know
in_every_language = pytest.mark.parametrize("lang", PRESENT)
in_every_complete_language = pytest.mark.parametrize("lang", COMPLETE)


@lru_cache
def catalogue(lang: str) -> Catalog:
    with (LOCALES / f"{lang}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(lang: str) -> dict[str, Message]:
    return {str(message.id): message for message in catalogue(lang) if message.id}


def words(lang: str) -> dict[str, str]:
    return {text_id: str(message.string) for text_id, message in messages(lang).items()}


def of_the_messages() -> Iterator[str]:
    yield from notices.TEMPLATES
    yield from (f"failure.{failure}" for failure in Failure)


def of_the_page() -> Iterator[str]:
    """The ids in the templates: whole, or `"page." + state`."""
    for template in (ROOT / "ussd_app/web/templates").glob("*.html"):
        text = template.read_text("utf-8")
        for text_id, joined in re.findall(r'text\("([a-z_.]+)"( \+ state)?\)', text):
            states = (*Verdict, "mistyped", "too_many")
            yield from (f"{text_id}{state}" for state in states) if joined else (text_id,)


def of_the_code() -> Iterator[str]:
    """The ids written as they are in Python."""
    for source in SOURCES:
        for module in (ROOT / source).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                written = node.value if isinstance(node, ast.Constant) else None
                if isinstance(written, str) and LITERAL.fullmatch(written):
                    yield written


def test_every_language_there_is_can_be_enabled() -> None:
    assert set(COMPLETE) <= set(PRESENT)
    edition = publish(Shelf(sandbox=True, languages=PRESENT).read(), WALLETS, TODAY)
    assert {each.lang for each in edition.measures} == set(PRESENT)


def test_there_is_no_catalogue_of_a_language_that_is_not_offered() -> None:
    assert {path.stem for path in LOCALES.glob("*.po")} <= set(LANGUAGES)


def test_every_text_the_code_asks_for_is_written() -> None:
    assert sorted(set(of_the_code()) - BEGINNINGS - set(words("fr"))) == []


def test_the_messages_and_the_page_have_their_texts_and_no_others() -> None:
    written = {i for i in words("fr") if i.startswith(("sms.", "failure.", "page."))}
    assert written == {*of_the_messages(), *of_the_page()}


@in_every_complete_language
def test_a_complete_language_has_every_text_in_the_same_order(lang: str) -> None:
    assert list(words(lang)) == list(words("fr"))
    assert all(words(lang).values())


@in_every_language
def test_texts_follow_the_order_of_the_french(lang: str) -> None:
    assert list(words(lang)) == [text_id for text_id in words("fr") if text_id in words(lang)]


@in_every_language
def test_no_text_is_written_twice_or_left_in_doubt(lang: str) -> None:
    source = (LOCALES / f"{lang}.po").read_text("utf-8")
    ids = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert not [text_id for text_id, message in messages(lang).items() if message.fuzzy]
    assert not catalogue(lang).obsolete


@in_every_language
def test_texts_are_written_with_plain_signs(lang: str) -> None:
    for text_id, text in words(lang).items():
        assert not set(text) & set("\u00a0\u202f\u2009\u200b«»“”‘’…–—\t\r"), text_id
        assert not set(gsm7.to_wire(text, lang)) & set("^[]~|€\\"), f"{text_id}: two septets a sign"
        assert text == text.strip(), text_id
        assert "  " not in text, text_id


@pytest.mark.parametrize("lang", [lang for lang in PRESENT if lang not in {"fr", "en"}])
def test_every_text_in_a_national_language_waits_for_a_native_speaker(lang: str) -> None:
    unmarked = [
        i for i, message in messages(lang).items() if TO_REVIEW not in message.auto_comments
    ]
    assert unmarked == []


def test_bambara_is_written_in_its_official_letters() -> None:
    for text_id, text in words("bm").items():
        assert not set(text.lower()) & set("èòêô"), f"{text_id}: spelling of before 1982"
        own = re.sub("Bamanankan|janya", "", text)  # jan-ya, length: two letters of two parts
        assert not re.search(r"ny|\bng", own.lower()), f"{text_id}: ɲ and ŋ are one letter"


def test_no_bambara_word_has_both_a_plain_and_an_open_spelling() -> None:
    spelled: dict[str, set[str]] = {}
    for text in words("bm").values():
        for word in re.findall(r"[a-zɛɔɲŋ]{3,}", text.lower()):
            spelled.setdefault(word.translate(str.maketrans("ɛɔ", "eo")), set()).add(word)
    twice = {frozenset(ways) for ways in spelled.values() if len(ways) > 1}
    assert twice <= TWO_WORDS


@in_every_language
def test_no_word_in_capitals_loses_its_vowels_on_the_wire(lang: str) -> None:
    # è and ò are in GSM-7, È and Ò are not: DƆN (known) would be read DON (it is).
    shouted = [text_id for text_id, text in words(lang).items() if re.search("[ƐƆ]", text)]
    assert shouted == []


@in_every_language
def test_the_catalogue_names_its_language(lang: str) -> None:
    assert str(catalogue(lang).locale) == lang
