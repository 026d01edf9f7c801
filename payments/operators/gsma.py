"""GSMA Mobile Money API 1.2, merchant payment started by the payee (docs/operators/gsma.md).

Wire: the GSMA's OpenAPI document; who serves it, and where, comes from configuration only.

    POST {token_url}                           Basic client, client_credentials -> bearer
    POST /transactions/type/merchantpay        X-CorrelationID, X-Callback-URL
         -> 202 request state {serverCorrelationId status objectReference error} | 201 transaction
    GET  /responses/{clientCorrelationId}      -> {link}, once there is a transaction
    GET  /requeststates/{serverCorrelationId}  -> request state: tells failures, never an amount
    GET  /transactions/{transactionReference}  -> transaction: the only one that names the money
    GET  /heartbeat                            -> {serviceStatus}

An inquiry goes where the last answer points, and the key is that place: our correlation id after
a lost reply, then `requeststates/{id}` or `transactions/{reference}`. A link is read for its end,
never followed to another host. The callback is an unsigned PUT. A reversal is a transaction of
its own: only the statement tells it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet
from payments import report
from payments.intent import AmountRules
from payments.operators.base import Capabilities, HttpRequest, Operator, Order, Outcome, Token
from payments.reconciliation import Statement
from payments.wire import bearers, documents, facts, reports
from payments.wire.documents import Document

_OK, _CREATED, _ACCEPTED = 200, 201, 202
_REFUSALS = (400, 401, 404)
_CURRENCY = "XOF"
# "Trailing zeroes are permitted", says the guide, and its examples have them.
_WHOLE = re.compile(r"([1-9][0-9]*)(?:\.0{1,4})?", re.ASCII)
_SERVING = ("available", "degraded")  # slowly perhaps; the third word is "unavailable"
_TRANSACTIONS, _STATES = "transactions", "requeststates"
_NAME_MAX = 256  # characters of an id, as the document has it

# The documented words. One not listed here is pending and an alarm, never a failure.
_PENDING, _COMPLETED = "pending", "completed"
_FAILED = "failed"  # of a request; no document says how a failed transaction is called
_FAILURES = {
    code: failure
    for failure, codes in {
        Failure.INSUFFICIENT: "insufficientFunds",
        Failure.REFUSED: "requestDeclined",
        Failure.WALLET: "identifierError incorrectState accountMaxTotalVolumeExceeded"
        " accountMaxTotalValueExceeded dailyVolumeLimitExceeded dailyValueLimitExceeded"
        " weeklyVolumeLimitExceeded weeklyValueLimitExceeded monthlyVolumeLimitExceeded"
        " monthlyValueLimitExceeded",
        # Turned away at the door: the payer was never asked.
        Failure.NOT_SENT: "rateLimitError clientAuthorisationError"
        " requestingPartyAuthorisationError servicingPartyAuthorisationError",
        Failure.OTHER: "genericError lessThanTransactionMinValue greaterThanTransactionMaxValue"
        " maxBalanceExceeded samePartiesError underPaymentNotAllowed overPaymentNotAllowed"
        " transactionTypeError noMandateAuthority linkViolation countryofOriginNotPermitted"
        " nationalityNotPermitted idDocumentNotSupported issuingCountryNotSupported"
        " quoteHasExpired lengthError formatError negativeValue currencyNotSupported"
        " mandatoryValueNotSupplied invalidOffset",
    }.items()
    for code in codes.split()
}
_DUPLICATE = "duplicateRequest"
_DOUBTFUL = frozenset({"internal", "serviceUnavailable"})  # categories that settle nothing


@dataclass(frozen=True, slots=True)
class Account:
    """The contract's. `base_url` has no trailing slash; `payee_type` is such as `accountid`."""

    base_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    api_key: str = field(repr=False)
    payee_type: str
    payee: str


