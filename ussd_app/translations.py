"""The catalogues of locales/, read with Babel. Ids are symbolic; French is a language too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

FALLBACK = "fr"
LANGUAGES = {  # in the order offered; those not enabled are not
    "fr": "Français",
    "bm": "Bamanankan",
    "ff": "Fulfulde",
    "ses": "Koyraboro senni",
    "en": "English",
}
_LINE = re.compile(r'#.*|((msgid|msgstr) )?"(\\.|[^"\\])*"')
_ID = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
TO_REVIEW = "to be reviewed by a native speaker"


class TranslationsError(ValueError):
    """A catalogue of texts that cannot be used: `file: reason`."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in official spelling. `reviewed`: nothing says that it waits for a reader."""

    words: str
    reviewed: bool


class Translations:
    """`domain.texts.Wordbook` over gettext catalogues, all of them in memory."""

    def __init__(self, texts: Mapping[str, Mapping[str, Text]]) -> None:
        self._texts = texts
        self._words = {
            lang: {text_id: text.words for text_id, text in own.items()}
            for lang, own in texts.items()
        }

    @classmethod
    def read(cls, folders: Sequence[Path], languages: Sequence[str]) -> "Translations":
        """Read `<folder>/<language>.po` of each folder; the first has all, the others may add.

        Raises:
            TranslationsError: a catalogue is missing or is not valid gettext.
        """
        texts: dict[str, dict[str, Text]] = {}
        for lang in languages:
            texts[lang] = {}
            for folder in folders:
                path = folder / f"{lang}.po"
                if path.exists() or folder is folders[0]:
                    texts[lang] |= _read(path)
        return cls(texts)

    def get(self, lang: str, text_id: str, /, **values: object) -> str:
        """See `domain.texts.Texts.get`."""
        template = self.template(lang, text_id)
        return template.format_map(values) if "{" in template else template

    def template(self, lang: str, text_id: str) -> str:
        """See `domain.texts.Wordbook.template`."""
        words = self._words.get(lang, self._words[FALLBACK])
        return words.get(text_id) or self._words[FALLBACK][text_id]

    def ids(self, lang: str) -> frozenset[str]:
        """See `domain.texts.Wordbook.ids`."""
        return frozenset(self._words[lang])

    def unreviewed(self, lang: str) -> list[str]:
        """Return the ids of the texts no native speaker has read, in order."""
        return [text_id for text_id, text in self._texts[lang].items() if not text.reviewed]


def _read(path: Path) -> dict[str, Text]:
    try:
        source = path.read_text("utf-8")
        catalogue = read_po(StringIO(source), abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise TranslationsError(f"{path.name}: {error}") from error
    for number, line in enumerate(source.splitlines(), 1):  # Babel takes what it cannot read
        if line.strip() and not _LINE.fullmatch(line.strip()):
            raise TranslationsError(f"{path.name}: line {number}: no gettext")
    ids = _ID.findall(source)
    if twice := [text_id for text_id in ids if ids.count(text_id) > 1]:
        raise TranslationsError(f"{path.name}: {twice[0]}: it is there twice")
    return {
        str(message.id): Text(str(message.string), TO_REVIEW not in message.auto_comments)
        for message in catalogue
        if message.id and message.string
    }
