"""An authority that publishes services, prices and words of its own while everything runs."""

from collections.abc import Mapping
from pathlib import Path

from tests.integration.web.citizen import Door
from tests.integration.web.till import Clock

TENDER, FRANCS = "2026114", 50_000
_PO = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
_SOURCES = 'legal_basis = "Décret 2015-0604"\n  source = "avis"\n  certainty = "A"'
SERVICE = """
[[service]]
code = "tender_documents"
family = "other"
authority = "Autorité contractante"
fee = "by_tender"
enabled = true
  [[service.field]]
  name = "tender"
  kind = "tender"
  [[service.field]]
  name = "company"
  kind = "text"
  high = 12
"""
WORDS = {
    "fr": {
        "service.tender_documents": "Dossier d'offres",
        "tariff.tender_documents": "Dossier d'offres: selon l'avis",
        "ask.tender": "Numéro de l'appel d'offres:",
        "ask.company": "Nom de l'entreprise:",
    },
    "bm": {
        "service.tender_documents": "Wele sɛbɛnw",
        "tariff.tender_documents": "Wele sɛbɛnw: ka kɛɲɛ ni wele ye",
        "ask.tender": "Wele nimɔrɔ:",
        "ask.company": "Sosiyete tɔgɔ:",
    },
}


def tender(number: str = TENDER, closes: str = "2100-12-31", francs: int = FRANCS) -> str:
    """One call for tenders whose documents are sold."""
    return f"""
[[tender]]
number = "{number}"
service = "tender_documents"
name = "Forage"
closes = {closes}
  [tender.tariff]
  amount = {francs}
  since = 2020-01-01
  {_SOURCES}
"""


def tariff(francs: int, since: str) -> str:
    """One price of a service, from a day on."""
    return f"""
  [[service.tariff]]
  amount = {francs}
  since = {since}
  {_SOURCES}
"""


class Authority:
    """Writes into a folder that the application reads, and lets the time pass until it looks."""

    def __init__(self, folder: Path, door: Door, clock: Clock) -> None:
        self.folder = folder
        self._door = door
        self._clock = clock

    def write(self, name: str, text: str) -> None:
        """Write a file, whole at once."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_bytes(text.encode(errors="surrogateescape"))
        draft.replace(path)

    def say(self, words: Mapping[str, Mapping[str, str]]) -> None:
        """Write the words of each language."""
        for lang, texts in words.items():
            entries = (f'\nmsgid "{name}"\nmsgstr "{text}"\n' for name, text in texts.items())
            self.write(f"locales/{lang}.po", _PO.format(lang) + "".join(entries))

    def sell_tenders(self) -> None:
        """Publish a service of which the program has never heard a price."""
        self.say(WORDS)
        self.write("services.toml", SERVICE)
        self.write("tenders.toml", tender())
        self.publish()

    def publish(self) -> None:
        """Wait until the application must have looked."""
        self._clock.advance(seconds=2)
        self._door.request("GET", "/healthz")

    def remove(self, *names: str) -> None:
        """Withdraw files."""
        for name in names:
            (self.folder / name).unlink()
        self.publish()
