"""BCEAO PI-SPI, request to pay by the business API of our PSP (docs/operators/pi_spi.md).

Wire: the OpenAPI document "API Business" 1.0.0. The citizen approves on the menu or application
of their own wallet, whichever it is. Host, client and alias come from configuration only:

    POST {token_url}                 Basic client, grant_type=client_credentials scope -> bearer
    POST /demandes-paiements         txId confirmation categorie payeurAlias payeAlias montant
                                     motif refDocType refDocNumero dateLimite{Paiement,Reponse}
    GET  /demandes-paiements/{txId}  -> statut, statutRaison: how the request stands
    GET  /paiements/{txId}           -> the payment it became: end2endId, montant, retourStatut
    POST our account's door          X-Signature: hex HMAC-SHA256(secret, body); {data: [event]}

`txId` is the attempt, and the only id that survives a lost reply. The document of the accepted
request names no `end2endId`, so money is believed from the payment alone: once the request is
IRREVOCABLE, the key points there. DU03 says that `txId` was used before: ask, conclude nothing.
The bearer goes over mutual TLS, which is the transport's business.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

from domain.money import FRANCS_MAX
from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet, Way
from payments import report
from payments.intent import AmountRules
from payments.operators.base import (
    Answer,
    Callback,
    Capabilities,
    Heard,
    HttpRequest,
    Operator,
    Order,
    Outcome,
    Token,
)
from payments.reconciliation import Statement
from payments.wire import bearers, documents, facts, reports, signatures
from payments.wire.documents import Document

_OK = 200
_REFUSALS = (400, 401, 429)  # malformed, not authorised, too many: nothing reached the payer
_SCOPES = "demande_paiement.write demande_paiement.read paiement.read"
_REQUESTS, _PAYMENTS = "demandes-paiements", "paiements"

# The document's words. One not listed here is pending and an alarm, never a failure.
_PENDING_WORDS = ("INITIE", "ENVOYE")
_FINAL, _REJECTED = "IRREVOCABLE", "REJETE"
# Not here: DU03 (duplicate), ALAC (already accepted) and APAR (already paid), which end nothing.
_FAILURES = {
    code: failure
    for failure, codes in {
        Failure.REFUSED: "BE05 AM09 RR07 FR01 ARFR",  # the payer's reasons; already refused
        Failure.EXPIRED: "AEXR",
        Failure.WALLET: "BE23 AC04 AC06 AG01 AG10 AM02 AM14 AM21 BE01",
        Failure.OTHER: "AB03 AB04 AB08 AB09 AC03 AC07 AG03 AG11 AM04 ARJR IRNR RR04",
    }.items()
    for code in codes.split()
}


@dataclass(frozen=True, slots=True)
class Account:
    """The PSP's contract. `base_url` has no trailing slash; `payee_alias` is the Treasury's MCOD.

    `callback_token` ends the address of our webhook; two secrets live while one is rotated.
    """

    base_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    payee_alias: str
    callback_token: str = field(repr=False)
    callback_secrets: tuple[str, ...] = field(repr=False)


class PiSpi(Operator):
    wallet = Wallet("pi_spi", "PI-SPI", None, Way.REQUEST)

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        self.capabilities = Capabilities(
            inquire=True,
            prompt_again=False,
            statement=True,
            amounts=AmountRules(low=1, high=5_000_000),  # P2G and C2G; B2G may pay more
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        account = self._account
        client = (account.client_id, account.client_secret)
        return bearers.ask(account.token_url, client, self._timeout, scope=_SCOPES)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        return bearers.read(outcome)

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest:
        body = {
            "txId": key,
            "confirmation": False,
            "payeurAlias": order.payer.e164,
            "payeAlias": self._account.payee_alias,
            "montant": order.francs,
            "motif": order.bill_number,
            "refDocType": "CINV",
            "refDocNumero": order.bill_number,
            **self._deadline(order),
        }
        url = f"{self._account.base_url}/{_REQUESTS}"
        headers = bearers.headers(token)
        return HttpRequest("POST", url, headers, json.dumps(body).encode(), self._timeout)

    def read_collect(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        if answer := documents.document(outcome, _OK):
            return _standing(answer, order, Source.REPLY)
        refusal = documents.document(outcome, *_REFUSALS)  # a Problem7807, of the same status
        if isinstance(outcome, Answer) and refusal.get("status") == outcome.status:
            return (Evidence(Kind.FAILED, Source.REPLY, failure=Failure.NOT_SENT),)
        return (facts.unheard(outcome),)

    def read_key(self, outcome: Outcome, order: Order) -> str | None:
        """Point to the payment, once the request has become one; by an inquiry as well."""
        answer = documents.document(outcome, _OK)
        final = answer.get("statut") == _FINAL and answer.get("txId") == order.attempt_id
        return f"{_PAYMENTS}/{order.attempt_id}" if final else None

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """Ask about the request, or its payment; always by our own id, whatever was echoed."""
        place = _PAYMENTS if key.startswith(f"{_PAYMENTS}/") else _REQUESTS
        return self._get(f"{place}/{quote(order.attempt_id, safe='')}", token)

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        answer = documents.document(outcome, _OK)
        return _standing(answer, order, Source.INQUIRY) if "statut" in answer else ()

    def is_door(self, token: str) -> bool:
        return signatures.is_door(token, self._account.callback_token)

    def hear(self, callback: Callback) -> Heard:
        """Events of the whole account. The body is all that is signed, so its hash names it."""
        said = callback.headers.get("x-signature", "").strip().lower()
        if not signatures.signature_of([said], callback.body, self._account.callback_secrets):
            return Heard(genuine=False)
        event = hashlib.sha256(callback.body).hexdigest()
        return Heard(genuine=True, event=event, attempt_ids=_named(callback))

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """A report: the document's list of payments does not say how far it is complete."""
        del after
        return reports.ask(self._account.base_url, since, bearers.headers(token), self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        return reports.read(outcome)

    def _deadline(self, order: Order) -> Mapping[str, str]:
        """An invoice is answered within minutes."""
        limit = order.created_at.astimezone(UTC) + timedelta(seconds=self.capabilities.expiry)
        text = limit.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"categorie": "401", "dateLimitePaiement": text, "dateLimiteReponse": text}

    def _get(self, path: str, token: Token) -> HttpRequest:
        url = f"{self._account.base_url}/{path}"
        return HttpRequest("GET", url, bearers.headers(token), timeout=self._timeout)


