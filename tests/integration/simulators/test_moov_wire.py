"""The simulated Moov's doors: who may call, and what is refused; the process has its own file."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from simulators.moov.bank import Bank
from simulators.moov.server import create_app
from tests.integration.simulators.harness import Json

PATH = "/com.tlc.merchant.api/UssdPush"
START = datetime(2026, 11, 22, 3, 10, 4, tzinfo=UTC)
PUSH, STATUS = "PushWithPending", "getTransactionStatus"
ORDER = {
    "token": "sandbox",
    "msisdn": "22366123400",
    "message": "4821937028",
    "amount": "3000",
    "externaldata1": "attempt",
    "externaldata2": "4821937028",
    "fee": "0",
}


def soap(operation: str, inside: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><e:Envelope'
        ' xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:m="http://api.merchant.tlc.com/"><e:Header/>'
        f"<e:Body><m:{operation}>{inside}</m:{operation}></e:Body></e:Envelope>"
    ).encode()


def order(**changes: str | None) -> bytes:
    """A valid push, with `changes`; None takes a field away."""
    fields = {name: text for name, text in {**ORDER, **changes}.items() if text is not None}
    return soap(PUSH, "".join(f"<{name}>{text}</{name}>" for name, text in fields.items()))


def question(transid: str, token: str = ORDER["token"]) -> bytes:
    return soap(STATUS, f"<token>{token}</token><request><transid>{transid}</transid></request>")


def field(body: str, name: str) -> str:
    (text,) = re.findall(f"<{name}>(.*?)</{name}>", body) or [""]
    return str(text)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bank(clock: Clock) -> Bank:
    return Bank(clock)


@pytest.fixture
def http(bank: Bank) -> FlaskClient:
    return create_app(bank, "sandbox", lambda _: None).test_client()


def code_of(http: FlaskClient, body: bytes) -> str:
    reply = http.post(PATH, data=body)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"
    return field(reply.text, "status")


def test_a_push_is_pending_and_can_be_asked_about(http: FlaskClient) -> None:
    reply = http.post(PATH, data=order())
    assert "<ns2:PushWithPendingResponse" in reply.text
    assert field(reply.text, "status") == "100"
    assert field(reply.text, "transid") == "attempt"
    asked = http.post(PATH, data=question(field(reply.text, "referenceid")))
    assert "<ns2:getTransactionStatusResponse" in asked.text
    assert field(asked.text, "status") == "100"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        *(({name: None}, "91") for name in ORDER),
        *(({name: ""}, "91") for name in ORDER),
        ({"token": "stolen"}, "98"),
        ({"token": "stolen", "amount": "x"}, "98"),
        *(({"msisdn": n}, "3") for n in ("66123400", "+22366123400", "2236612340", "abc")),
        ({"msisdn": "22177123456"}, "3"),
        ({"msisdn": "22320212223"}, "555"),
        ({"amount": "2000001"}, "11"),
        *(({"amount": amount}, "12") for amount in ("4", "0", "-5")),
    ],
    ids=str,
)
def test_a_bad_push_is_refused_and_costs_nothing(
    http: FlaskClient, bank: Bank, clock: Clock, changes: dict[str, str | None], code: str
) -> None:
    assert code_of(http, order(**changes)) == code
    clock.now += timedelta(seconds=30)
    bank.advance()
    assert http.get("/sandbox/charges").json == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (question("720261122000006"), "94"),
        (question("attempt"), "94"),
        (question(""), "91"),
        (question("720261122000006", "stolen"), "98"),
        (soap(STATUS, "<token>sandbox</token>"), "91"),
    ],
)
def test_an_inquiry_needs_an_id_of_theirs(http: FlaskClient, body: bytes, code: str) -> None:
    http.post(PATH, data=order())
    assert code_of(http, body) == code


DTD = b'<!DOCTYPE a [<!ENTITY e "sandbox">]>'


UNREADABLE = {
    "nothing": b"",
    "no XML": b"{}",
    "no envelope": b"<html/>",
    "another envelope": order().replace(b"schemas.xmlsoap.org", b"www.example.org"),
    "another namespace": order().replace(b"api.merchant", b"www.merchant"),
    "cut short": order()[:-5],
    "a field twice": order().replace(b"<fee>0</fee>", b"<amount>5</amount><fee>0</fee>"),
    "two operations": order().replace(b"<e:Body>", b"<e:Body><m:PushWithPending/>"),
    "another operation": soap("Push", "<token>sandbox</token>"),
    "cents": order(amount="12.5"),
    "an amount in words": order(amount="abc"),
    "an amount without end": order(amount="9999999999"),
    "a fee in words": order(fee="none"),
    "an entity": DTD + order(token="&e;").partition(b"?>")[2],
    "too long": order(message="m" * 70_000),
    "another encoding": order().replace(b'"UTF-8"', b'"nonsense"'),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=list(UNREADABLE))
def test_what_cannot_be_read_is_a_fault(http: FlaskClient, body: bytes) -> None:
    reply = http.post(PATH, data=body)
    assert reply.status_code == 500
    assert field(reply.text, "faultcode") == "soap:Server"
    assert http.get("/sandbox/charges").json == []


def test_only_a_post_to_its_one_address_is_a_call(http: FlaskClient) -> None:
    assert http.get(PATH).status_code == 405
    assert http.post("/com.tlc.merchant.api/Other", data=order()).status_code == 404


def test_a_report_takes_the_token_and_an_instant(http: FlaskClient, clock: Clock) -> None:
    own: dict[str, Any] = {"headers": {"Authorization": "Bearer sandbox"}}
    assert http.get("/reports?since=2026-11-22T03:10:04").status_code == 401
    stolen = {"Authorization": "Bearer stolen"}
    assert http.get("/reports?since=2026-11-22T03:10:04", headers=stolen).status_code == 401
    assert http.get("/reports?since=yesterday", **own).status_code == 400
    assert http.get("/reports?since=2026-11-22T03:10:04", **own).status_code == 404
    clock.now += timedelta(seconds=6)
    report = http.get("/reports?since=2026-11-22T03:10:04", **own)
    assert report.headers["Content-Type"].startswith("text/csv")
    assert report.text.splitlines() == [
        "# period;2026-11-22T03:10:00.000Z;2026-11-22T03:10:10.000Z;closed",
        "kind;at;txnid;order_id;msisdn;amount;reversed_txnid",
    ]


@pytest.mark.parametrize("wish", [{}, {"down": "yes"}, {"sideways": True}, ["down"]])
def test_an_unknown_fault_is_refused(http: FlaskClient, wish: Json) -> None:
    assert http.post("/sandbox/faults", json=wish).status_code == 400
    assert code_of(http, order()) == "100"


def test_down_answers_503_to_the_api_only(http: FlaskClient) -> None:
    down = {"down": True, "drop": False}
    assert http.post("/sandbox/faults", json={"down": True}).json == down
    assert http.post(PATH, data=order()).status_code == 503
    assert http.get("/sandbox/charges").status_code == 200
    http.post("/sandbox/faults", json={"down": False})
    assert code_of(http, order()) == "100"
