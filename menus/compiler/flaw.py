"""One thing that is wrong with a dialogue."""

from dataclasses import dataclass

DIALOGUE = "menus"


@dataclass(frozen=True, slots=True)
class Flaw:
    """`file: screen: language: reason`; the language where only one is at fault."""

    file: str
    screen: str
    reason: str
    lang: str = ""

    def __str__(self) -> str:
        parts = (self.file, self.screen, self.lang, self.reason)
        return ": ".join(part for part in parts if part)


def words_of(lang: str) -> str:
    """The file of a language's texts."""
    return f"locales/{lang}.po"
