"""Orange Money web payment: a page opened from a link sent by SMS (docs/operators/orange_web.md).

Wire, as documented by Orange for all its countries (reference operators.md 1.1); the host, the
country in the path and the currency come from configuration only:

    POST /oauth/v3/token                                         Basic client -> bearer, 90 days
    POST /orange-money-webpay/{country}/v1/webpayment            merchant_key currency order_id
         amount return_url cancel_url notif_url lang reference   -> 201 pay_token payment_url
                                                                        notif_token
    POST /orange-money-webpay/{country}/v1/transactionstatus     order_id amount pay_token
                                                                 -> 201 status order_id txnid

Nothing can be debited before the citizen opens the page, which lives 10 minutes. An order_id has
30 characters, is unique for ever (403) and is all that comes back of an order: ours holds the
attempt_id, whole, and the amount, since a SUCCESS names no other.

The notification {status, notif_token, txnid} is unsigned, names no amount and may never come: its
address is the attempt's own, and it only makes us ask. notif_token is kept behind pay_token, in
the key. A reversal is told by the statement only.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.msisdn import Network
from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet, Way
from payments import report
from payments.intent import AmountRules
from payments.operators.base import (
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

URL_MAX = 120  # characters of each address the operator is given
_CREATED = 201
_TOKENS = ("pay_token", "notif_token")  # the key of an attempt, with a space between
_TOKEN = re.compile(r"[!-~]{1,200}")
_LINK = re.compile(r"https?://[!-~]{1,400}")  # it goes out by SMS as it is
_CODE = re.compile(r"[A-Za-z0-9_-]{22}")

# The operator's words. One not listed here is pending and an alarm, never a failure.
_PAID_WORD = "SUCCESS"
_PENDING_WORDS = frozenset({"INITIATED", "PENDING"})
_FAILURE_WORDS = {"FAILED": Failure.OTHER, "EXPIRED": Failure.EXPIRED}


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract with the operator gives. `base_url` has no trailing slash.

    `country` is the one in the path and `currency` goes with it: `ml` and `XOF`, or `dev` and
    `OUV`. `return_url` is where the browser goes in the end, whether the citizen paid or not.
    """

    base_url: str
    country: str
    currency: str
    client_id: str
    client_secret: str = field(repr=False)
    merchant_key: str = field(repr=False)
    return_url: str

    def __post_init__(self) -> None:
        if len(self.return_url) > URL_MAX:
            message = f"return_url has more than {URL_MAX} characters"
            raise ValueError(message)


class OrangeWeb(Operator):
    """See the module."""

    wallet = Wallet("orange_web", "Orange Web", Network.ORANGE, Way.LINK)

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        self.capabilities = Capabilities(
            inquire=True,
            prompt_again=False,
            statement=True,
            amounts=AmountRules(low=10, high=2_000_000),
            expiry=expiry,
        )

    def authorise(self) -> HttpRequest:
        """See `Operator.authorise`."""
        account = self._account
        client = (account.client_id, account.client_secret)
        wish = bearers.ask(f"{account.base_url}/oauth/v3/token", client, self._timeout)
        return replace(wish, headers={**wish.headers, "Accept": "application/json"})

    def read_authorise(self, outcome: Outcome) -> Token | None:
        """See `Operator.read_authorise`."""
        return bearers.read(outcome)

    def prepare(self, order: Order, token: Token) -> HttpRequest:
        """See `Operator.prepare`. Asked again after a lost answer, the operator refuses (403)."""
        account = self._account
        body = {
            "merchant_key": account.merchant_key,
            "currency": account.currency,
            "order_id": order_id(order),
            "amount": order.francs,
            "return_url": account.return_url,
            "cancel_url": account.return_url,
            "notif_url": order.callback_url,
            "lang": "fr",
            "reference": order.bill_number,
        }
        return self._request("webpayment", token, body)

    def read_prepare(self, outcome: Outcome) -> Prepared | None:
        """See `Operator.read_prepare`. A link is as safe as the operator's own host, or none."""
        page = documents.document(outcome, _CREATED)
        pay_token, notif_token = (documents.text(page.get(name), _TOKEN) for name in _TOKENS)
        link = documents.text(page.get("payment_url"), _LINK)
        safe = self._account.base_url.startswith(link.partition("//")[0])
        if pay_token and notif_token and link and safe:
            return Prepared(f"{pay_token} {notif_token}", link)
        return None

    def collect(self, order: Order, key: str, token: Token) -> None:
        """See `Operator.collect`: paying on the page is the citizen's own deed."""
        del order, key, token

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.inquire`."""
        pay_token, _, _notif_token = key.partition(" ")
        body = {"order_id": order_id(order), "amount": order.francs, "pay_token": pay_token}
        return self._request("transactionstatus", token, body)

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`; an answer that names no order teaches nothing."""
        answer = documents.document(outcome, _CREATED)
        named = answer.get("order_id")
        if not isinstance(named, str):
            return ()
        if _attempt_id(named) != order.attempt_id:
            return (facts.of_another(Source.INQUIRY),)
        return (_standing(answer, named),)

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """See `Operator.statement`."""
        del after
        return reports.ask(self._account.base_url, since, bearers.headers(token), self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`; the report names our orders."""
        told = reports.read(outcome)
        if told is None:
            return None
        lines = (replace(line, attempt_id=_attempt_id(line.attempt_id)) for line in told.lines)
        return replace(told, lines=tuple(lines))

    def _request(self, verb: str, token: Token, body: Mapping[str, object]) -> HttpRequest:
        url = f"{self._account.base_url}/orange-money-webpay/{self._account.country}/v1/{verb}"
        return HttpRequest(
            "POST", url, bearers.headers(token), json.dumps(body).encode(), self._timeout
        )


def order_id(order: Order) -> str:
    """The attempt_id, 32 hexadecimal digits, in 22 characters; a point; the francs: 30 at most."""
    return f"{_code(order.attempt_id)}.{order.francs}"


def _code(attempt_id: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(attempt_id)).decode().rstrip("=")


def _attempt_id(named: str) -> str:
    """The attempt an order_id of ours names; another's stays as it is."""
    code = named.partition(".")[0]
    if not _CODE.fullmatch(code):
        return named
    attempt_id = base64.urlsafe_b64decode(f"{code}==").hex()
    return attempt_id if _code(attempt_id) == code else named


def _standing(answer: Document, named: str) -> Evidence:
    word = answer.get("status")
    if word == _PAID_WORD:
        francs, otherwise = (
            report.francs(named.partition(".")[2]),
            "SUCCESS without txnid or amount",
        )
        return facts.paid(answer.get("txnid"), francs, Source.INQUIRY, otherwise=otherwise)
    if isinstance(word, str) and word in _FAILURE_WORDS:
        return Evidence(Kind.FAILED, Source.INQUIRY, failure=_FAILURE_WORDS[word])
    if isinstance(word, str) and word in _PENDING_WORDS:
        return Evidence(Kind.PENDING, Source.INQUIRY)
    return facts.unrecognised(word, Source.INQUIRY)
