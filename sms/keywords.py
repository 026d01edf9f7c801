"""What an SMS asks for, by its first word.

The words are in the catalogues (`keyword.pay`: those that mean it, the one we teach first), and
those of every language are understood from everybody. Forgiven are: case, accents, the letters of
Bambara typed without them (`seg...` for `sɛg...`), punctuation, spaces inside a number, and none
before it (`PAYER4821937028`). A letter stands for the digit it looks like only where the check
digits prove it: `PAYER 4821937O28`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain import check_digits
from domain.texts import Texts

_TEXT_MAX = 200  # characters that are looked at: nobody hides a keyword behind more
_LETTERS = str.maketrans({"ɛ": "e", "ɔ": "o", "ə": "e", "œ": "oe", "ɲ": "ny", "ŋ": "ng"})
# The digits that letters are mistaken for, Cyrillic and Greek ones included, in small letters.
_LIKE_DIGITS = str.maketrans("oоοilzsb", "00011258")
_DIGITS_FIRST = re.compile(r"[0-9]+")
_EDGES = " .,;:!#*()'\"-"  # not ?: who asks has not answered


class Word(StrEnum):
    """What may be asked for; the values end the ids of the texts."""

    PAY = "pay"
    VERIFY = "verify"
    RECEIPTS = "receipts"
    MENU = "menu"
    HELP = "help"
    STOP = "stop"
    START = "start"


_LENGTHS = {Word.PAY: check_digits.BILL_DIGITS, Word.VERIFY: check_digits.RECEIPT_DIGITS}


@dataclass(frozen=True, slots=True)
class Asked:
    """A keyword, and the number with it: perhaps mistyped, empty where there is none.

    `lang` is that of a word which only one of the national languages has, else empty.
    """

    word: Word
    number: str = field(default="", repr=False)
    lang: str = ""


class Vocabulary:
    """The keywords of the languages on offer; where two mean different things, the first stands."""

    def __init__(self, texts: Texts, languages: Iterable[str], fallback: str = "fr") -> None:
        self._taught: dict[tuple[str, Word], str] = {}
        self._known: dict[str, Asked] = {}
        for lang in dict.fromkeys((fallback, *languages)):
            for word in Word:
                written = texts.get(lang, f"keyword.{word}").split()
                self._taught[lang, word] = written[0]
                own = "" if lang == fallback else lang
                for each in written:
                    self._known.setdefault(plain(each), Asked(word, lang=own))
        self._by_length = sorted(self._known, key=len, reverse=True)

    def taught(self, lang: str) -> Mapping[str, str]:
        """Return the words that texts of `lang` tell people to write, by what they mean."""
        return {word.value: self._taught[lang, word] for word in Word}

    def read(self, text: str) -> Asked | None:
        """Return what `text` asks for, or None when it does not begin with a keyword."""
        said = plain(text[:_TEXT_MAX])
        first, _, rest = said.partition(" ")
        if asked := self._known.get(first):
            return self._with(asked, rest)
        for known in self._by_length:  # the longest first: RECUS is not RECU and an S
            asked, glued = self._known[known], said.removeprefix(known)
            if glued != said and asked.word in _LENGTHS and _is_number(asked.word, glued):
                return self._with(asked, glued)
        return None

    def _with(self, asked: Asked, rest: str) -> Asked:
        if asked.word not in _LENGTHS:
            return asked
        return Asked(asked.word, _number(rest, _LENGTHS[asked.word]), asked.lang)


def alone(text: str) -> Asked | None:
    """Return what a number means that comes without a word: pay it, or check it."""
    said = plain(text[:_TEXT_MAX])
    for word, length in _LENGTHS.items():
        if proven := _proven(said.replace(" ", ""), length):
            return Asked(word, proven)
    return None


def answer(text: str) -> str:
    """Return an answer to a numbered screen as it is to be taken: ` 1. ` is 1."""
    said = unicodedata.normalize("NFKC", text[:_TEXT_MAX]).strip()
    bare = said.strip(_EDGES)
    return "".join(map(_digit, bare)) if bare.isdecimal() else said


def proven(text: str) -> str:
    """Return an answer in which letters were typed for digits as the number they prove, or it."""
    asked = alone(text)
    return asked.number if asked else text


def plain(text: str) -> str:
    """Return `text` in small letters and digits without marks, its parts a space apart."""
    # Letters that only look strange are letters first: casefold leaves a bold A as it is.
    small = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKD", small).translate(_LETTERS)
    bare = "".join(map(_digit, folded))
    kept = (c for c in bare if unicodedata.category(c) != "Mn")
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


def _digit(character: str) -> str:
    """Write a digit of any script, N'Ko for one, as ours."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _number(rest: str, length: int) -> str:
    """The number in what follows a keyword, be it mistyped: the dialogue says what is wrong."""
    bare = rest.replace(" ", "")
    if found := _proven(bare, length) or _proven(_head(rest, length), length):
        return found
    digits = _DIGITS_FIRST.match(bare)
    return digits[0] if digits else ""


def _is_number(word: Word, glued: str) -> bool:
    return glued[:1].isdigit() or bool(_proven(_head(glued, _LENGTHS[word]), _LENGTHS[word]))


def _head(rest: str, length: int) -> str:
    """The first `length` signs where a number may end there: not in a word, nor in a longer one."""
    bare = ""
    for part in rest.split():
        bare += part
        if len(bare) >= length:
            break
    head, more = bare[:length], bare[length:]
    return head if not more or (head.isdigit() and not more[0].isdigit()) else ""


def _proven(bare: str, length: int) -> str:
    for spelled in (bare, bare.translate(_LIKE_DIGITS)):
        if check_digits.hold(spelled, length):
            return spelled
    return ""
