"""Orange Money by password: Sonatel's eWallet, in one step (docs/operators/orange_otp.md).

Wire, version 1.1.0 as documented for Senegal (reference operators.md 1.3); whether Orange Mali
offers it is to be asked, so host, credentials and what to dial come from configuration only:

    POST /oauth/v1/token                           client_id client_secret -> bearer, 299 s
    POST /api/eWallet/v1/payments/onestep          -> reference transactionId status description
    GET  /api/eWallet/v1/transactions?reference=   -> a bare list; 415 without Content-Type

`reference` is our attempt_id; nothing promises that the same one is refused twice. The reply
names no amount, so even its SUCCESS only makes us ask; the list does, as a float (10.0). Errors
are RFC 7807; the `code` of a wrong password is not public: configuration gives it. Callbacks come
to one door, X-Sonatel-Signature: t=<unix>,v1=<hex>[,v1=<hex>] signs "{t},{body}", and `reference`
names the attempt. Only the statement tells a reversal.
"""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from domain.msisdn import Network
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

_OK, _BAD_REQUEST, _UNAUTHORIZED = 200, 400, 401
_SIGNATURE = "x-sonatel-signature"
_ERROR_KEYS = {"code", "error"}  # of RFC 7807 as they write it, and of OAuth
_EVENT = re.compile(r"[!-~]{1,128}")  # what can be stored and shown as it is
_ATTEMPT_ID = re.compile(r"[0-9a-f]{32}")
_AMOUNT = re.compile(r"([0-9]+)(?:\.0+)?")  # as it is written, 3000 or 3000.0

