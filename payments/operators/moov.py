"""Moov Money merchant SOAP: a push that may wait for the customer (docs/operators/moov.md).

Wire, as third-party clients of Moov Benin have it (reference operators.md 1.5); whether Moov
Africa Malitel offers it is to be asked, so host and token come from configuration only:

    POST /com.tlc.merchant.api/UssdPush    SOAP 1.1, namespace http://api.merchant.tlc.com/
        PushWithPending       token msisdn message amount externaldata1 externaldata2 fee
        getTransactionStatus  token request/transid
    both answer               description referenceid status transid

`token` is computed once from user, password and key, and never changes: it is a secret of the
configuration. There is no key of theirs to ask for, no idempotency and no callback. `externaldata1`
is our attempt, `externaldata2` our bill. `referenceid` is what can be asked about: a reply that
was lost took it along, and nothing is asked; the statement tells.

No answer names the amount that moved. So status 0 credits nothing: the attempt stays pending, and
the statement, which names it, confirms. In an inquiry 91, 94, 98, 99 and -1 speak of the inquiry
or of not knowing, and prove nothing about the push.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from domain.msisdn import Network
from domain.payment import Evidence, Failure, Kind, Source
from domain.wallet import Wallet
from payments.intent import AmountRules
from payments.operators.base import (
    Answer,
    Capabilities,
    HttpRequest,
    Operator,
    Order,
    Outcome,
    Token,
)
from payments.reconciliation import Statement
from payments.wire import documents, facts, reports

_OK = 200
_SOAP, _API = "http://schemas.xmlsoap.org/soap/envelope/", "http://api.merchant.tlc.com/"
_PUSH, _STATUS = "PushWithPending", "getTransactionStatus"
_WRAPPERS = frozenset({"result", "return", "response"})  # clients saw all three
_ANSWER_MAX = 65_536  # bytes; a real answer is under 1 kB

# The operator's codes. One not listed here is pending and an alarm, never a failure.
_PAID_CODE = "0"
_PENDING_CODE = "100"
_FAILURE_CODES = {
    "3": Failure.WALLET,  # the number is not valid
    "8": Failure.INSUFFICIENT,
    "10": Failure.INSUFFICIENT,
    "11": Failure.OTHER,  # above the amounts that can be sent
    "12": Failure.OTHER,  # below them
    **dict.fromkeys(("13", "14", "15", "16", "19", "20"), Failure.WALLET),  # over its limits
    "92": Failure.EXPIRED,  # the prompt timed out or was cancelled: one code for both
    "95": Failure.OTHER,
    "555": Failure.WALLET,  # not registered
}
_INCOMPLETE_CODE = "91"  # of a push: it was refused unread
_INTERNAL_CODES = frozenset({"99", "-1"})  # it may have been debited
_SILENT_CODES = frozenset({_INCOMPLETE_CODE, "94", "98", *_INTERNAL_CODES})  # of an inquiry


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract with the operator gives. `base_url` has no trailing slash."""

    base_url: str
    token: str = field(repr=False)


