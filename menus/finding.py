"""Finding names by the first letters of a word, typed as letters or on a keypad."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from menus.screens import Option

DIGITS_MIN = 3  # fewer are a key: those have one or two digits
_KEYPAD = {
    letter: digit
    for digit, letters in (
        ("2", "abc"), ("3", "def"), ("4", "ghi"), ("5", "jkl"),
        ("6", "mno"), ("7", "pqrs"), ("8", "tuv"), ("9", "wxyz"),
    )
    for letter in letters
}  # fmt: skip


def matching(options: Sequence[Option], typed: str) -> tuple[Option, ...]:
    """Return the options with a word that begins as `typed`, accents and case forgiven.

    A word counts on its own and with those after it: both "com" and "communev" find Commune V.
    """
    sought = "".join(_plain(typed))
    if (sought.isdigit() and len(sought) < DIGITS_MIN) or not sought:
        return ()
    if exact := [o for o in options if sought in {"".join(_plain(o.label.name)), _digits(o)}]:
        return tuple(exact)
    return tuple(option for option in options if _begins(option.label.name, sought))


def _begins(name: str, sought: str) -> bool:
    words = _plain(name)
    runs = ["".join(words[start:]) for start in range(len(words))]
    return any(run.startswith(sought) or _keyed(run).startswith(sought) for run in runs)


def _digits(option: Option) -> str:
    return _keyed("".join(_plain(option.label.name)))


def _keyed(text: str) -> str:
    return "".join(_KEYPAD.get(letter, letter) for letter in text)


@lru_cache(maxsize=1024)
def _plain(text: str) -> tuple[str, ...]:
    """The words of `text` in small letters without accents."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not _is_mark(c))
    return tuple("".join(c if c.isalnum() else " " for c in bare).split())


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"
