"""A request to pay: what the document demands of it, and what this participant does."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from simulators.pi_spi.problem import ProblemError

_PAYER: Final = re.compile(r"\+223([0-9]{8})", re.ASCII)
# The 16 kinds of document that may justify a payment.
_DOCUMENTS: Final = {
    *("CINV", "CMCN", "DISP", "PUOR", "CONT", "HIRI", "INVS", "MSIN"),
    *("PROF", "QUOT", "SPRR", "TISH", "USAR", "BOLD", "SOAC", "VCHR"),
}
_LENGTHS: Final = {
    "txId": 35,
    "payeurAlias": 36,
    "payeAlias": 36,
    "motif": 140,
    "refDocNumero": 35,
    "refDocType": 4,
}
_MANDATORY: Final = ("txId", "payeurAlias", "payeAlias")
_CATEGORIES: Final = ("500", "521", "401")
_FRANCS_MAX: Final = 5_000_000  # from an individual or a trader to the State


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed request; `amount` in francs, `payer` empty when the alias is of nobody."""

    tx_id: str
    alias: str
    payer: str
    payee: str
    amount: int
    category: str
    confirmation: bool
    pay_before: str
    answer_before: str
    about: str
    document: str
    document_number: str


def read_order(body: object, payee: str, now: datetime) -> Order:
    """Read the JSON of a request to pay to `payee`.

    Raises:
        ProblemError: it is not as the document says, or pays somebody else.
    """
    if not isinstance(body, dict):
        raise ProblemError(400, "Format du message invalide")
    texts = {name: _text(body, name) for name in _LENGTHS}
    category, confirmation = body.get("categorie"), body.get("confirmation")
    if category not in _CATEGORIES:
        raise ProblemError(400, "une des valeurs 500, 521, 401", "categorie")
    if not isinstance(confirmation, bool):
        raise ProblemError(400, "un booleen", "confirmation")
    if texts["payeAlias"] != payee:
        raise ProblemError(400, "n'est pas un alias du client", "payeAlias")
    if texts["refDocType"] and texts["refDocType"] not in _DOCUMENTS:
        raise ProblemError(400, "type de document inconnu", "refDocType")
    if category != "500" and "dateLimitePaiement" not in body:
        raise ProblemError(400, "obligatoire pour cette categorie", "dateLimitePaiement")
    match = _PAYER.fullmatch(texts["payeurAlias"])
    return Order(
        tx_id=texts["txId"],
        alias=texts["payeurAlias"],
        payer=match[1] if match else "",
        payee=payee,
        amount=_amount(body.get("montant")),
        category=str(category),
        confirmation=confirmation,
        pay_before=_deadline(body, "dateLimitePaiement", now),
        answer_before=_deadline(body, "dateLimiteReponse", now),
        about=texts["motif"],
        document=texts["refDocType"],
        document_number=texts["refDocNumero"],
    )


def _text(body: dict[str, object], name: str) -> str:
    text = body.get(name, "")
    if not isinstance(text, str) or len(text) > _LENGTHS[name]:
        raise ProblemError(400, f"un texte de {_LENGTHS[name]} caracteres au plus", name)
    if not text and name in _MANDATORY:
        raise ProblemError(400, "obligatoire", name)
    return text


def _amount(amount: object) -> int:
    if type(amount) is not int or not 0 < amount <= _FRANCS_MAX:
        raise ProblemError(400, f"un nombre entier de 1 a {_FRANCS_MAX}", "montant")
    return amount


def _deadline(body: dict[str, object], name: str, now: datetime) -> str:
    """Read a deadline in the future; empty when there is none. A date lasts until its end."""
    if name not in body:
        return ""
    text = str(body[name])
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ProblemError(400, "une date ISO 8601", name) from None
    until = instant + timedelta(days=1) if len(text) == len("2026-11-22") else instant
    if until.replace(tzinfo=until.tzinfo or UTC) <= now:
        raise ProblemError(400, "une date a venir", name)
    return text
