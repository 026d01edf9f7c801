"""One edition of what citizens meet: the catalogue, the words, and the dialogue compiled of them.

An edition is whole or it is not at all: what cannot be compiled is refused with everything that is
wrong with it, and the running edition stays.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.catalogue import Catalogue, reading
from domain.texts import Wordbook
from domain.wallet import Wallet
from menus import render, service
from menus.compiler import Source, compile_
from menus.compiler.fit import Measure
from menus.screens import Dialogue
from ussd_app.usecases import wording
from ussd_app.usecases.worst import Worst

_SAID = frozenset({"busy", "unavailable", "unknown_code", "wallet.down"}) | wording.TEXT_IDS
# The messages, the public page, and what only the sandbox's catalogue names.
_ELSEWHERE = ("sms.", "failure.", "answer.", "keyword.", "page.", "offence.demo_")


@dataclass(frozen=True)
class Edition:
    """What is shown today. `mark` (8 hex digits) tells it from every other edition."""

    catalogue: Catalogue
    texts: Wordbook
    dialogue: Dialogue
    languages: Mapping[str, str]
    measures: Sequence[Measure]
    day: date
    mark: str


@dataclass(frozen=True)
class Manuscript:
    """What an edition is made of: decoded TOML by file name, and texts.

    `added` and `seal` are an authority's own files, and a digest of all that was read.
    """

    shipped: reading.Documents
    added: reading.Documents
    texts: Wordbook
    languages: Mapping[str, str]
    seal: bytes


def publish(manuscript: Manuscript, wallets: tuple[Wallet, ...], today: date) -> Edition:
    """Compile an edition.

    Raises:
        CatalogueError: a catalogue file cannot be used: file, key and reason.
        CompileError: the dialogue cannot be shown: file, screen, language and by how much.
    """
    catalogue = reading.read(manuscript.shipped, manuscript.added)
    texts, languages = manuscript.texts, manuscript.languages
    dialogue = service.build(catalogue, wallets, dict(languages), today)
    measures = compile_(
        Source(
            dialogue=dialogue,
            texts=texts,
            languages=tuple(languages),
            faces=lambda lang: Worst(catalogue, texts, lang, today).faces(wallets),
            budgets=render.BUDGETS,
            day=today,
            said=_SAID | _said_of(catalogue),
            spare=frozenset(service.texts_of(catalogue)) | _WAITING,
            elsewhere=lambda text_id: text_id.startswith(_ELSEWHERE),
            files=_files(manuscript),
        )
    )
    mark = hashlib.blake2b(manuscript.seal + today.isoformat().encode(), digest_size=4)
    return Edition(catalogue, texts, dialogue, languages, measures, today, mark.hexdigest())


# Said only when there is a choice of wallets, or services of other families.
_WAITING = frozenset({"title.wallet", "option.others", "title.others", "problem.tender"}) | {
    "problem.text", "problem.place", "problem.digits", "problem.year", "problem.quantity",
    "problem.nina", "problem.otp", "ask.otp", "pay.sent_otp", "pay.sent_link", "pay.sent_request",
    "pay.dial", "bill.under_way_yours", "option.cancel", "pay.cancelling",
}  # fmt: skip


def _said_of(catalogue: Catalogue) -> frozenset[str]:
    """The ids by which bills and receipts name what is paid for."""
    payable = [s for s in catalogue.services.values() if s.payable]
    services = {f"service.{s.code}" for s in payable}
    fields = [field for s in payable for field in s.fields]
    choices = {service.choice_id(f, c.code) for f in fields for c in f.choices}
    offences = {f"offence.{o.code}" for o in catalogue.offences.values() if o.enabled}
    return frozenset(services | choices | offences | {"service.fine"})


def _files(manuscript: Manuscript) -> dict[str, str]:
    """The file that defines each service, the last one read having the last word."""
    files: dict[str, str] = {}
    for documents in (manuscript.shipped, manuscript.added):
        for name, document in documents.items():
            rows = document.get("service")
            for row in rows if isinstance(rows, list) else ():
                files[str(row.get("code"))] = name
    return files
