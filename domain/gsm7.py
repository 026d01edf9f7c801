"""What a USSD screen or an SMS really carries: the GSM 7-bit default alphabet (3GPP TS 23.038).

One character outside it turns the whole text into UCS-2: a screen of 182 becomes one of 80, a
message of 160 one of 70. So catalogues hold the official spelling and `to_wire` writes it with
the letters the network has. Bambara falls back on its spelling of before 1982 (è ò ny ng), which
is in the alphabet and still read by everyone (decree 159/PG-RM, 19 July 1982).
"""

import unicodedata
from collections.abc import Mapping

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")  # an escape and the character: two septets

# Letters of the national languages and typography with no base letter to fall back on.
_WIRE = {
    "ɛ": "è",
    "Ɛ": "E",
    "ɔ": "ò",
    "Ɔ": "O",
    "ɲ": "ny",
    "Ɲ": "Ny",
    "ŋ": "ng",
    "Ŋ": "Ng",
    "ɓ": "bh",
    "ɗ": "dh",
    "ƴ": "yh",
    "ɣ": "gh",
    "ʃ": "sh",
    "ʒ": "zh",
    "ə": "e",
    "ǝ": "e",
    "œ": "oe",
    "Œ": "OE",
    "«": '"',
    "»": '"',
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u2013": "-",
    "\u2014": "-",
    "\u2026": "...",
    "\u00b0": "o",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "ʔ": "'",
    "ç": "c",
}

# Where a language writes a letter otherwise than the others do. Pulaar drops the hook.
_WIRE_OF = {"ff": {"ɓ": "b", "ɗ": "d", "ƴ": "y", "Ɓ": "B", "Ɗ": "D", "Ƴ": "Y"}}

_ALPHABET = _BASIC | _EXTENSION
_PLAIN = _ALPHABET - {"\r"}  # a screen must not end in a carriage return: padding is made of it
_REMEMBERED_MAX = 2000  # letters of our catalogues; strangers may type any of a million

SMS_SEPTETS = 160
SMS_PART_SEPTETS = 153  # a part of a longer text loses 7 septets to its header
SMS_UNITS = 70
SMS_PART_UNITS = 67


def septets(text: str) -> int | None:
    """Return the septets `text` takes, or None when it is not GSM-7."""
    if _BASIC.issuperset(text):
        return len(text)
    if not _ALPHABET.issuperset(text):
        return None
    return len(text) + sum(character in _EXTENSION for character in text)


def encoding(text: str) -> str:
    """Return `GSM-7` or `UCS-2`, whichever an SMS of `text` would travel in."""
    return "UCS-2" if septets(text) is None else "GSM-7"


def segments(text: str) -> int:
    """Return how many SMS `text` costs; an empty text costs one."""
    count = septets(text)
    if count is None:
        units = len(text.encode("utf-16-be")) // 2
        return 1 if units <= SMS_UNITS else -(-units // SMS_PART_UNITS)
    return 1 if count <= SMS_SEPTETS else -(-count // SMS_PART_SEPTETS)


def to_wire(text: str, lang: str = "") -> str:
    r"""Return `text` of language `lang` in GSM-7, unknown signs becoming `?`.

    The result always has a septet count; lines end in `\n` alone.
    """
    if _PLAIN.issuperset(text):
        return text
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    for velar in "kg":  # before k and g the letter is written n: "ŋk" is "nk"
        text = text.replace(f"ŋ{velar}", f"n{velar}")
    return text.translate(_LETTERS_OF.get(lang, _LETTERS))


class _Letters(dict[int, str]):
    """The wire's spelling of every code point, worked out at its first use."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._wire = {**_WIRE, **(own or {})}

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _ALPHABET:
            spelled = character
        else:
            base = unicodedata.normalize("NFD", character)[0]
            spelled = self._wire.get(character, base if base in _BASIC else "?")
        if len(self) < _REMEMBERED_MAX:
            self[code] = spelled
        return spelled


_LETTERS = _Letters()
_LETTERS_OF = {lang: _Letters(own) for lang, own in _WIRE_OF.items()}
