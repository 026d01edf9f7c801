"""The port through which every part asks for words. The catalogues live in locales/."""

from typing import Protocol


class Texts(Protocol):
    """Words by symbolic id and language."""

    def get(self, lang: str, text_id: str, /, **values: object) -> str:
        """Return the text in official spelling, with `values` filled in.

        Falls back on French when `lang` lacks the text.

        Raises:
            KeyError: when no language has `text_id`, or a placeholder has no value.
        """
        ...


class Wordbook(Texts, Protocol):
    """Words as the compiler of the dialogue examines them."""

    def ids(self, lang: str) -> frozenset[str]:
        """Return the ids `lang` has a text of its own for."""
        ...

    def template(self, lang: str, text_id: str) -> str:
        """Return the text with its blanks; French when `lang` lacks it.

        Raises:
            KeyError: when no language has `text_id`.
        """
        ...
