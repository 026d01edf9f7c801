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

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote, urlencode

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
    NoAnswer,
    Operator,
    Order,
    Outcome,
    Token,
)
from payments.reconciliation import Statement

_OK = 200
_REFUSALS = (400, 401, 429)  # malformed, not authorised, too many: nothing reached the payer
_LIFETIME_MAX = 366 * 86_400  # seconds; a bearer said to live longer is a mistake
_WORD_MAX = 40
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
            cancel=False,
            statement=True,
            amounts=AmountRules(low=1, high=5_000_000),  # P2G and C2G; B2G may pay more
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        account = self._account
        pair = base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"grant_type": "client_credentials", "scope": _SCOPES}).encode()
        return HttpRequest("POST", account.token_url, headers, body, self._timeout)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        answer = _document(outcome, _OK)
        bearer, lifetime = answer.get("access_token"), answer.get("expires_in")
        if isinstance(bearer, str) and bearer and type(lifetime) is int:
            return Token(bearer, float(lifetime)) if 0 < lifetime <= _LIFETIME_MAX else None
        return None

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
        headers = self._headers(token)
        return HttpRequest("POST", url, headers, json.dumps(body).encode(), self._timeout)

    def read_collect(self, outcome: Outcome) -> tuple[Evidence, ...]:
        if not isinstance(outcome, Answer):
            kind = Kind.NOT_SENT if outcome is NoAnswer.NOT_SENT else Kind.UNKNOWN
            return (Evidence(kind, Source.OURS),)
        if answer := _document(outcome, _OK):
            return _standing(answer, Source.REPLY)
        if _document(outcome, *_REFUSALS).get("status") == outcome.status:  # a Problem7807
            return (Evidence(Kind.FAILED, Source.REPLY, failure=Failure.NOT_SENT),)
        return (Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {outcome.status}"),)

    def read_key(self, outcome: Outcome) -> str | None:
        """Point to the payment, once the request has become one; by an inquiry as well."""
        answer = _document(outcome, _OK)
        tx_id = answer.get("txId")
        if answer.get("statut") == _FINAL and isinstance(tx_id, str) and tx_id:
            return f"{_PAYMENTS}/{tx_id}"
        return None

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """Ask about the request, or its payment; always by our own id, whatever was echoed."""
        place = _PAYMENTS if key.startswith(f"{_PAYMENTS}/") else _REQUESTS
        return self._get(f"{place}/{quote(order.attempt_id, safe='')}", token)

    def read_inquire(self, outcome: Outcome) -> tuple[Evidence, ...]:
        answer = _document(outcome, _OK)
        return _standing(answer, Source.INQUIRY) if "statut" in answer else ()

    def is_door(self, token: str) -> bool:
        ours = self._account.callback_token
        return bool(ours) and hmac.compare_digest(_bytes(token), ours.encode())

    def hear(self, callback: Callback) -> Heard:
        """Events of the whole account. The body is all that is signed, so its hash names it."""
        said = _bytes(callback.headers.get("x-signature", "").strip().lower())
        digests = [
            hmac.new(secret.encode(), callback.body, hashlib.sha256).hexdigest().encode()
            for secret in self._account.callback_secrets
            if secret
        ]
        if not any(hmac.compare_digest(said, digest) for digest in digests):
            return Heard(genuine=False)
        event = hashlib.sha256(callback.body).hexdigest()
        return Heard(genuine=True, event=event, attempt_ids=_named(callback))

    def statement(self, since: datetime, token: Token) -> HttpRequest:
        """The report's address and columns are a contract's matter."""
        query = urlencode({"since": since.astimezone(UTC).isoformat()})
        return self._get(f"reports?{query}", token)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """A report that cannot be read whole is none."""
        if not isinstance(outcome, Answer) or outcome.status != _OK:
            return None
        try:
            return report.read(outcome.body.decode())
        except ValueError:
            return None

    def _deadline(self, order: Order) -> Mapping[str, str]:
        """An invoice is answered within minutes."""
        limit = order.created_at.astimezone(UTC) + timedelta(seconds=self.capabilities.expiry)
        text = limit.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"categorie": "401", "dateLimitePaiement": text, "dateLimiteReponse": text}

    def _get(self, path: str, token: Token) -> HttpRequest:
        url = f"{self._account.base_url}/{path}"
        return HttpRequest("GET", url, self._headers(token), timeout=self._timeout)

    def _headers(self, token: Token) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {token.bearer}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }


def _document(outcome: Outcome, *statuses: int) -> Mapping[str, object]:
    if not isinstance(outcome, Answer) or outcome.status not in statuses:
        return {}
    try:
        document = json.loads(outcome.body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _standing(answer: Mapping[str, object], source: Source) -> tuple[Evidence, ...]:
    """Read a request, or the payment it became: only a payment tells money."""
    word = answer.get("statut")
    if word in _PENDING_WORDS:
        return (Evidence(Kind.PENDING, source),)
    if word != _FINAL:
        return (_rejected(answer, source),)
    # A payment has its end-to-end id; only a request has deadlines.
    if source is Source.REPLY or "end2endId" not in answer or "dateLimitePaiement" in answer:
        return (Evidence(Kind.PENDING, source),)
    ref, francs = answer["end2endId"], _francs(answer.get("montant"))
    if not (isinstance(ref, str) and ref and ref.isprintable() and francs):
        return (_unrecognised("IRREVOCABLE without id or amount", source),)
    paid = Evidence(Kind.PAID, source, ref, francs)
    returned = Evidence(Kind.REVERSED, source, ref, francs)
    return (paid, returned) if answer.get("retourStatut") == _FINAL else (paid,)


def _rejected(answer: Mapping[str, object], source: Source) -> Evidence:
    word, reason = answer.get("statut"), answer.get("statutRaison")
    if word != _REJECTED:
        return _unrecognised(word, source)
    if reason is None:
        return Evidence(Kind.FAILED, source, failure=Failure.OTHER)
    if isinstance(reason, str) and reason in _FAILURES:
        return Evidence(Kind.FAILED, source, failure=_FAILURES[reason])
    return _unrecognised(reason, source)


def _unrecognised(word: object, source: Source) -> Evidence:
    shown = word[:_WORD_MAX] if isinstance(word, str) else f"a {type(word).__name__}"
    return Evidence(Kind.UNRECOGNISED, source, word=shown)


def _francs(amount: object) -> int | None:
    """A JSON number, which the document does not say is written without a point."""
    if type(amount) is not int and not isinstance(amount, Decimal):
        return None
    whole = int(amount) if 0 < amount <= FRANCS_MAX else 0
    return report.francs(str(whole)) if whole == amount else None


def _named(callback: Callback) -> tuple[str, ...]:
    """The attempts the events speak of, each once, in order."""
    events = _document(Answer(_OK, callback.body), _OK).get("data")
    if not isinstance(events, list):
        return ()
    ids = (event.get("txId") for event in events if isinstance(event, dict))
    return tuple(dict.fromkeys(tx_id for tx_id in ids if isinstance(tx_id, str) and tx_id))


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
