"""What the air carries: the alphabet of 3GPP TS 23.038, counted, and our languages in it."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import gsm7

# The table of the standard, by code from 0x00 to 0x7f, without the escape at 0x1b.
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "^{}\\[~]|€\f"
NOT_CARRIED = "çâêëîïôœûÿÀÂÈÊËÎÏÔŒÙÛŸ«»’‘“”–—…°áíóúõãšžɛɔɲŋɓɗƴəɣ\u00a0\u202f"
TEXTS = st.text(st.sampled_from(ALPHABET + EXTENSION + NOT_CARRIED) | st.characters(), max_size=30)


def test_the_alphabet_is_the_standards_and_each_letter_takes_one_septet() -> None:
    assert len(set(ALPHABET)) == 127
    assert {gsm7.septets(letter) for letter in ALPHABET} == {1}
    assert gsm7.septets(ALPHABET) == 127


def test_a_letter_of_the_extension_takes_two_septets() -> None:
    assert {gsm7.septets(letter) for letter in EXTENSION} == {2}
    assert gsm7.septets("1€") == 3


def test_nothing_else_is_carried_and_one_such_letter_makes_the_text_ucs_2() -> None:
    carried = {letter for letter in map(chr, range(0x3000)) if gsm7.septets(letter) is not None}
    assert carried == set(ALPHABET + EXTENSION)
    for letter in NOT_CARRIED:
        assert gsm7.septets(f"Recu {letter}") is None
        assert gsm7.encoding(f"Recu {letter}") == "UCS-2"
    assert gsm7.encoding("Recu") == gsm7.encoding("") == "GSM-7"


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("ɛ" * 70, 1),
        ("ɛ" * 71, 2),
        ("ɛ" * 134, 2),
        ("ɛ" * 135, 3),
        ("a" * 69 + "ɛ", 1),
        ("a" * 70 + "ɛ", 2),
        ("😀" * 35, 1),  # beyond the first plane: two units each
        ("😀" * 35 + "a", 2),
    ],
)
def test_a_text_is_cut_where_the_network_cuts_it(text: str, segments: int) -> None:
    assert gsm7.segments(text) == segments


@pytest.mark.parametrize(
    ("official", "wire"),
    [
        ("Reçu validé à l'État", "Recu validé à l'État"),
        ("être prêt, forêt, naïf, Noël", "etre pret, foret, naif, Noel"),
        ("ÇA", "ÇA"),
        ("ÀÂÈÊËÎÏÔÙÛŸ", "AAEEEIIOUUY"),
        ("âêëîïôûÿ", "aeeiiouy"),
        ("bœuf, ŒUVRE", "boeuf, OEUVRE"),
        ("« n° 3 » – l’acte… “x” ‘y’ —", '" no 3 " - l\'acte... "x" \'y\' -'),
        ("12\u202f500\u00a0F\u2009CFA", "12 500 F CFA"),
        ("une ligne\r\nune autre\n", "une ligne\nune autre\n"),
    ],
)
def test_french_keeps_what_the_network_has(official: str, wire: str) -> None:
    assert gsm7.to_wire(official) == wire


@pytest.mark.parametrize(
    ("official", "wire"),
    [
        ("I ka jɔyɔrɔ sara", "I ka jòyòrò sara"),
        ("Sɛbɛn fɔlɔ", "Sèbèn fòlò"),
        ("Ɛ Ɔ", "E O"),
        ("ɲinini, Ɲinini", "nyinini, Nyinini"),
        ("ŋɔmi, Ŋɔmi", "ngòmi, Ngòmi"),
        ("maŋgoro, ɲɛŋka", "mangoro, nyènka"),  # before k and g the letter is written n
        ("Sàrali", "Sàrali"),
        ("ɓ ɗ ƴ", "bh dh yh"),  # Fulfulde
        ("ɣ ʃ ʒ ə ǝ ʔ ă ḍ ṭ ẓ š ž", "gh sh zh e e ' a d t z s z"),  # Tamasheq
    ],
)
def test_the_national_languages_fall_back_on_their_older_spelling(official: str, wire: str) -> None:
    assert gsm7.to_wire(official) == wire


def test_a_language_may_write_a_letter_otherwise_than_the_others() -> None:
    hooked = "ɓ ɗ ƴ Ɓ Ɗ Ƴ ŋ ñ"
    assert gsm7.to_wire(hooked, "ff") == "b d y B D Y ng ñ"  # Pulaar drops the hook
    assert gsm7.to_wire("ɓ ɗ ƴ", "ses") == gsm7.to_wire("ɓ ɗ ƴ") == "bh dh yh"
    assert gsm7.to_wire("ɓ ɗ ƴ", "ff") == "b d y"  # whoever wrote first
    assert gsm7.to_wire("Reçu « validé »", "ff") == gsm7.to_wire("Reçu « validé »")


@pytest.mark.parametrize("lang", ["", "fr", "bm", "ff", "ses", "en", "no such"])
def test_in_every_language_the_wire_is_in_the_alphabet(lang: str) -> None:
    everything = "".join(map(chr, range(0x3000)))
    assert gsm7.septets(gsm7.to_wire(everything, lang)) is not None


@pytest.mark.parametrize("sign", ["😀", "字", "Ж", "\t", "\x00", "✓"])
def test_a_sign_with_no_letter_to_fall_back_on_is_a_question_mark(sign: str) -> None:
    assert gsm7.to_wire(f"a {sign}") == "a ?"


def test_every_character_there_is_can_be_sent_again_and_again() -> None:
    everything = "".join(map(chr, range(0x3000)))
    wire = gsm7.to_wire(everything)
    assert gsm7.septets(wire) is not None
    assert gsm7.to_wire(everything) == wire


@settings(max_examples=100)
@given(TEXTS)
def test_what_is_sent_can_always_be_counted(text: str) -> None:
    assert gsm7.septets(gsm7.to_wire(text)) is not None


@settings(max_examples=100)
@given(TEXTS)
@example("\r\r\n")
def test_writing_for_the_wire_twice_changes_nothing_more(text: str) -> None:
    wire = gsm7.to_wire(text)
    assert gsm7.to_wire(wire) == wire


@settings(max_examples=60)
@given(st.text(st.sampled_from((ALPHABET + EXTENSION).replace("\r", ""))))
def test_a_text_already_in_the_alphabet_is_left_as_it_is(text: str) -> None:
    assert gsm7.to_wire(text) == text


@pytest.mark.parametrize("text", ["Reçu payé à Ségou", "É", "Ñ", "Dioïla, Ménaka"])
def test_a_letter_and_its_accent_apart_are_written_as_the_letter_with_its_accent(text: str) -> None:
    composed, apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert gsm7.to_wire(apart) == gsm7.to_wire(composed)
