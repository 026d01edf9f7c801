"""Wave checkout: a link sent by SMS, opened in Wave's application (docs/operators/wave.md).

Wire, as docs.wave.com has it (checkout, webhook, balance-api; reference operators.md 1.6); host,
key and secrets come from configuration only:

    POST /v1/checkout/sessions               Idempotency-Key -> id, wave_launch_url; no debit yet
    GET  /v1/checkout/sessions/{id}          -> checkout_status, payment_status, transaction_id
    POST /v1/checkout/sessions/{id}/expire   closes an open session: 200 and no body, else 409
    GET  /v1/balance                         a sign of life
    GET  /v1/transactions?date=YYYY-MM-DD    a UTC day, oldest first, by pages

A payment that fails leaves its session open, and the same link can be tried again until it
expires: `cancelled` alone ends nothing. `expire` tells nothing either; asking afterwards does.
Webhooks of the whole account come to one door, signed: HMAC-SHA256(secret, timestamp + raw body),
without a separator. They may come twice, and only make us ask.

The list of transactions is live. What we read of a day is closed up to its end, up to `settling`
seconds (more than `timeout`) before the reading, or up to the last line of a page that has a next
one: whichever comes first.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet, Way
from payments import report
from payments.intent import AmountRules
from payments.operators import base
from payments.reconciliation import Line, LineKind, Statement
from payments.wire import documents, facts, signatures
from payments.wire.documents import Document, text

Clock = Callable[[], datetime]
_OK, _CURRENCY = 200, "XOF"
_DAY = timedelta(days=1)
_LINK = re.compile(r"https://[!-~]{1,400}")  # Wave's have 70
_ATTEMPT_ID = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"-?[0-9]{1,12}")  # whole francs
_CURSOR = re.compile(r"[!-~]{1,512}")

# The words of a session: checkout_status, payment_status. A pair not here is pending and an alarm.
_MEANINGS = {
    ("open", "processing"): Kind.PENDING,
    ("open", "cancelled"): Kind.PENDING,  # a try failed; the link can still be paid
    ("open", "succeeded"): Kind.PAID,
    ("complete", "processing"): Kind.PENDING,
    ("complete", "cancelled"): Kind.FAILED,
    ("complete", "succeeded"): Kind.PAID,
    ("expired", "processing"): Kind.FAILED,  # the word of a session nobody ever tried to pay
    ("expired", "cancelled"): Kind.FAILED,
    ("expired", "succeeded"): Kind.PAID,
}
_REASONS = {  # the codes of last_payment_error; the others are our limits, or Wave's trouble
    "insufficient-funds": Failure.INSUFFICIENT,
    "blocked-account": Failure.WALLET,
    "cross-border-payment-not-allowed": Failure.WALLET,
    "customer-age-restricted": Failure.WALLET,
    "payer-mobile-mismatch": Failure.WALLET,
}
_REFUNDS = frozenset({"api_checkout_refund", "merchant_payment_refund"})


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract with the operator gives. `base_url` has no trailing slash.

    `return_url` (https) is where the browser goes after paying or giving up; `{bill_number}` in it
    stands for the bill. `callback_secrets` are the active ones: two during a rotation.
    """

    base_url: str
    api_key: str = field(repr=False)
    return_url: str
    callback_token: str = field(repr=False)
    callback_secrets: tuple[str, ...] = field(repr=False)


