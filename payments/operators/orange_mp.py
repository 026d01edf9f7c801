"""Orange Money `mp`: a push prompt opened by the merchant (docs/operators/orange_mp.md).

Wire, as documented for Cameroon and third-party code (reference operators.md 1.2); whether Orange
Mali offers it is to be asked, so host and credentials come from configuration only:

    POST /token                          Basic client, grant_type=client_credentials -> bearer
    POST /omcoreapis/1.0.2/mp/init       -> data.payToken, the key; nothing is debited yet
    POST /omcoreapis/1.0.2/mp/pay        orderId subscriberMsisdn channelUserMsisdn amount
                                         description notifUrl pin payToken -> data.status PENDING
    GET  /omcoreapis/1.0.2/mp/paymentstatus/{payToken}
    GET  /omcoreapis/1.0.2/mp/push/{payToken}        prompts again under the same payToken

`pin` is the merchant channel's, a secret of ours, never the citizen's. Business errors come as
HTTP 417 with a coded text. The callback {payToken, status, message} is unsigned and may never
come: it only makes us ask. A reversal is not told by the API, only by the statement.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from domain.msisdn import Network
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
    Prepared,
    Token,
)
from payments.reconciliation import Statement

_OK, _BUSINESS_ERROR = 200, 417
_PROMPT_SHOWN = "200"
_LIFETIME_MAX = 366 * 86_400  # seconds; a bearer said to live longer is a mistake
_WORD_MAX = 40

# The operator's words. One not listed here is pending and an alarm, never a failure.
_PENDING_WORDS = frozenset({"INITIATED", "PENDING"})
_PAID_WORD = "SUCCESSFULL"
_FAILURE_WORDS = {
    "FAILED": Failure.OTHER,
    "CANCELLED": Failure.REFUSED,
    "EXPIRED": Failure.EXPIRED,
}
_FAILURE_TEXTS = {  # what a 417 begins with or holds, in the documented spelling
    "60019": Failure.INSUFFICIENT,
    "Beneficiaire introuvable": Failure.WALLET,
    "Utilisateur bloque": Failure.WALLET,
}


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract with the operator gives. `base_url` has no trailing slash."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    api_user: str
    api_password: str = field(repr=False)
    channel_msisdn: str
    channel_pin: str = field(repr=False)


class OrangeMp(Operator):
    """See the module."""

    wallet = Wallet("orange_mp", "Orange Money", Network.ORANGE)

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        self.capabilities = Capabilities(
            inquire=True,
            prompt_again=True,
            cancel=False,
            statement=True,
            amounts=AmountRules(low=10, high=2_000_000),
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        """See `Operator.authorise`."""
        account = self._account
        return HttpRequest(
            "POST",
            f"{account.base_url}/token",
            {
                "Authorization": f"Basic {_basic(account.client_id, account.client_secret)}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            urlencode({"grant_type": "client_credentials"}).encode(),
            self._timeout,
        )

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """See `Operator.read_authorise`."""
        answer = _document(outcome)
        bearer, lifetime = answer.get("access_token"), answer.get("expires_in")
        if isinstance(bearer, str) and bearer and type(lifetime) is int:
            return Token(bearer, float(lifetime)) if 0 < lifetime <= _LIFETIME_MAX else None
        return None

    def prepare(self, order: Order, token: Token) -> HttpRequest:
        """See `Operator.prepare`; the operator gives the key, `order` is not sent."""
        del order
        return self._request("POST", "init", token, b"{}")

    def read_prepare(self, outcome: Outcome) -> Prepared | None:
        """See `Operator.read_prepare`."""
        key = _data(outcome).get("payToken")
        return Prepared(key) if isinstance(key, str) and key else None

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.collect`."""
        body = {
            "orderId": order.attempt_id,
            "subscriberMsisdn": order.payer.national,
            "channelUserMsisdn": self._account.channel_msisdn,
            "amount": str(order.francs),
            "description": order.bill_number,
            "notifUrl": order.callback_url,
            "pin": self._account.channel_pin,
            "payToken": key,
        }
        return self._request("POST", "pay", token, json.dumps(body).encode())

    def read_collect(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """See `Operator.read_collect`."""
        if outcome is NoAnswer.NOT_SENT:
            return (Evidence(Kind.NOT_SENT, Source.OURS),)
        if not isinstance(outcome, Answer):
            return (Evidence(Kind.UNKNOWN, Source.OURS),)
        if outcome.status == _OK:
            return _standing(_data(outcome), Source.REPLY)
        if outcome.status == _BUSINESS_ERROR:
            return (_refused(outcome),)
        return (Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {outcome.status}"),)

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.inquire`."""
        del order
        return self._request("GET", f"paymentstatus/{quote(key, safe='')}", token)

    def prompt(self, key: str, token: Token) -> HttpRequest:
        """See `Operator.prompt`."""
        return self._request("GET", f"push/{quote(key, safe='')}", token)

    def read_inquire(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`."""
        data = _data(outcome)
        return _standing(data, Source.INQUIRY) if data else ()

    def statement(self, since: datetime, token: Token) -> HttpRequest:
        """See `Operator.statement`. The report's address and columns are a contract's matter."""
        query = urlencode({"since": since.astimezone(UTC).isoformat()})
        return HttpRequest(
            "GET",
            f"{self._account.base_url}/reports?{query}",
            self._headers(token),
            timeout=self._timeout,
        )

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`; a report that cannot be read whole is none."""
        if not isinstance(outcome, Answer) or outcome.status != _OK:
            return None
        try:
            return report.read(outcome.body.decode())
        except ValueError:
            return None

    def _request(self, method: str, verb: str, token: Token, body: bytes = b"") -> HttpRequest:
        url = f"{self._account.base_url}/omcoreapis/1.0.2/mp/{verb}"
        return HttpRequest(method, url, self._headers(token), body, self._timeout)

    def _headers(self, token: Token) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {token.bearer}",
            "X-AUTH-TOKEN": _basic(self._account.api_user, self._account.api_password),
            "Content-Type": "application/json",
            "Accept": "application/json",
        }


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def _document(outcome: Outcome) -> Mapping[str, object]:
    if not isinstance(outcome, Answer) or outcome.status != _OK:
        return {}
    return _json(outcome)


def _json(answer: Answer) -> Mapping[str, object]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _data(outcome: Outcome) -> Mapping[str, object]:
    data = _document(outcome).get("data")
    return data if isinstance(data, dict) else {}


def _standing(data: Mapping[str, object], source: Source) -> tuple[Evidence, ...]:
    word = str(data.get("status"))
    if word == _PAID_WORD:
        return (_paid(data, source),)
    if word in _FAILURE_WORDS:
        failure = _failure_in(str(data.get("message") or "")) or _FAILURE_WORDS[word]
        return (Evidence(Kind.FAILED, source, failure=failure),)
    if word in _PENDING_WORDS:
        shown = str(data.get("inittxnstatus") or _PROMPT_SHOWN) == _PROMPT_SHOWN
        return (Evidence(Kind.PENDING if shown else Kind.BUSY, source),)
    return (Evidence(Kind.UNRECOGNISED, source, word=word[:_WORD_MAX]),)


def _paid(data: Mapping[str, object], source: Source) -> Evidence:
    """A success names its transaction and its amount, or it confirms nothing."""
    ref, amount = data.get("txnid"), str(data.get("amount") or "")
    named = isinstance(ref, str) and ref and ref.isprintable()
    if named and (francs := report.francs(amount)) is not None:
        return Evidence(Kind.PAID, source, str(ref), francs)
    return Evidence(Kind.UNRECOGNISED, source, word="SUCCESSFULL without txnid or amount")


def _refused(answer: Answer) -> Evidence:
    # Only the message: a number quoted elsewhere in the answer refuses nothing.
    failure = _failure_in(str(_json(answer).get("message") or ""))
    if failure is None:  # includes a payToken used before: ask, do not conclude
        return Evidence(Kind.UNRECOGNISED, Source.REPLY, word="http 417")
    return Evidence(Kind.FAILED, Source.REPLY, failure=failure)


def _failure_in(text: str) -> Failure | None:
    marks = (mark for mark in _FAILURE_TEXTS if text.startswith(mark))
    return next((_FAILURE_TEXTS[mark] for mark in marks), None)
