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

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from domain.msisdn import Network
from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet
from payments import report
from payments.intent import AmountRules
from payments.operators.base import (
    Answer,
    Capabilities,
    HttpRequest,
    Operator,
    Order,
    Outcome,
    Prepared,
    Token,
)
from payments.reconciliation import Statement
from payments.wire import bearers, documents, facts, reports
from payments.wire.documents import Document

_OK, _BUSINESS_ERROR = 200, 417
_PROMPT_SHOWN = "200"
_TOKEN = re.compile(r"[ -~]{1,200}")  # what can be stored

# The operator's words. One not listed here is pending and an alarm, never a failure.
_PENDING_WORDS = frozenset({"INITIATED", "PENDING"})
_PAID_WORD = "SUCCESSFULL"
_FAILURE_WORDS = {
    "FAILED": Failure.OTHER,
    "CANCELLED": Failure.REFUSED,
    "EXPIRED": Failure.EXPIRED,
}
_FAILURE_TEXTS = {  # what the message of a refusal begins with, in the documented spelling
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
            statement=True,
            amounts=AmountRules(low=10, high=2_000_000),
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        """See `Operator.authorise`."""
        account = self._account
        client = (account.client_id, account.client_secret)
        return bearers.ask(f"{account.base_url}/token", client, self._timeout)

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """See `Operator.read_authorise`."""
        return bearers.read(outcome)

    def prepare(self, order: Order, token: Token) -> HttpRequest:
        """See `Operator.prepare`; the operator gives the key, `order` is not sent."""
        del order
        return self._request("POST", "init", token, b"{}")

    def read_prepare(self, outcome: Outcome) -> Prepared | None:
        """See `Operator.read_prepare`."""
        key = documents.text(_data(documents.document(outcome, _OK)).get("payToken"), _TOKEN)
        return Prepared(key) if key else None

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

    def read_collect(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_collect`."""
        if isinstance(outcome, Answer) and outcome.status == _OK:
            return (_standing(_data(documents.document(outcome, _OK)), order, Source.REPLY),)
        if isinstance(outcome, Answer) and outcome.status == _BUSINESS_ERROR:
            return (_refused(documents.document(outcome, _BUSINESS_ERROR), order),)
        return (facts.unheard(outcome),)

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.inquire`."""
        del order
        return self._request("GET", f"paymentstatus/{quote(key, safe='')}", token)

    def prompt(self, key: str, token: Token) -> HttpRequest:
        """See `Operator.prompt`."""
        return self._request("GET", f"push/{quote(key, safe='')}", token)

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`."""
        data = _data(documents.document(outcome, _OK))
        return (_standing(data, order, Source.INQUIRY),) if data else ()

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """See `Operator.statement`."""
        del after
        return reports.ask(self._account.base_url, since, self._headers(token), self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`."""
        return reports.read(outcome)

    def _request(self, method: str, verb: str, token: Token, body: bytes = b"") -> HttpRequest:
        url = f"{self._account.base_url}/omcoreapis/1.0.2/mp/{verb}"
        return HttpRequest(method, url, self._headers(token), body, self._timeout)

    def _headers(self, token: Token) -> Mapping[str, str]:
        user = bearers.basic(self._account.api_user, self._account.api_password)
        return {**bearers.headers(token), "X-AUTH-TOKEN": user}


def _data(document: Document) -> Document:
    return documents.mapping(document.get("data"))


def _standing(data: Document, order: Order, source: Source) -> Evidence:
    if _of_another(data, order):
        return facts.of_another(source)
    word = data.get("status")
    if word == _PAID_WORD:
        francs = report.francs(str(data.get("amount") or ""))
        otherwise = "SUCCESSFULL without txnid or amount"
        return facts.paid(data.get("txnid"), francs, source, otherwise=otherwise)
    if isinstance(word, str) and word in _FAILURE_WORDS:
        failure = _failure_in(str(data.get("message") or "")) or _FAILURE_WORDS[word]
        return Evidence(Kind.FAILED, source, failure=failure)
    if isinstance(word, str) and word in _PENDING_WORDS:
        shown = str(data.get("inittxnstatus") or _PROMPT_SHOWN) == _PROMPT_SHOWN
        return Evidence(Kind.PENDING if shown else Kind.BUSY, source)
    return facts.unrecognised(word, source)


def _of_another(data: Document, order: Order) -> bool:
    """What was ordered comes back in some answers; `txnmode` is our orderId."""
    ids = {"payToken": order.key, "orderId": order.attempt_id, "txnmode": order.attempt_id}
    other = documents.names_another(data, **ids, description=order.bill_number)
    return other or documents.names_another_payer(data.get("subscriberMsisdn"), order.payer)


def _refused(document: Document, order: Order) -> Evidence:
    # Only the message: a number quoted elsewhere in the answer refuses nothing.
    failure = _failure_in(str(document.get("message") or ""))
    if failure is None:  # includes a payToken used before: ask, do not conclude
        return facts.unrecognised("http 417", Source.REPLY)
    if _of_another(_data(document), order):
        return facts.of_another(Source.REPLY)
    return Evidence(Kind.FAILED, Source.REPLY, failure=failure)


def _failure_in(text: str) -> Failure | None:
    marks = (mark for mark in _FAILURE_TEXTS if text.startswith(mark))
    return next((_FAILURE_TEXTS[mark] for mark in marks), None)
