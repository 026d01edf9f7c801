"""The two catalogues of texts say the same things, all that is needed and nothing else."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from domain import gsm7
from domain.bill import FINE
from domain.catalogue import FeeKind
from domain.payment import Failure
from menus.screens import Confirm, Menu, Notice, Work
from receipts.record import Verdict
from sms import notices
from tests.dialogues.world import CATALOGUE, FULL_DIALOGUE, LIVE_DIALOGUE, NEW_WORDS

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fr", "bm")
SOURCES = ("menus", "sms", "ussd_app")
# Families of ids that the code names whole; the others follow from the catalogue.
LITERAL = re.compile(
    r"(problem|nav|detail|heading|page|failure|sms|tariff|option|title|ask|confirm)\.[a-z_]+"
    r"|unavailable|unknown_code"
)
TO_REVIEW = "to be reviewed by a native speaker"
TWO_WORDS = {frozenset({"don", "dɔn"})}  # it is, and to know
in_every_language = pytest.mark.parametrize("lang", LANGUAGES)


@lru_cache
def catalogue(lang: str) -> Catalog:
    with (ROOT / "locales" / f"{lang}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(lang: str) -> dict[str, Message]:
    return {str(message.id): message for message in catalogue(lang) if message.id}


def words(lang: str) -> dict[str, str]:
    return {text_id: str(message.string) for text_id, message in messages(lang).items()}


def of_the_dialogue() -> Iterator[str]:
    """What screens say, be there one wallet or several, few services or all."""
    for node in (*FULL_DIALOGUE.values(), *LIVE_DIALOGUE.values()):
        if isinstance(node, Work):
            yield from node.problems.values()
            continue
        yield node.title
        options = node.options if isinstance(node, Menu | Confirm) else ()
        lines = node.lines if isinstance(node, Notice) else ()
        yield from (option.label.text_id for option in options)
        yield from (line.text_id for line in lines)


def of_what_is_owed() -> Iterator[str]:
    """What bills and receipts name: a fine by its offence, a request by its service."""
    yield f"service.{FINE}"
    yield from (
        f"offence.{offence.code}" for offence in CATALOGUE.offences.values() if offence.enabled
    )
    payable = [service for service in CATALOGUE.services.values() if service.enabled]
    yield from (f"service.{service.code}" for service in payable if service.tariffs)
    yield from ("line.dated", "line.counted", "line.tariff", "detail.none", "detail.no_nina")
    # The families that a service can go live in have their names ready.
    yield from (f"title.{s.family}" for s in CATALOGUE.services.values() if s.fee is FeeKind.FIXED)
    yield from ("option.others", "title.others")


def of_the_messages() -> Iterator[str]:
    yield from notices.TEMPLATES
    yield from (f"failure.{failure}" for failure in Failure)


def of_the_page() -> Iterator[str]:
    """The ids in the templates: whole, or `"page." + state`."""
    for template in (ROOT / "ussd_app/web/templates").glob("*.html"):
        text = template.read_text("utf-8")
        for text_id, joined in re.findall(r'text\("([a-z_.]+)"( \+ state)?\)', text):
            states = (*Verdict, "too_many")
            yield from (f"{text_id}{state}" for state in states) if joined else (text_id,)


def of_the_code() -> Iterator[str]:
    """The ids written as they are in Python."""
    for source in SOURCES:
        for module in (ROOT / source).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                written = node.value if isinstance(node, ast.Constant) else None
                if isinstance(written, str) and LITERAL.fullmatch(written):
                    yield written


def used() -> set[str]:
    found = {
        *of_the_dialogue(),
        *of_what_is_owed(),
        *of_the_messages(),
        *of_the_page(),
        *of_the_code(),
    }
    return found - {"", "page.", "page.advice_"}


@in_every_language
def test_every_text_the_code_asks_for_is_written(lang: str) -> None:
    written = {text_id for text_id, text in words(lang).items() if text}
    assert sorted(used() - NEW_WORDS - written) == []


@in_every_language
def test_every_text_written_is_asked_for(lang: str) -> None:
    assert sorted(set(words(lang)) - used()) == []


@in_every_language
def test_no_text_is_written_twice_or_left_in_doubt(lang: str) -> None:
    source = (ROOT / "locales" / f"{lang}.po").read_text("utf-8")
    ids = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert not [text_id for text_id, message in messages(lang).items() if message.fuzzy]
    assert not catalogue(lang).obsolete


def test_the_languages_have_the_same_texts_in_the_same_order() -> None:
    assert list(words("bm")) == list(words("fr"))


def test_a_text_has_the_same_blanks_in_every_language() -> None:
    for text_id, text in words("fr").items():
        assert blanks(words("bm")[text_id]) == blanks(text), text_id


@in_every_language
def test_blanks_have_plain_names(lang: str) -> None:
    for text_id, text in words(lang).items():
        assert all(re.fullmatch(r"[a-z_]+", blank) for blank in blanks(text)), text_id


@in_every_language
def test_texts_are_written_with_plain_signs(lang: str) -> None:
    for text_id, text in words(lang).items():
        assert not set(text) & set("\u00a0\u202f\u2009\u200b«»“”‘’…–—\t\r"), text_id
        assert not set(gsm7.to_wire(text)) & set("^[]~|€\\"), f"{text_id}: two septets a sign"
        assert text == text.strip(), text_id
        assert "  " not in text.replace("  {amount}", ""), text_id


@in_every_language
def test_every_letter_has_a_spelling_on_the_wire(lang: str) -> None:
    for text_id, text in words(lang).items():
        assert gsm7.to_wire(text).count("?") == text.count("?"), text_id


def test_every_bambara_text_waits_for_a_native_speaker() -> None:
    unmarked = [
        text_id for text_id, message in messages("bm").items()
        if message.auto_comments != [TO_REVIEW]
    ]  # fmt: skip
    assert unmarked == []


def test_bambara_is_written_in_its_official_letters() -> None:
    for text_id, text in words("bm").items():
        assert not set(text.lower()) & set("èòêô"), f"{text_id}: spelling of before 1982"
        own = text.replace("Bamanankan", "")
        assert not re.search(r"ny|\bng", own.lower()), f"{text_id}: ɲ and ŋ are one letter"


def test_no_bambara_word_has_both_a_plain_and_an_open_spelling() -> None:
    spelled: dict[str, set[str]] = {}
    for text in words("bm").values():
        for word in re.findall(r"[a-zɛɔɲŋ]{3,}", text.lower()):
            spelled.setdefault(word.translate(str.maketrans("ɛɔ", "eo")), set()).add(word)
    twice = {frozenset(ways) for ways in spelled.values() if len(ways) > 1}
    assert twice <= TWO_WORDS


def test_no_bambara_word_in_capitals_loses_its_vowels_on_the_wire() -> None:
    # è and ò are in GSM-7, È and Ò are not: DƆN (known) would be read DON (it is).
    shouted = [text_id for text_id, text in words("bm").items() if re.search("[ƐƆ]", text)]
    assert shouted == []


@in_every_language
def test_the_catalogue_names_its_language(lang: str) -> None:
    assert str(catalogue(lang).locale) == lang


def blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
