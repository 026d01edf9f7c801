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

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
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
    NoAnswer,
    Operator,
    Order,
    Outcome,
    Token,
)
from payments.reconciliation import Statement

_OK, _BAD_REQUEST, _UNAUTHORIZED = 200, 400, 401
_ERROR_KEYS = {"code", "error"}  # of RFC 7807 as they write it, and of OAuth
_LIFETIME_MAX = 366 * 86_400  # seconds; a bearer said to live longer is a mistake
_WORD_MAX = 40
_WINDOW_S = 300  # of a signature, either way
_DATE = re.compile(r"[0-9]{1,12}")  # the seconds of a signature
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
            cancel=False,
            statement=True,
            amounts=AmountRules(low=10, high=2_000_000),
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        """See `Operator.authorise`."""
        ours = self._account
        client = {"client_id": ours.client_id, "client_secret": ours.client_secret}
        form = urlencode({"grant_type": "client_credentials", **client}).encode()
        kind, url = "application/x-www-form-urlencoded", f"{ours.base_url}/oauth/v1/token"
        return HttpRequest("POST", url, {"Content-Type": kind}, form, self._timeout)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """See `Operator.read_authorise`."""
        answer = _mapping(_json(_body(outcome)))
        bearer, lifetime = answer.get("access_token"), answer.get("expires_in")
        if isinstance(bearer, str) and bearer and type(lifetime) is int:
            return Token(bearer, float(lifetime)) if 0 < lifetime <= _LIFETIME_MAX else None
        return None

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

    def read_collect(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """See `Operator.read_collect`."""
        if outcome is NoAnswer.NOT_SENT:
            return (Evidence(Kind.NOT_SENT, Source.OURS),)
        if not isinstance(outcome, Answer):
            return (Evidence(Kind.UNKNOWN, Source.OURS),)
        if outcome.status == _OK:
            return (_replied(_mapping(_json(_body(outcome)))),)
        error = _mapping(_json(outcome.body))
        if outcome.status == _BAD_REQUEST:
            return (self._refused(str(error.get("code"))),)
        if outcome.status == _UNAUTHORIZED and error.keys() & _ERROR_KEYS:
            # Our bearer was forgotten, and the gateway's own word for it: nothing was let in.
            return (Evidence(Kind.FAILED, Source.REPLY, failure=Failure.NOT_SENT),)
        return (Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {outcome.status}"),)

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.inquire`. No filter but ours: with `type` the list is always empty."""
        del order
        return self._request("GET", f"transactions?{urlencode({'reference': key})}", token)

    def read_inquire(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`; with several references, the filter was not heeded."""
        document = _json(_body(outcome))
        listed = [_mapping(one) for one in document] if isinstance(document, list) else []
        references = {str(one.get("reference")) for one in listed}
        if len(references) != 1 or not _ATTEMPT_ID.fullmatch(references.pop()):
            return ()
        return tuple(dict.fromkeys(_standing(one) for one in listed))

    def is_door(self, token: str) -> bool:
        """See `Operator.is_door`."""
        door = self._account.callback_token
        return bool(door) and hmac.compare_digest(token.encode(errors="replace"), door.encode())

    def hear(self, callback: Callback) -> Heard:
        """See `Operator.hear`. Without an id of the operator's, a signature is its own event."""
        if not (signature := _signature(callback, self._account.callback_secrets)):
            return Heard(genuine=False)
        event = callback.headers.get("x-sonatel-idempotency-key", "")
        named = _ATTEMPT_ID.fullmatch(str(_mapping(_json(callback.body)).get("reference")))
        known = event if _EVENT.fullmatch(event) else signature
        return Heard(genuine=True, event=known, attempt_ids=(named[0],) if named else ())

    def statement(self, since: datetime, token: Token) -> HttpRequest:
        """See `Operator.statement`. The report's address and columns are a contract's matter."""
        query = urlencode({"since": since.astimezone(UTC).isoformat()})
        url = f"{self._account.base_url}/reports?{query}"
        return HttpRequest("GET", url, _headers(token), timeout=self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`; a report that cannot be read whole is none."""
        try:
            return report.read(_body(outcome).decode())
        except ValueError:
            return None

    def _request(self, method: str, verb: str, token: Token, body: str = "") -> HttpRequest:
        url = f"{self._account.base_url}/api/eWallet/v1/{verb}"
        return HttpRequest(method, url, _headers(token), body.encode(), self._timeout)

    def _refused(self, code: str) -> Evidence:
        if code in self._failures:
            return Evidence(Kind.FAILED, Source.REPLY, failure=self._failures[code])
        return _meant(f"http 400 code {code}", Source.REPLY)  # a reference used before? ask


def _headers(token: Token) -> Mapping[str, str]:
    kinds = dict.fromkeys(("Content-Type", "Accept"), "application/json")
    return {"Authorization": f"Bearer {token.bearer}", **kinds}


def _body(outcome: Outcome) -> bytes:
    return outcome.body if isinstance(outcome, Answer) and outcome.status == _OK else b""


def _json(body: bytes) -> object:
    try:  # amounts come as floats, and are read as they are written
        return json.loads(body, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _mapping(document: object) -> Mapping[str, object]:
    return document if isinstance(document, dict) else {}


def _replied(reply: Mapping[str, object]) -> Evidence:
    """A reply names no amount: one that says SUCCESS is a reason to ask, as PENDING is."""
    if not isinstance(reply.get("reference"), str):
        return _meant("no reference", Source.REPLY)
    made = reply.get("status") == _PAID_WORD and reply.get("transactionId")
    return _meant("PENDING" if made else str(reply.get("status")), Source.REPLY)


def _standing(transaction: Mapping[str, object]) -> Evidence:
    if (kind := str(transaction.get("type"))) not in _DEBITS:
        return _meant(f"type {kind}", Source.INQUIRY)
    if transaction.get("status") != _PAID_WORD:
        return _meant(str(transaction.get("status")), Source.INQUIRY)
    ref, amount = transaction.get("transactionId"), _mapping(transaction.get("amount"))
    written = _AMOUNT.fullmatch(str(amount.get("value"))) if amount.get("unit") == "XOF" else None
    francs = report.francs(written[1]) if written else None
    if isinstance(ref, str) and ref and ref.isprintable() and francs is not None:
        return Evidence(Kind.PAID, Source.INQUIRY, ref, francs)
    return _meant("SUCCESS without its id or amount", Source.INQUIRY)


def _meant(word: str, source: Source) -> Evidence:
    if word in _PENDING_WORDS:
        return Evidence(Kind.PENDING, source)
    if word in _FAILURES:
        return Evidence(Kind.FAILED, source, failure=_FAILURES[word])
    return Evidence(Kind.UNRECOGNISED, source, word=word[:_WORD_MAX])


def _signature(callback: Callback, secrets: tuple[str, ...]) -> str:
    """The signature that holds, in hexadecimal; empty when none does."""
    header = callback.headers.get("x-sonatel-signature", "")
    parts = [part.strip().partition("=") for part in header.split(",")]
    dates = [value for name, _, value in parts if name == "t" and _DATE.fullmatch(value)]
    given = [value.encode(errors="replace") for name, _, value in parts if name == "v1"]
    if len(dates) != 1 or abs(callback.at.timestamp() - int(dates[0])) > _WINDOW_S:
        return ""
    message = f"{dates[0]},".encode() + callback.body
    right = [hmac.digest(secret.encode(), message, "sha256").hex() for secret in secrets if secret]
    return next((r for r in right for one in given if hmac.compare_digest(one, r.encode())), "")