class Moov(Operator):
    """See the module."""

    wallet = Wallet("moov", "Moov Money", Network.MOOV)

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        self.capabilities = Capabilities(
            inquire=True,
            prompt_again=False,
            statement=True,
            amounts=AmountRules(low=5, high=2_000_000, step=5),
            expiry=expiry,
        )

    def collect(self, order: Order, key: str, token: Token) -> HttpRequest:
        """See `Operator.collect`."""
        del key, token  # ours, and the same as what is sent
        return self._call(
            _PUSH,
            _elements(
                token=self._account.token,
                msisdn=order.payer.e164.removeprefix("+"),
                message=order.bill_number,
                amount=str(order.francs),
                externaldata1=order.attempt_id,
                externaldata2=order.bill_number,
                fee="0",
            ),
        )

    def read_collect(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_collect`."""
        if not isinstance(outcome, Answer) or outcome.status != _OK:
            return (facts.unheard(outcome),)
        told = _told(outcome, _PUSH)
        if told is not None and _of_another(told, order):
            return (facts.of_another(Source.REPLY),)
        return (_replied(told),)

    def read_key(self, outcome: Outcome, order: Order) -> str | None:
        """See `Operator.read_key`; `transid` is no such key: it echoes what we sent."""
        told = _told(outcome, _PUSH) or {}
        if _of_another(told, order):
            return None
        return documents.text(told.get("referenceid")) or None

    def inquire(self, order: Order, key: str, token: Token) -> HttpRequest | None:
        """See `Operator.inquire`; None while the key is ours, which the operator does not know."""
        del token
        if key == order.attempt_id:
            return None
        asked = _elements(token=self._account.token)
        return self._call(_STATUS, f"{asked}<request>{_elements(transid=key)}</request>")

    def read_inquire(self, outcome: Outcome, order: Order) -> tuple[Evidence, ...]:
        """See `Operator.read_inquire`."""
        told = _told(outcome, _STATUS)
        code = "" if told is None else told.get("status", "")
        if told is None or code in _SILENT_CODES:
            return ()
        if _of_another(told, order):
            return (facts.of_another(Source.INQUIRY),)
        return (_standing(code, Source.INQUIRY),)

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """See `Operator.statement`."""
        del token, after
        headers = {"Authorization": f"Bearer {self._account.token}", "Accept": "text/csv"}
        return reports.ask(self._account.base_url, since, headers, self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`."""
        return reports.read(outcome)

    def _call(self, operation: str, elements: str) -> HttpRequest:
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:api="{_API}">'
            "<soapenv:Header/><soapenv:Body>"
            f"<api:{operation}>{elements}</api:{operation}>"
            "</soapenv:Body></soapenv:Envelope>"
        )
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        url = f"{self._account.base_url}/com.tlc.merchant.api/UssdPush"
        return HttpRequest("POST", url, headers, body.encode(), self._timeout)


def _elements(**values: str) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in values.items())


def _of_another(told: Mapping[str, str], order: Order) -> bool:
    """`transid` is what we sent, or in an inquiry what we asked about."""
    return told.get("transid", "") not in {"", order.attempt_id, order.key}


def _replied(told: Mapping[str, str] | None) -> Evidence:
    if told is None:
        return facts.unrecognised("unreadable", Source.REPLY)
    code = told.get("status", "")
    if code in _INTERNAL_CODES:
        return Evidence(Kind.UNKNOWN, Source.OURS, word=f"status {code}")
    if code == _INCOMPLETE_CODE:
        return Evidence(Kind.FAILED, Source.REPLY, failure=Failure.OTHER)
    return _standing(code, Source.REPLY)


def _standing(code: str, source: Source) -> Evidence:
    """What a code says of the push, whoever tells it."""
    if code == _PENDING_CODE:
        return Evidence(Kind.PENDING, source)
    if code == _PAID_CODE:
        return Evidence(Kind.PENDING, source, word="status 0, amount not told")
    if code in _FAILURE_CODES:
        return Evidence(Kind.FAILED, source, failure=_FAILURE_CODES[code])
    # Among them 94 and 98 in reply to a push: a fault of the set-up, which a human must hear of.
    return facts.unrecognised(code, source)


def _told(outcome: Outcome, operation: str) -> Mapping[str, str] | None:
    """Return the fields of the answer to `operation`; None when it is not one, whole."""
    if not isinstance(outcome, Answer) or outcome.status != _OK:
        return None
    envelope = _parsed(outcome.body)
    if envelope is None or envelope.tag != f"{{{_SOAP}}}Envelope":
        return None
    answers = envelope.findall(f"{{{_SOAP}}}Body/*")
    if [_local(answer) for answer in answers] != [f"{operation}Response"]:
        return None
    wrappers = list(answers[0])
    if len(wrappers) != 1 or _local(wrappers[0]) not in _WRAPPERS:
        return None
    fields = list(wrappers[0])
    told = {_local(cell): "" if len(cell) else cell.text or "" for cell in fields}
    return told if len(told) == len(fields) else None


def _parsed(body: bytes) -> ET.Element | None:
    """Read XML without a DTD, entities of its own, or a size to fear.

    Always as UTF-8: test servers of this API declare UTF-16 and send UTF-8.
    """
    if len(body) > _ANSWER_MAX or b"<!" in body:
        return None
    try:
        return ET.fromstring(body.decode())  # noqa: S314  # without `<!`, no DTD
    except (ET.ParseError, ValueError):
        return None


def _local(element: ET.Element) -> str:
    """Its name without the namespace, on which the clients of this API disagree."""
    return element.tag.rpartition("}")[2]
