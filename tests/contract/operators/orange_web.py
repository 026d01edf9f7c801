"""Orange Money web payment: the document of the reference (operators.md 1.1), as a table."""

import json
from dataclasses import replace

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, Callback, Heard, HttpRequest, NoAnswer, Prepared, Token
from payments.operators.orange_web import Account, OrangeWeb
from payments.reconciliation import Line, Statement
from tests.contract.operators import orange_mp_report
from tests.contract.operators.case import FRANCS, ORDER, SINCE, Case, Knock, Shape, Told

URL, TIMEOUT = "https://api.example", 20.0
ACCOUNT = Account(
    base_url=URL,
    country="ml",
    currency="XOF",
    client_id="sarali",
    client_secret="cs-9b1c",
    merchant_key="mk-e9af",
    return_url="https://sarali.example/",
)
REF = "MP261122.1200.A00073"
ANOTHER = "_____________________w"  # 32 f
CODE = "ASNFZ4mrze8BI0VniavN7w"  # 0123456789abcdef, twice
PAY_TOKEN, NOTIF_TOKEN = "f5720dd906203c62", "dd497bda3b250e53"
KEY = f"{PAY_TOKEN} {NOTIF_TOKEN}"
LINK = f"https://pay.example/payment/pay_token/{PAY_TOKEN}"
HEADERS = {
    "Authorization": "Bearer bearer-5d41402a",
    "Content-Type": "application/json",
    "Accept": "application/json",
}
WEBPAYMENT = {
    "merchant_key": "mk-e9af",
    "currency": "XOF",
    "order_id": f"{CODE}.3000",
    "amount": 3000,
    "return_url": "https://sarali.example/",
    "cancel_url": "https://sarali.example/",
    "notif_url": "https://sarali.example/callbacks/operator/0f0e0d0c",
    "lang": "fr",
    "reference": "4821937028",
}
STATUS = {"order_id": f"{CODE}.3000", "amount": 3000, "pay_token": PAY_TOKEN}
API = f"{URL}/orange-money-webpay/ml/v1"
REQUESTS = {
    "authorise": HttpRequest(
        "POST",
        f"{URL}/oauth/v3/token",
        {
            "Authorization": "Basic c2FyYWxpOmNzLTliMWM=",  # sarali:cs-9b1c
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        },
        b"grant_type=client_credentials",
        TIMEOUT,
    ),
    "prepare": HttpRequest(
        "POST", f"{API}/webpayment", HEADERS, json.dumps(WEBPAYMENT).encode(), TIMEOUT
    ),
    "inquire": HttpRequest(
        "POST", f"{API}/transactionstatus", HEADERS, json.dumps(STATUS).encode(), TIMEOUT
    ),
    "statement": HttpRequest(
        "GET", f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00", HEADERS, b"", TIMEOUT
    ),
}


def ok(document: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode())


def page(**changes: object) -> Answer:
    whole: dict[str, object] = {
        "status": 201,
        "message": "OK",
        "pay_token": PAY_TOKEN,
        "payment_url": LINK,
        "notif_token": NOTIF_TOKEN,
        **changes,
    }
    return ok({name: value for name, value in whole.items() if value is not ...}, 201)


def standing(**changes: object) -> Answer:
    whole: dict[str, object] = {
        "status": "SUCCESS",
        "order_id": f"{CODE}.3000",
        "txnid": REF,
        **changes,
    }
    return ok({name: value for name, value in whole.items() if value is not ...}, 201)


def refused(status: int, code: int, message: str) -> Answer:
    return ok({"code": code, "message": message, "description": "SUCCESS FAILED"}, status)


def no_page(about: str, **changes: object) -> Told[Prepared | None]:
    return Told(about, page(**changes), None)


def failed(failure: Failure) -> tuple[Evidence]:
    return (Evidence(Kind.FAILED, Source.INQUIRY, failure=failure),)


def unsure(word: str = "SUCCESS without txnid or amount") -> tuple[Evidence]:
    return (Evidence(Kind.UNRECOGNISED, Source.INQUIRY, word=word),)


def lines_of(about: str, order_id: str, attempt_id: str) -> Told[Statement | None]:
    """A report that names an order so, and the attempt this is."""
    report = orange_mp_report.GOOD.body.replace(b"order-1", order_id.encode())
    lines: list[Line] = [
        replace(line, attempt_id=attempt_id)
        for line in (orange_mp_report.CREDITED, orange_mp_report.REVERSED)
    ]
    return Told(about, Answer(200, report), orange_mp_report.closed(*lines))


PAID = (Evidence(Kind.PAID, Source.INQUIRY, REF, FRANCS),)
OF_ANOTHER = unsure("names another payment")
PENDING = (Evidence(Kind.PENDING, Source.INQUIRY),)