class Wave(base.Operator):
    wallet = Wallet("wave", "Wave", None, Way.LINK, cancels=True)

    def __init__(
        self, account: Account, *, timeout: float, expiry: float, settling: float, now: Clock
    ) -> None:
        self._account = account
        self._timeout = timeout
        self._settling = timedelta(seconds=settling)
        self._now = now
        self.capabilities = base.Capabilities(
            inquire=True,
            prompt_again=False,
            statement=True,
            amounts=AmountRules(low=10, high=2_000_000),
            expiry=expiry,
        )

    def heartbeat(self, token: base.Token) -> base.HttpRequest:
        """See `Operator.heartbeat`: the balance, of which only its being told is read."""
        del token
        return self._request("GET", "balance")

    def prepare(self, order: base.Order, token: base.Token) -> base.HttpRequest:
        del token
        back = self._account.return_url.replace("{bill_number}", order.bill_number)
        body = {
            "amount": str(order.francs),
            "currency": _CURRENCY,
            "client_reference": order.attempt_id,
            "restrict_payer_mobile": order.payer.e164,
            "success_url": back,
            "error_url": back,
        }
        more = {"Content-Type": "application/json", "Idempotency-Key": order.attempt_id}
        return self._request("POST", "checkout/sessions", json.dumps(body).encode(), **more)

    def read_prepare(self, outcome: base.Outcome) -> base.Prepared | None:
        """See `Operator.read_prepare`; a link that cannot go out by SMS is none."""
        session = documents.document(outcome, _OK)
        key, link = text(session.get("id")), text(session.get("wave_launch_url"), _LINK)
        return base.Prepared(key, link) if key and link else None

    def collect(self, order: base.Order, key: str, token: base.Token) -> None:
        """See `Operator.collect`: opening the link is the citizen's own deed."""
        del order, key, token

    def inquire(self, order: base.Order, key: str, token: base.Token) -> base.HttpRequest:
        del order, token
        return self._request("GET", f"checkout/sessions/{quote(key, safe='')}")

    def read_inquire(self, outcome: base.Outcome, order: base.Order) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`; what is not a session teaches nothing."""
        session = documents.document(outcome, _OK)
        return (_standing(session, order),) if text(session.get("id")) else ()

    def cancel(self, key: str, token: base.Token) -> base.HttpRequest:
        """See `Operator.cancel`; the answer is no session, done or too late: ask afterwards."""
        del token
        return self._request("POST", f"checkout/sessions/{quote(key, safe='')}/expire")

    def is_door(self, token: str) -> bool:
        return signatures.is_door(token, self._account.callback_token)

    def hear(self, callback: base.Callback) -> base.Heard:
        secrets = self._account.callback_secrets
        if not signatures.dated_signature_of(callback, "wave-signature", b"", secrets):
            return base.Heard(genuine=False)
        event = documents.mapping(documents.parse(callback.body))
        data = documents.mapping(event.get("data"))
        named = text(data.get("client_reference"), _ATTEMPT_ID)
        ids = (named,) if named else ()
        return base.Heard(genuine=True, event=text(event.get("id")), attempt_ids=ids)

    def statement(self, since: datetime, token: base.Token, after: str = "") -> base.HttpRequest:
        del token
        page = f"&after={quote(after, safe='')}" if after else ""
        return self._request("GET", f"transactions?date={since.astimezone(UTC).date()}{page}")

    def read_statement(self, outcome: base.Outcome) -> Statement | None:
        """See `Operator.read_statement`; a page that cannot be read whole is none."""
        try:
            page = dict(documents.document(outcome, _OK))
            return _statement(page, self._now() - self._settling)
        except (AttributeError, LookupError, OverflowError, TypeError, ValueError):
            return None

    def _request(self, method: str, path: str, body: bytes = b"", **more: str) -> base.HttpRequest:
        ours = {"Authorization": f"Bearer {self._account.api_key}", "Accept": "application/json"}
        url = f"{self._account.base_url}/v1/{path}"
        return base.HttpRequest(method, url, {**ours, **more}, body, self._timeout)


def _standing(session: Document, order: base.Order) -> Evidence:
    payer = session.get("restrict_payer_mobile")
    other = documents.names_another(session, id=order.key, client_reference=order.attempt_id)
    if other or documents.names_another_payer(payer, order.payer):
        return facts.of_another(Source.INQUIRY)
    words = str(session.get("checkout_status")), str(session.get("payment_status"))
    kind = _MEANINGS.get(words)
    if kind is Kind.PAID:
        return _paid(session)
    if kind is Kind.FAILED:
        return Evidence(kind, Source.INQUIRY, failure=_failure(session, words[0]))
    if kind is None:
        return facts.unrecognised(" ".join(words), Source.INQUIRY)
    return Evidence(kind, Source.INQUIRY)


def _paid(session: Document) -> Evidence:
    amount = session.get("amount") if session.get("currency") == _CURRENCY else None
    ref, francs = text(session.get("transaction_id")), report.francs(text(amount))
    return facts.paid(ref, francs, Source.INQUIRY, otherwise="succeeded without its transaction")


def _failure(session: Document, checkout: str) -> Failure:
    error = session.get("last_payment_error")
    if isinstance(error, dict):
        return _REASONS.get(str(error.get("code")), Failure.OTHER)
    return Failure.EXPIRED if checkout == "expired" else Failure.REFUSED


def _statement(page: Mapping[str, Any], certain: datetime) -> Statement:
    since = datetime.combine(date.fromisoformat(page["date"]), time(), UTC)
    until = min(since + _DAY, certain)
    moments = [datetime.fromisoformat(item["timestamp"]) for item in page["items"]]
    if moments != sorted(moments) or any(not since <= at < since + _DAY for at in moments):
        raise ValueError("not the transactions of a day, oldest first")
    lines = [line for line in map(_line, page["items"], moments) if line and line.at < until]
    after = _next(page["page_info"])
    if after and moments[-1] < until:  # else what follows is not certain yet
        until = moments[-1]  # the next page may begin at the same instant
    else:
        after = ""
    if until < since or (until == since and not after):
        raise ValueError("nothing is closed yet")
    return Statement(since, until, tuple(lines), after)


def _next(page_info: Mapping[str, Any]) -> str:
    """The cursor of the next page, empty when there is none."""
    more, cursor = page_info["has_next_page"], page_info["end_cursor"]
    if not isinstance(more, bool) or (more and not text(cursor, _CURSOR)):
        raise ValueError("a page that does not say how to go on")
    return str(cursor) if more else ""


def _line(item: Mapping[str, Any], at: datetime) -> Line | None:
    """Money that came in, or went back; None when it is ours going out, or coming back.

    `amount` is what the wallet gained, so net of `fee`: what the citizen paid is their sum. The
    document has no field for what a reversal undoes; it is taken to carry the payment's own id.
    """
    gained, fee = (int(text(item[name], _NUMBER)) for name in ("amount", "fee"))
    ref, back = text(item["transaction_id"]), item.get("is_reversal", False)
    back = back or item.get("transaction_type") in _REFUNDS
    if not ref or not isinstance(back, bool) or item["currency"] != _CURRENCY:
        raise ValueError("not a whole line")
    if gained == 0 or (gained > 0) is back:
        return None
    if (francs := report.francs(str(abs(gained + fee)))) is None:
        raise ValueError("a line without an amount")
    kind = LineKind.REVERSAL if back else LineKind.CREDIT
    named = text(item.get("client_reference"), _ATTEMPT_ID)
    payer = text(item.get("counterparty_mobile"))
    return Line(f"{kind.lower()}-{ref}", kind, ref, named, francs, at.astimezone(UTC), payer)
