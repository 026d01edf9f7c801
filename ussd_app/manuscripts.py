"""Reading what an edition is made of: the catalogue's TOML and the texts, ours and added ones."""

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path

from domain.catalogue.reading import CatalogueError
from ussd_app.translations import LANGUAGES, Translations, TranslationsError
from ussd_app.usecases.edition import Manuscript

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "domain" / "catalogue"
LOCALES = ROOT / "locales"
_DEMO = "demo.toml"

Stamp = tuple[tuple[str, int, int], ...]


class Shelf:
    """The files of one configuration."""

    def __init__(self, *, sandbox: bool, languages: Sequence[str], added: str = "") -> None:
        """Choose them.

        Raises:
            TranslationsError: a language is not one of ours.
        """
        unknown = [code for code in languages if code not in LANGUAGES]
        if unknown or "fr" not in languages:
            offered = " ".join(LANGUAGES)
            raise TranslationsError(f"SARALI_LANGUAGES: fr, and any of {offered}")
        self.languages = {code: LANGUAGES[code] for code in languages}
        self._sandbox = sandbox
        self._added = Path(added) if added else None

    def read(self) -> Manuscript:
        """Read everything.

        Raises:
            CatalogueError: a catalogue is missing or is no TOML.
            TranslationsError: a catalogue of texts is missing or is no gettext.
        """
        shipped = [p for p in sorted(SHIPPED.glob("*.toml")) if self._sandbox or p.name != _DEMO]
        added = sorted(self._added.glob("*.toml")) if self._added else []
        if self._added and not self._added.is_dir():
            raise CatalogueError(f"SARALI_CATALOGUE: {self._added.name}: no such folder")
        folders = [LOCALES, *([self._added / "locales"] if self._added else [])]
        seal = hashlib.blake2b(",".join(self.languages).encode())
        for path in (*shipped, *sorted(LOCALES.glob("*.po")), *self._watched()):
            seal.update(path.read_bytes())
        return Manuscript(
            shipped={path.name: _toml(path) for path in shipped},
            added={path.name: _toml(path) for path in added},
            texts=Translations.read(folders, tuple(self.languages)),
            languages=self.languages,
            seal=seal.digest(),
        )

    def stamp(self) -> Stamp:
        """Return what changes when an added file does: cheap enough to ask for every second."""
        found = []
        for path in self._watched():
            try:
                status = path.stat()
            except OSError:  # gone between two looks
                continue
            found.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(found)

    def _watched(self) -> list[Path]:
        if self._added is None:
            return []
        return [*sorted(self._added.glob("*.toml")), *sorted(self._added.glob("locales/*.po"))]


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