CASE = Case(
    operator=OrangeWeb(ACCOUNT, timeout=TIMEOUT, expiry=600.0),
    account=ACCOUNT,
    secrets=("cs-9b1c", "mk-e9af", "bearer-5d41402a", "c2FyYWxpOmNz"),
    requests=REQUESTS,
    tokens=(
        Told(
            "a bearer",
            ok({"token_type": "Bearer", "access_token": "abc", "expires_in": 7_776_000}),
            Token("abc", 7_776_000.0),
        ),
        Told(
            "a lifetime in digits",
            ok({"access_token": "abc", "expires_in": "7776000"}),
            Token("abc", 7_776_000.0),
        ),
        Told("no client of theirs", Answer(401, b'{"error": "invalid_client"}'), None),
        Told("no lifetime", ok({"access_token": "abc"}), None),
        Told("no bearer", ok({"expires_in": 3600}), None),
        Told("an empty bearer", ok({"access_token": "", "expires_in": 3600}), None),
        Told("a lifetime over", ok({"access_token": "abc", "expires_in": 0}), None),
        Told("a lifetime without end", ok({"access_token": "a", "expires_in": float("inf")}), None),
        Told("a lifetime too long", ok({"access_token": "a", "expires_in": 10**400}), None),
        Told("a lifetime in words", ok({"access_token": "a", "expires_in": "three months"}), None),
        Told("a lifetime that is true", ok({"access_token": "a", "expires_in": True}), None),
    ),
    keys=(
        Told("a page", page(), Prepared(KEY, LINK)),
        no_page("no link", payment_url=...),
        no_page("an empty link", payment_url=""),
        no_page("a link that is none", payment_url="javascript:alert(1)"),
        no_page("a link less safe than the host", payment_url=LINK.replace("https", "http")),
        no_page("a link in two", payment_url=f"{LINK} {LINK}"),
        no_page("a link in two lines", payment_url=f"{LINK}\n"),
        no_page("a link without end", payment_url=LINK + "a" * 500),
        no_page("a link of other letters", payment_url=LINK.replace("pay", "páy")),
        no_page("no pay_token", pay_token=...),
        no_page("an empty pay_token", pay_token=""),
        no_page("a pay_token that is none", pay_token=5),
        no_page("a pay_token in two", pay_token="a b"),
        no_page("no notif_token", notif_token=None),
        no_page("a notif_token in two", notif_token="a b"),
        Told("an order of before", refused(403, 50, "order_id already used"), None),
        Told("a bad request", refused(400, 22, "Invalid body field"), None),
        Told("unauthorised", refused(401, 42, "Expired credentials"), None),
        Told("no answer", NoAnswer.LOST, None),
    ),
    collected=(),
    inquired=(
        Told("initiated", standing(status="INITIATED", txnid=None), PENDING),
        Told("pending", standing(status="PENDING", txnid=...), PENDING),
        Told("paid", standing(), PAID),
        Told("failed", standing(status="FAILED"), failed(Failure.OTHER)),
        Told("expired", standing(status="EXPIRED", txnid=""), failed(Failure.EXPIRED)),
        Told("paid, no transaction", standing(txnid=...), unsure()),
        Told("paid, an empty transaction", standing(txnid=""), unsure()),
        Told("paid, an order without an amount", standing(order_id=CODE), unsure()),
        Told("paid, an order of another form", standing(order_id=f"{CODE}.A.3000"), unsure()),
        Told("paid, no order of ours", standing(order_id="A.B.3000"), OF_ANOTHER),
        Told("two L", standing(status="SUCCESSFULL"), unsure("SUCCESSFULL")),
        Told("no order", standing(order_id=...), ()),
        Told("an order that is none", standing(order_id=3000), ()),
        Told("unknown", refused(404, 60, "Resource not found"), ()),
    ),
    statements=(
        *orange_mp_report.STATEMENTS,
        lines_of("an order of ours", f"{CODE}.3000", ORDER.attempt_id),
        lines_of("an order cut short", f"{CODE[:-1]}.3000", f"{CODE[:-1]}.3000"),
        lines_of("an order like ours", f"{CODE[:-1]}x.3000", f"{CODE[:-1]}x.3000"),
        lines_of("no order", "", ""),
    ),
    answers=frozenset({200, 201}),
    refusals=frozenset(),
    reply=None,  # nothing is asked of the operator but the page and how it stands
    inquiry=Shape(
        saying=lambda word: standing(status=word, txnid=...),
        paid=lambda ref, amount: standing(txnid=ref, order_id=f"{CODE}.{amount}"),
        standing=standing(),
        of_others={  # no answer names the currency, nor the payer
            word: standing(status=word, order_id=f"{ANOTHER}.3000")
            for word in ("SUCCESS", "FAILED", "PENDING")
        },
    ),
    bearer=ok({"token_type": "Bearer", "access_token": "abc", "expires_in": 7_776_000}),
    report=orange_mp_report.GOOD,
    knocks=tuple(
        Knock(about, Callback({}, body, SINCE), Heard(genuine=True))
        for about, body in {
            "nobody signs it": b'{"status": "SUCCESS", "notif_token": "dd497bda3b250e53"}',
            "a notif_token of nobody": b'{"status": "SUCCESS", "notif_token": "thief"}',
            "nothing to read": b"\x00\xff",
        }.items()
    ),
    key=KEY,
)
