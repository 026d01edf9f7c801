"""The catalogues of locales/, read with Babel. Ids are symbolic; French is a language too."""

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

FALLBACK = "fr"


class Translations:
    """`domain.texts.Texts` over gettext catalogues, all of them in memory."""

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        self._words = words

    @classmethod
    def read(cls, folder: Path, languages: tuple[str, ...]) -> "Translations":
        """Read `<folder>/<language>.po` for each language.

        Raises:
            OSError: a catalogue is missing.
            ValueError: a catalogue is not valid gettext.
        """
        return cls({language: _read(folder / f"{language}.po") for language in languages})

    def get(self, lang: str, text_id: str, /, **values: object) -> str:
        """See `domain.texts.Texts.get`."""
        words = self._words.get(lang, self._words[FALLBACK])
        template = words.get(text_id) or self._words[FALLBACK][text_id]
        return template.format_map(values) if "{" in template else template

    def ids(self, lang: str) -> frozenset[str]:
        """Return the ids `lang` has a text for."""
        return frozenset(self._words[lang])


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string
    }
