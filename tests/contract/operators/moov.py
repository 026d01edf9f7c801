"""Moov Money merchant SOAP: the document of the reference (operators.md 1.5), as a table."""

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, Callback, Heard, HttpRequest, NoAnswer
from payments.operators.moov import Account, Moov
from tests.contract.operators import orange_mp_report as closed_report
from tests.contract.operators.case import SINCE, Case, Facts, Knock, Told
from tests.contract.operators.moov_answers import (
    KEY,
    PUSH,
    STATUS,
    codes,
    failed,
    shape,
    status,
    told,
    unreadable,
    unrecognised,
)

URL, TIMEOUT = "https://merchant.example", 20.0
API = f"{URL}/com.tlc.merchant.api/UssdPush"
SECRET = "u4Kq+c0/9mXw=="
ACCOUNT = Account(base_url=URL, token=SECRET)
SOAP = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


def asked(operation: str, elements: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:api="http://api.merchant.tlc.com/"><soapenv:Header/><soapenv:Body>'
        f"<api:{operation}>{elements}</api:{operation}></soapenv:Body></soapenv:Envelope>"
    ).encode()


REQUESTS = {
    "collect": HttpRequest(
        "POST",
        API,
        SOAP,
        asked(
            PUSH,
            "<token>u4Kq+c0/9mXw==</token><msisdn>22376123456</msisdn>"
            "<message>4821937028</message><amount>3000</amount>"
            "<externaldata1>0123456789abcdef0123456789abcdef</externaldata1>"
            "<externaldata2>4821937028</externaldata2><fee>0</fee>",
        ),
        TIMEOUT,
    ),
    "inquire": HttpRequest(
        "POST",
        API,
        SOAP,
        asked(
            STATUS,
            "<token>u4Kq+c0/9mXw==</token>"
            "<request><transid>&lt;72&amp;02&gt;6 ]]&gt;</transid></request>",
        ),
        TIMEOUT,
    ),
    "statement": HttpRequest(
        "GET",
        f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00",
        {"Authorization": "Bearer u4Kq+c0/9mXw==", "Accept": "text/csv"},
        b"",
        TIMEOUT,
    ),
}


def unknown(http: int) -> Told[Facts]:
    """Under any other HTTP status nothing is believed, however plainly it is said."""
    doubt = Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {http}")
    return Told(f"http {http}", Answer(http, told(PUSH, "95").body), (doubt,))


CASE = Case(
    operator=Moov(ACCOUNT, timeout=TIMEOUT, expiry=300.0),
    account=ACCOUNT,
    secrets=(SECRET,),
    requests=REQUESTS,
    tokens=(Told("there is none to ask for", Answer(200, b'{"access_token": "a"}'), None),),
    keys=(
        Told("the key is ours", told(PUSH, "100"), None),
        Told("no answer", NoAnswer.LOST, None),
    ),
    collected=(
        *codes(PUSH, Source.REPLY),
        status(PUSH, "91", failed(Source.REPLY, Failure.OTHER)),
        status(PUSH, "94", unrecognised(Source.REPLY, "94")),
        status(PUSH, "98", unrecognised(Source.REPLY, "98")),
        status(PUSH, "99", (Evidence(Kind.UNKNOWN, Source.OURS, word="status 99"),)),
        status(PUSH, "-1", (Evidence(Kind.UNKNOWN, Source.OURS, word="status -1"),)),
        *(unknown(code) for code in (202, 401, 404, 500)),
        *unreadable(PUSH, unrecognised(Source.REPLY, "unreadable")),
    ),
    inquired=(
        *codes(STATUS, Source.INQUIRY),
        *(status(STATUS, code, ()) for code in ("91", "94", "98", "99", "-1")),
        *unreadable(STATUS, ()),
    ),
    statements=closed_report.STATEMENTS,
    answers=frozenset({200}),
    refusals=frozenset(),
    reply=shape(PUSH),
    inquiry=shape(STATUS),
    report=closed_report.GOOD,
    knocks=(
        Knock(
            "nobody is known to ring",
            Callback({}, told(STATUS, "0").body, SINCE),
            Heard(genuine=True),
        ),
    ),
    key=KEY,
)