# The operator's words. One not listed here is pending and an alarm, never a failure.
_PAID_WORD = "SUCCESS"
_PENDING_WORDS = frozenset({"ACCEPTED", "INITIATED", "PENDING", "PRE_INITIATED"})
_FAILURES = {"CANCELLED": Failure.REFUSED, "FAILED": Failure.OTHER, "REJECTED": Failure.OTHER}
_FAILURE_CODES = {"2020": Failure.INSUFFICIENT, "2021": Failure.INSUFFICIENT}
_DEBITS = frozenset({"MERCHANT_PAYMENT", "WEB_PAYMENT", "None"})  # the types, if any is told


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract with the operator gives. `base_url` has no trailing slash.

    `dial` is what citizens dial for a password. `callback_token` ends our address for callbacks,
    signed with any of `callback_secrets`. `wrong_otp_codes` are the contract's.
    """

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    partner_code: str
    dial: str
    callback_token: str = field(repr=False)
    callback_secrets: tuple[str, ...] = field(repr=False)
    wrong_otp_codes: frozenset[str] = frozenset()


class OrangeOtp(Operator):
    """See the module."""

    wallet = Wallet("orange_otp", "Orange OTP", Network.ORANGE, Way.OTP)

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        wrong = filter(None, account.wrong_otp_codes)
        self._failures = {**dict.fromkeys(wrong, Failure.REFUSED), **_FAILURE_CODES}
        self.wallet = replace(type(self).wallet, dial=account.dial)
        self.capabilities = Capabilities(
            inquire=True,
            prompt_again=False,
            statement=True,
            amounts=AmountRules(low=10, high=2_000_000),
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        """See `Operator.authorise`."""
        ours = self._account
        client = {"client_id": ours.client_id, "client_secret": ours.client_secret}
        form = urlencode({**bearers.GRANT, **client}).encode()
        url = f"{ours.base_url}/oauth/v1/token"
        return HttpRequest("POST", url, bearers.FORM, form, self._timeout)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """See `Operator.read_authorise`."""
        return bearers.read(outcome)

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.collect`."""
        body = {
            "customer": {"idType": "MSISDN", "id": order.payer.national, "otp": order.otp},
            "partner": {"idType": "CODE", "id": self._account.partner_code},
            "amount": {"value": order.francs, "unit": "XOF"},
            "reference": key,
            "metadata": {"bill_number": order.bill_number},
        }
        return self._request("POST", "payments/onestep", token, json.dumps(body))

    def read_collect(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_collect`."""
        if isinstance(outcome, Answer) and outcome.status == _OK:
            return (_replied(documents.document(outcome, _OK), order),)
        error = documents.document(outcome, _BAD_REQUEST, _UNAUTHORIZED)
        if isinstance(outcome, Answer) and outcome.status == _BAD_REQUEST:
            return (self._refused(str(error.get("code"))),)
        if error.keys() & _ERROR_KEYS:
            # Our bearer was forgotten, and the gateway's own word for it: nothing was let in.
            return (Evidence(Kind.FAILED, Source.REPLY, failure=Failure.NOT_SENT),)
        return (facts.unheard(outcome),)

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.inquire`. No filter but ours: with `type` the list is always empty."""
        del order
        return self._request("GET", f"transactions?{urlencode({'reference': key})}", token)

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`; with one of another's in the list, the filter failed."""
        listed = documents.content(outcome, _OK)
        found = [documents.mapping(one) for one in listed] if isinstance(listed, list) else []
        if not all(isinstance(one.get("reference"), str) for one in found):
            return ()
        if any(_of_another(one, order) for one in found):
            return (facts.of_another(Source.INQUIRY),)
        return tuple(dict.fromkeys(_standing(one) for one in found))

    def is_door(self, token: str) -> bool:
        """See `Operator.is_door`."""
        return signatures.is_door(token, self._account.callback_token)

    def hear(self, callback: Callback) -> Heard:
        """See `Operator.hear`. Without an id of the operator's, a signature is its own event."""
        secrets = self._account.callback_secrets
        signature = signatures.dated_signature_of(callback, _SIGNATURE, b",", secrets)
        if not signature:
            return Heard(genuine=False)
        event = callback.headers.get("x-sonatel-idempotency-key", "")
        body = documents.mapping(documents.parse(callback.body))
        named = documents.text(body.get("reference"), _ATTEMPT_ID)
        known = event if _EVENT.fullmatch(event) else signature
        return Heard(genuine=True, event=known, attempt_ids=(named,) if named else ())

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """See `Operator.statement`."""
        del after
        return reports.ask(self._account.base_url, since, bearers.headers(token), self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`."""
        return reports.read(outcome)

    def _request(self, method: str, verb: str, token: Token, body: str = "") -> HttpRequest:
        url = f"{self._account.base_url}/api/eWallet/v1/{verb}"
        return HttpRequest(method, url, bearers.headers(token), body.encode(), self._timeout)

    def _refused(self, code: str) -> Evidence:
        if code in self._failures:
            return Evidence(Kind.FAILED, Source.REPLY, failure=self._failures[code])
        return facts.unrecognised(
            f"http 400 code {code}", Source.REPLY
        )  # a reference used before? ask


def _of_another(told: Document, order: Order) -> bool:
    customer = documents.mapping(told.get("customer"))
    other = documents.names_another_payer(customer.get("id"), order.payer)
    return other or told.get("reference") != order.attempt_id


def _replied(reply: Document, order: Order) -> Evidence:
    """A reply names no amount: one that says SUCCESS is a reason to ask, as PENDING is."""
    if not isinstance(reply.get("reference"), str):
        return facts.unrecognised("no reference", Source.REPLY)
    if _of_another(reply, order):
        return facts.of_another(Source.REPLY)
    made = reply.get("status") == _PAID_WORD and reply.get("transactionId")
    return _meant("PENDING" if made else reply.get("status"), Source.REPLY)


def _standing(transaction: Document) -> Evidence:
    if (kind := str(transaction.get("type"))) not in _DEBITS:
        return facts.unrecognised(f"type {kind}", Source.INQUIRY)
    if transaction.get("status") != _PAID_WORD:
        return _meant(transaction.get("status"), Source.INQUIRY)
    ref, amount = transaction.get("transactionId"), documents.mapping(transaction.get("amount"))
    written = _AMOUNT.fullmatch(str(amount.get("value"))) if amount.get("unit") == "XOF" else None
    francs = report.francs(written[1]) if written else None
    return facts.paid(ref, francs, Source.INQUIRY, otherwise="SUCCESS without its id or amount")


def _meant(word: object, source: Source) -> Evidence:
    if isinstance(word, str) and word in _PENDING_WORDS:
        return Evidence(Kind.PENDING, source)
    if isinstance(word, str) and word in _FAILURES:
        return Evidence(Kind.FAILED, source, failure=_FAILURES[word])
    return facts.unrecognised(word, source)
