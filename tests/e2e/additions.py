"""What an authority adds to a running sandbox: services of two families, and their words.

One tender costs less than the operator collects. The other ends while somebody is asking for it.
"""

from dataclasses import replace
from pathlib import Path

from sandbox.world import World

OPEN, CHEAP, ENDING = "12", "13", "14"  # numbers of tenders
_READ_BY = ("web", "worker", "sweeper")

_TARIFF = """since = 2020-01-01
  legal_basis = "Décret 2015-0604"
  source = "DEMO"
  certainty = "C"
"""
_SERVICES = """
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

[[service]]
code = "vignette_bamako"
family = "local"
authority = "Mairie du District de Bamako"
fee = "by_choice"
enabled = true
  [[service.field]]
  name = "vehicle"
  kind = "choice"
"""
_CHOICE = """    [[service.field.choice]]
    code = "{code}"
      [[service.field.choice.tariff]]
      amount = {amount}
      {tariff}"""
_TENDER = """
[[tender]]
number = "{number}"
service = "tender_documents"
name = "Puits"
closes = {closes}
  [tender.tariff]
  amount = {amount}
  {tariff}"""
_WORDS = {
    "fr": {
        "service.tender_documents": "Dossier d'offres",
        "tariff.tender_documents": "Dossier d'offres: selon l'avis",
        "ask.tender": "Numéro de l'appel d'offres:",
        "ask.company": "Nom de l'entreprise:",
        "service.vignette_bamako": "Vignette",
        "ask.vehicle": "Quel engin ?",
        "choice.vehicle.bicycle": "Vélo",
        "choice.vehicle.jakarta": "Moto Jakarta",
    },
    "bm": {
        "service.tender_documents": "Wele sɛbɛnw",
        "tariff.tender_documents": "Wele sɛbɛnw: ka kɛɲɛ ni wele ye",
        "ask.tender": "Wele nimɔrɔ:",
        "ask.company": "Sosiyete tɔgɔ:",
        "service.vignette_bamako": "Vignette",
        "ask.vehicle": "Bolifɛn jumɛn ?",
        "choice.vehicle.bicycle": "Nɛgɛso",
        "choice.vehicle.jakarta": "Jakarta",
    },
}
_HEAD = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def look_in(world: World, folder: Path) -> None:
    """Start the application again, reading what is in `folder` whenever it changes."""
    for process in (world[name] for name in _READ_BY):
        process.kill()
        environ = {**process.command.environ, "SARALI_CATALOGUE": str(folder)}
        process.command = replace(process.command, environ=environ)
        process.start()
    world.wait_until_ready()


def add(folder: Path) -> None:
    """Publish the services, and their words before them."""
    locales = folder / "locales"
    locales.mkdir()
    for lang, words in _WORDS.items():
        texts = (f'\nmsgid "{text_id}"\nmsgstr "{text}"\n' for text_id, text in words.items())
        (locales / f"{lang}.po").write_text(_HEAD.format(lang) + "".join(texts), encoding="utf-8")
    vehicles = (
        _CHOICE.format(code=code, amount=amount, tariff=_TARIFF)
        for code, amount in (("bicycle", 1_500), ("jakarta", 6_000))
    )
    _write(folder / "services.toml", _SERVICES + "".join(vehicles))
    _write(folder / "tenders.toml", _tenders(ending="2100-12-31"))


def end_a_tender(folder: Path) -> None:
    """Publish that a tender was closed long ago."""
    _write(folder / "tenders.toml", _tenders(ending="2020-12-31"))


def _tenders(*, ending: str) -> str:
    rows = ((OPEN, 25_000, "2100-12-31"), (CHEAP, 5, "2100-12-31"), (ENDING, 25_000, ending))
    return "".join(
        _TENDER.format(number=number, amount=amount, closes=closes, tariff=_TARIFF)
        for number, amount, closes in rows
    )


def _write(path: Path, text: str) -> None:
    """Put a whole file there at once: a half-written one would be refused."""
    draft = path.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