class Gsma(Operator):
    wallet = Wallet("gsma", "Mobile Money", None)

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        amounts = AmountRules(low=10, high=2_000_000)
        self.capabilities = Capabilities(
            inquire=True, prompt_again=False, statement=True,
            amounts=amounts, expiry=expiry,
        )  # fmt: skip

    def authorise(self) -> HttpRequest:
        account = self._account
        client = (account.client_id, account.client_secret)
        return bearers.ask(account.token_url, client, self._timeout)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        return bearers.read(outcome)

    def heartbeat(self, token: Token) -> HttpRequest:
        return self._get("heartbeat", token)

    def read_heartbeat(self, outcome: Outcome) -> bool:
        return documents.document(outcome, _OK).get("serviceStatus") in _SERVING

    def own_key(self, order: Order) -> str:
        """The client's correlation id: the attempt written as a UUID."""
        text = order.attempt_id
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest:
        body = {
            "amount": str(order.francs),
            "currency": _CURRENCY,
            "debitParty": [{"key": "msisdn", "value": order.payer.e164}],
            "creditParty": [{"key": self._account.payee_type, "value": self._account.payee}],
            "requestingOrganisationTransactionReference": order.attempt_id,
            "descriptionText": order.bill_number,
        }
        ids = {"X-CorrelationID": key, "X-Callback-URL": order.callback_url}
        url = f"{self._account.base_url}/transactions/type/merchantpay"
        headers = {**self._headers(token), **ids}
        return HttpRequest("POST", url, headers, json.dumps(body).encode(), self._timeout)

    def read_collect(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        return (
            _standing(documents.document(outcome, _CREATED, _ACCEPTED), order, Source.REPLY)
            or _refused(documents.document(outcome, *_REFUSALS))
            or (facts.unheard(outcome),)
        )

    def read_key(self, outcome: Outcome, order: Order) -> str | None:
        """Say where to ask next: the answer to an inquiry may point further, too."""
        answer = documents.document(outcome, _OK, _CREATED, _ACCEPTED)
        if _of_another(answer, order):
            return None
        if "transactionStatus" in answer:
            return _place(_TRANSACTIONS, answer.get("transactionReference"))
        if answer.get("status") == _COMPLETED:
            return _place(_TRANSACTIONS, answer.get("objectReference"))
        return _place(_STATES, answer.get("serverCorrelationId")) or _linked(answer.get("link"))

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        del order
        place, _, name = key.partition("/")
        if place not in {_TRANSACTIONS, _STATES}:
            place, name = "responses", key
        return self._get(f"{place}/{quote(name, safe='')}", token)

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """A link is no evidence: it says where to ask next."""
        return _standing(documents.document(outcome, _OK), order, Source.INQUIRY)

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """A report: the document's list of an account's transactions is never closed."""
        del after
        return reports.ask(self._account.base_url, since, self._headers(token), self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        return reports.read(outcome)

    def _get(self, path: str, token: Token) -> HttpRequest:
        url = f"{self._account.base_url}/{path}"
        return HttpRequest("GET", url, self._headers(token), timeout=self._timeout)

    def _headers(self, token: Token) -> Mapping[str, str]:
        ours = {"X-API-Key": self._account.api_key, "Accept-Charset": "utf-8"}
        return {**bearers.headers(token), **ours}


def _standing(answer: Document, order: Order, source: Source) -> tuple[Evidence, ...]:
    """Read a transaction or a request state; another document says nothing of the debit."""
    viewed = "transactionStatus" in answer
    if not viewed and not ("serverCorrelationId" in answer and "status" in answer):
        return ()
    if _of_another(answer, order):
        return (facts.of_another(source),)
    return (_transaction(answer, source) if viewed else _state(answer, source),)


def _of_another(answer: Document, order: Order) -> bool:
    """It names the id it was asked under, our attempt, or the payer among the ids of a party."""
    place, _, asked = order.key.partition("/")
    ids = {
        "transactionReference": asked if place == _TRANSACTIONS else "",
        "serverCorrelationId": asked if place == _STATES else "",
        "requestingOrganisationTransactionReference": order.attempt_id,
    }
    parties = answer.get("debitParty")
    told = map(documents.mapping, parties if isinstance(parties, list) else ())
    payers = [one.get("value") for one in told if one.get("key") == "msisdn"]
    other = any(documents.names_another_payer(payer, order.payer) for payer in payers)
    return other or documents.names_another(answer, **ids)


def _transaction(answer: Document, source: Source) -> Evidence:
    word = answer["transactionStatus"]
    if word == _PENDING:
        return Evidence(Kind.PENDING, source)
    if word != _COMPLETED:
        return facts.unrecognised(word, source)
    amount = answer.get("amount") if answer.get("currency") == _CURRENCY else None
    match = _WHOLE.fullmatch(amount) if isinstance(amount, str) else None
    francs = report.francs(match[1]) if match else None
    ref, otherwise = answer.get("transactionReference"), "completed without reference or XOF"
    return facts.paid(ref, francs, source, otherwise=otherwise)


def _state(answer: Document, source: Source) -> Evidence:
    """Read a request state. It names no money: once completed, the transaction is asked for."""
    word = answer["status"]
    if word == _PENDING or (word == _COMPLETED and answer.get("objectReference")):
        return Evidence(Kind.PENDING, source)
    code = documents.mapping(answer.get("error")).get("errorCode")
    if word != _FAILED or code == _DUPLICATE:
        return facts.unrecognised(code if word == _FAILED else word, source)
    failure = _FAILURES.get(code, Failure.OTHER) if isinstance(code, str) else Failure.OTHER
    return Evidence(Kind.FAILED, source, failure=failure)


def _refused(answer: Document) -> tuple[Evidence, ...]:
    code, category = answer.get("errorCode"), answer.get("errorCategory")
    if not isinstance(code, str) or not isinstance(category, str):
        return ()
    if code in _FAILURES and category not in _DOUBTFUL:
        return (Evidence(Kind.FAILED, Source.REPLY, failure=_FAILURES[code]),)
    return (facts.unrecognised(code, Source.REPLY),)  # an id used before: ask, conclude nothing


def _place(kind: str, name: object) -> str | None:
    """What cannot be stored or sent as it is names no place."""
    named = isinstance(name, str) and 0 < len(name) <= _NAME_MAX and name.isprintable()
    return f"{kind}/{name}" if named else None


def _linked(link: object) -> str | None:
    try:
        *_, kind, name = urlsplit(link if isinstance(link, str) else "").path.split("/")
    except ValueError:
        return None
    return _place(kind, unquote(name)) if kind in {_TRANSACTIONS, _STATES} else None