def _standing(answer: Document, order: Order, source: Source) -> tuple[Evidence, ...]:
    """Read a request, or the payment it became: only a payment tells money."""
    ids = {"txId": order.attempt_id, "refDocNumero": order.bill_number}
    payer = answer.get("payeurAlias")
    other = documents.names_another_payer(payer, order.payer)
    if other or documents.names_another(answer, **ids):
        return (facts.of_another(source),)
    word = answer.get("statut")
    if isinstance(word, str) and word in _PENDING_WORDS:
        return (Evidence(Kind.PENDING, source),)
    if word != _FINAL:
        return (_rejected(answer, source),)
    # A payment has its end-to-end id; only a request has deadlines.
    if source is Source.REPLY or "end2endId" not in answer or "dateLimitePaiement" in answer:
        return (Evidence(Kind.PENDING, source),)
    otherwise = "IRREVOCABLE without id or amount"
    francs = _francs(answer.get("montant"))
    paid = facts.paid(answer["end2endId"], francs, source, otherwise=otherwise)
    back = paid.kind is Kind.PAID and answer.get("retourStatut") == _FINAL
    return (paid, replace(paid, kind=Kind.REVERSED)) if back else (paid,)


def _rejected(answer: Document, source: Source) -> Evidence:
    word, reason = answer.get("statut"), answer.get("statutRaison")
    if word != _REJECTED:
        return facts.unrecognised(word, source)
    if reason is None:
        return Evidence(Kind.FAILED, source, failure=Failure.OTHER)
    if isinstance(reason, str) and reason in _FAILURES:
        return Evidence(Kind.FAILED, source, failure=_FAILURES[reason])
    return facts.unrecognised(reason, source)


def _francs(amount: object) -> int | None:
    """A JSON number, which the document does not say is written without a point."""
    if type(amount) is not int and not isinstance(amount, Decimal):
        return None
    whole = int(amount) if 0 < amount <= FRANCS_MAX else 0
    return report.francs(str(whole)) if whole == amount else None


def _named(callback: Callback) -> tuple[str, ...]:
    """The attempts the events speak of, each once, in order."""
    events = documents.mapping(documents.parse(callback.body)).get("data")
    told = map(documents.mapping, events if isinstance(events, list) else ())
    ids = (documents.text(event.get("txId")) for event in told)
    return tuple(dict.fromkeys(filter(None, ids)))
