"""GSMA Mobile Money API 1.2, merchant payment started by the payee (docs/operators/gsma.md).

Wire: the GSMA's OpenAPI document; who serves it, and where, comes from configuration only.

    POST {token_url}                           Basic client, client_credentials -> bearer
    POST /transactions/type/merchantpay        X-CorrelationID, X-Callback-URL
         -> 202 request state {serverCorrelationId status objectReference error} | 201 transaction
    GET  /responses/{clientCorrelationId}      -> {link}, once there is a transaction
    GET  /requeststates/{serverCorrelationId}  -> request state: tells failures, never an amount
    GET  /transactions/{transactionReference}  -> transaction: the only one that names the money

An inquiry goes where the last answer points, and the key is that place: our correlation id after
a lost reply, then `requeststates/{id}` or `transactions/{reference}`. A link is read for its end,
never followed to another host. The callback is an unsigned PUT. A reversal is a transaction of
its own: only the statement tells it.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlsplit

from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet
from payments import report
from payments.intent import AmountRules
from payments.operators.base import (
    Answer,
    Capabilities,
    HttpRequest,
    NoAnswer,
    Operator,
    Order,
    Outcome,
    Token,
)
from payments.reconciliation import Statement

_OK, _CREATED, _ACCEPTED = 200, 201, 202
_REFUSALS = (400, 401, 404)
_LIFETIME_MAX = 366 * 86_400  # seconds; a bearer said to live longer is a mistake
_WORD_MAX = 40
_CURRENCY = "XOF"
# "Trailing zeroes are permitted", says the guide, and its examples have them.
_WHOLE = re.compile(r"([1-9][0-9]*)(?:\.0{1,4})?", re.ASCII)
_TRANSACTIONS, _STATES = "transactions", "requeststates"

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
            inquire=True, prompt_again=False, cancel=False, statement=True,
            amounts=amounts, expiry=expiry,
        )  # fmt: skip

    def authorise(self) -> HttpRequest:
        account = self._account
        pair = base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        headers = {"Authorization": f"Basic {pair}", **form}
        body = b"grant_type=client_credentials"
        return HttpRequest("POST", account.token_url, headers, body, self._timeout)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        answer = _document(outcome, _OK)
        bearer, lifetime = answer.get("access_token"), answer.get("expires_in")
        if isinstance(bearer, str) and bearer and type(lifetime) is int:
            return Token(bearer, float(lifetime)) if 0 < lifetime <= _LIFETIME_MAX else None
        return None

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

    def read_collect(self, outcome: Outcome) -> tuple[Evidence, ...]:
        if not isinstance(outcome, Answer):
            kind = Kind.NOT_SENT if outcome is NoAnswer.NOT_SENT else Kind.UNKNOWN
            return (Evidence(kind, Source.OURS),)
        return (
            _standing(_document(outcome, _CREATED, _ACCEPTED), Source.REPLY)
            or _refused(_document(outcome, *_REFUSALS))
            or (Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {outcome.status}"),)
        )

    def read_key(self, outcome: Outcome) -> str | None:
        """Say where to ask next: the answer to an inquiry may point further, too."""
        answer = _document(outcome, _OK, _CREATED, _ACCEPTED)
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

    def read_inquire(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """A link is no evidence: it says where to ask next."""
        return _standing(_document(outcome, _OK), Source.INQUIRY)

    def statement(self, since: datetime, token: Token) -> HttpRequest:
        """The report's address and columns are a contract's matter."""
        instant = since.astimezone(UTC).isoformat()
        return self._get(f"reports?since={quote(instant)}", token)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """A report that cannot be read whole is none."""
        if not isinstance(outcome, Answer) or outcome.status != _OK:
            return None
        try:
            return report.read(outcome.body.decode())
        except ValueError:
            return None

    def _get(self, path: str, token: Token) -> HttpRequest:
        url = f"{self._account.base_url}/{path}"
        return HttpRequest("GET", url, self._headers(token), timeout=self._timeout)

    def _headers(self, token: Token) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {token.bearer}",
            "X-API-Key": self._account.api_key,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Charset": "utf-8",
        }


def _document(outcome: Outcome, *statuses: int) -> Mapping[str, object]:
    if not isinstance(outcome, Answer) or outcome.status not in statuses:
        return {}
    try:
        document = json.loads(outcome.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _standing(answer: Mapping[str, object], source: Source) -> tuple[Evidence, ...]:
    """Read a transaction or a request state; another document says nothing of the debit."""
    if "transactionStatus" in answer:
        return (_transaction(answer, source),)
    if "serverCorrelationId" in answer and "status" in answer:
        return (_state(answer, source),)
    return ()


def _transaction(answer: Mapping[str, object], source: Source) -> Evidence:
    word = answer["transactionStatus"]
    if word == _PENDING:
        return Evidence(Kind.PENDING, source)
    if word != _COMPLETED:
        return _unrecognised(word, source)
    ref, amount = answer.get("transactionReference"), answer.get("amount")
    match = _WHOLE.fullmatch(amount) if isinstance(amount, str) else None
    francs = report.francs(match[1]) if match else None
    if (
        isinstance(ref, str)
        and ref
        and ref.isprintable()
        and francs
        and answer.get("currency") == _CURRENCY
    ):
        return Evidence(Kind.PAID, source, str(ref), francs)
    return _unrecognised("completed without reference or XOF", source)


def _state(answer: Mapping[str, object], source: Source) -> Evidence:
    """Read a request state. It names no money: once completed, the transaction is asked for."""
    word, error = answer["status"], answer.get("error")
    if word == _PENDING or (word == _COMPLETED and answer.get("objectReference")):
        return Evidence(Kind.PENDING, source)
    code = error.get("errorCode") if isinstance(error, dict) else None
    if word != _FAILED or code == _DUPLICATE:
        return _unrecognised(code if word == _FAILED else word, source)
    failure = _FAILURES.get(code, Failure.OTHER) if isinstance(code, str) else Failure.OTHER
    return Evidence(Kind.FAILED, source, failure=failure)


def _refused(answer: Mapping[str, object]) -> tuple[Evidence, ...]:
    code, category = answer.get("errorCode"), answer.get("errorCategory")
    if not isinstance(code, str) or not isinstance(category, str):
        return ()
    if code in _FAILURES and category not in _DOUBTFUL:
        return (Evidence(Kind.FAILED, Source.REPLY, failure=_FAILURES[code]),)
    return (_unrecognised(code, Source.REPLY),)  # such as an id used before: ask, conclude nothing


def _unrecognised(word: object, source: Source) -> Evidence:
    shown = word[:_WORD_MAX] if isinstance(word, str) else f"a {type(word).__name__}"
    return Evidence(Kind.UNRECOGNISED, source, word=shown)


def _place(kind: str, name: object) -> str | None:
    return f"{kind}/{name}" if isinstance(name, str) and name else None


def _linked(link: object) -> str | None:
    try:
        *_, kind, name = urlsplit(link if isinstance(link, str) else "").path.split("/")
    except ValueError:
        return None
    return _place(kind, unquote(name)) if kind in {_TRANSACTIONS, _STATES} else None
