"""Texts read from their catalogues: French stands in, an authority adds, readers are waited for."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ussd_app.manuscripts import Shelf
from ussd_app.translations import LANGUAGES, Text, Translations, TranslationsError

FRENCH = {"home": "Accueil", "pay": "Payer {amount}", "help": "Aide"}
REVIEW = "#. to be reviewed by a native speaker\n"


def said(lang: str, words: Mapping[str, str], *waiting: str) -> str:
    """A catalogue of texts; those that are `waiting` say so."""
    parts = [f'msgid ""\nmsgstr ""\n"Language: {lang}\\n"\n']
    for text_id, text in words.items():
        mark = REVIEW if text_id in waiting else ""
        parts.append(f'{mark}msgid "{text_id}"\nmsgstr "{text}"\n')
    return "\n".join(parts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fr.po").write_text(said("fr", FRENCH), "utf-8")
    words = {"home": "So", "help": ""}
    (tmp_path / "ff.po").write_text(said("ff", words, "home"), "utf-8")
    return tmp_path


def test_a_text_a_language_lacks_is_said_in_french(folder: Path) -> None:
    texts = Translations.read([folder], ("fr", "ff"))
    assert texts.get("ff", "home") == "So"
    assert texts.get("ff", "help") == "Aide"  # an empty one is none
    assert texts.get("ff", "pay", amount="300 F CFA") == "Payer 300 F CFA"
    assert texts.template("ff", "pay") == "Payer {amount}"
    assert texts.ids("ff") == {"home"}
    assert texts.ids("fr") == set(FRENCH)


def test_a_language_that_is_not_enabled_is_said_in_french(folder: Path) -> None:
    texts = Translations.read([folder], ("fr",))
    assert texts.get("ff", "home") == "Accueil"  # a subscriber chose it when it was


def test_a_text_nobody_wrote_and_a_blank_nobody_fills_are_bugs(folder: Path) -> None:
    texts = Translations.read([folder], ("fr", "ff"))
    for lang, text_id in (("ff", "no.such"), ("fr", "pay")):
        with pytest.raises(KeyError):
            texts.get(lang, text_id)


def test_what_waits_for_a_native_speaker_is_listed(folder: Path) -> None:
    texts = Translations.read([folder], ("fr", "ff"))
    assert texts.unreviewed("ff") == ["home"]
    assert texts.unreviewed("fr") == []


def test_an_authority_adds_texts_and_says_others_otherwise(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "fr.po").write_text(said("fr", {"help": "Mairie: 20 22", "ask.lot": "Lot:"}), "utf-8")
    texts = Translations.read([folder, own], ("fr", "ff"))  # it has no ff.po, and need not
    assert texts.get("ff", "help") == "Mairie: 20 22"
    assert texts.get("fr", "ask.lot") == "Lot:"
    assert texts.get("fr", "home") == "Accueil"


def test_a_catalogue_that_is_missing_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(TranslationsError, match=r"^bm\.po: "):
        Translations.read([folder], ("fr", "bm"))


@pytest.mark.parametrize("raw", [b"home: So\n", b'msgid "home"\nmsgstr "\xff"\n', b"\x00\x01"])
def test_a_catalogue_that_is_broken_is_refused_by_name(folder: Path, raw: bytes) -> None:
    (folder / "ff.po").write_bytes(raw)
    with pytest.raises(TranslationsError, match=r"^ff\.po: "):
        Translations.read([folder], ("fr", "ff"))


def test_texts_are_held_as_they_are_given() -> None:
    texts = Translations({"fr": {"home": Text("Accueil", reviewed=False)}})
    assert texts.get("fr", "home") == "Accueil"
    assert texts.unreviewed("fr") == ["home"]


@pytest.mark.parametrize("languages", [("fr", "xx"), ("bm",), ()])
def test_a_shelf_has_french_and_only_languages_that_are_offered(languages: tuple[str, ...]) -> None:
    with pytest.raises(TranslationsError, match=f"fr, and any of {' '.join(LANGUAGES)}"):
        Shelf(sandbox=True, languages=languages)


def test_languages_are_offered_in_the_order_they_are_enabled() -> None:
    assert list(Shelf(sandbox=True, languages=("fr", "bm")).languages) == ["fr", "bm"]
    assert Shelf(sandbox=True, languages=("bm", "fr")).languages == {
        "bm": "Bamanankan",
        "fr": "Français",
    }
