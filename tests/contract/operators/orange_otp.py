"""Orange Money by password: the document of the reference (operators.md 1.3), as a table."""

import json

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, HttpRequest, Token
from payments.operators.orange_otp import OrangeOtp
from tests.contract.operators import orange_mp_report
from tests.contract.operators.case import FRANCS, ORDER, Case, Shape, Told
from tests.contract.operators.orange_otp_callbacks import ACCOUNT, DOOR, KNOCKS, SECRETS

URL, TIMEOUT = "https://api.example", 20.0
REF = "MP261122.1200.A34169"
HEADERS = {
    "Authorization": "Bearer bearer-5d41402a",
    "Content-Type": "application/json",  # on a GET too: the gateway answers 415 without it
    "Accept": "application/json",
}
ONESTEP = {
    "customer": {"idType": "MSISDN", "id": "76123456", "otp": "735102"},
    "partner": {"idType": "CODE", "id": "621513"},
    "amount": {"value": 3000, "unit": "XOF"},
    "reference": ORDER.attempt_id,
    "metadata": {"bill_number": "4821937028"},
}
API = f"{URL}/api/eWallet/v1"
REQUESTS = {
    "authorise": HttpRequest(
        "POST",
        f"{URL}/oauth/v1/token",
        {"Content-Type": "application/x-www-form-urlencoded"},
        b"grant_type=client_credentials&client_id=sarali&client_secret=cs-9b1c",
        TIMEOUT,
    ),
    "collect": HttpRequest(
        "POST", f"{API}/payments/onestep", HEADERS, json.dumps(ONESTEP).encode(), TIMEOUT
    ),
    "inquire": HttpRequest(
        "GET", f"{API}/transactions?reference={ORDER.attempt_id}", HEADERS, b"", TIMEOUT
    ),
    "statement": HttpRequest(
        "GET", f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00", HEADERS, b"", TIMEOUT
    ),
}
Facts = tuple[Evidence, ...]


def ok(document: object) -> Answer:
    return Answer(200, json.dumps(document).encode())


def replied(**changes: object) -> Answer:
    reply: dict[str, object] = {
        "reference": ORDER.attempt_id,
        "transactionId": REF,
        "status": "SUCCESS",
        "description": "Transaction completed successfully",
        **changes,
    }
    return ok({name: value for name, value in reply.items() if value is not ...})


def transaction(**changes: object) -> dict[str, object]:
    """One of the list, as the production of Senegal was seen to write it."""
    whole: dict[str, object] = {
        "amount": {"value": 3000.0, "unit": "XOF"},
        "requestDate": "2026-11-22T12:00:01.379Z",
        "reference": ORDER.attempt_id,
        "metadata": {"bill_number": "4821937028", "notification.dispatched": "true"},
        "receiveNotification": True,
        "partner": {"id": "621513", "idType": "CODE", "walletType": "PRINCIPAL"},
        "customer": {"id": "76123456", "idType": "MSISDN", "walletType": "PRINCIPAL"},
        "type": "MERCHANT_PAYMENT",
        "transactionId": REF,
        "channel": "API",
        "status": "SUCCESS",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def listed(**changes: object) -> Answer:
    return ok([transaction(**changes)])


def paying(francs: object, unit: object = "XOF") -> Answer:
    return listed(amount={"value": francs, "unit": unit})


def written(francs: str) -> Answer:
    """With an amount that Python would not write so."""
    return Answer(200, listed().body.replace(b"3000.0", francs.encode()))


def problem(code: object, status: int = 400) -> Answer:
    document = {
        "type": "/bad-request",
        "title": "Bad Request",
        "instance": "/api/eWallet/v1/payments/onestep",
        "status": str(status),
        "code": code,
        "detail": "2020 2021 SUCCESS FAILED",  # prose is not read
    }
    return Answer(status, json.dumps(document).encode())


def facts(kind: Kind, source: Source, failure: Failure | None = None) -> Facts:
    return (Evidence(kind, source, failure=failure),)


def words(source: Source) -> dict[str, Facts]:
    """The words that mean the same in a reply and in an inquiry."""
    pending = ("ACCEPTED", "INITIATED", "PENDING", "PRE_INITIATED")
    failures = {"FAILED": Failure.OTHER, "REJECTED": Failure.OTHER, "CANCELLED": Failure.REFUSED}
    return {word: facts(Kind.PENDING, source) for word in pending} | {
        word: facts(Kind.FAILED, source, failure) for word, failure in failures.items()
    }


def unsure(word: str, source: Source = Source.REPLY) -> Facts:
    return (Evidence(Kind.UNRECOGNISED, source, word=word),)


POOR = facts(Kind.FAILED, Source.REPLY, Failure.INSUFFICIENT)
UNHEARD = facts(Kind.FAILED, Source.REPLY, Failure.NOT_SENT)
PAID = (Evidence(Kind.PAID, Source.INQUIRY, REF, FRANCS),)
INCOMPLETE = unsure("SUCCESS without its id or amount", Source.INQUIRY)
FAILED = Evidence(Kind.FAILED, Source.INQUIRY, failure=Failure.OTHER)
ANOTHER = "f" * 32

CASE = Case(
    operator=OrangeOtp(ACCOUNT, timeout=TIMEOUT, expiry=86_400.0),
    account=ACCOUNT,
    secrets=("cs-9b1c", DOOR, *SECRETS, "735102", "bearer-5d41402a"),
    requests=REQUESTS,
    tokens=(
        Told(
            "a bearer",
            ok({"access_token": "abc", "token_type": "Bearer", "expires_in": 299, "scope": ""}),
            Token("abc", 299.0),
        ),
        Told("no client of theirs", Answer(401, b'{"error": "unauthorized_client"}'), None),
        Told("no lifetime", ok({"access_token": "abc"}), None),
        Told("no bearer", ok({"expires_in": 299}), None),
        Told("an empty bearer", ok({"access_token": "", "expires_in": 299}), None),
        Told("a bearer cut in two", ok({"access_token": "a\n", "expires_in": 299}), None),
        Told("what no text holds", ok({"access_token": "a\0", "expires_in": 299}), None),
        Told("half a letter", ok({"access_token": "\ud800", "expires_in": 299}), None),
        Told("a lifetime over", ok({"access_token": "abc", "expires_in": 0}), None),
        Told("in digits", ok({"access_token": "abc", "expires_in": "299"}), Token("abc", 299.0)),
        Told("a lifetime without end", ok({"access_token": "a", "expires_in": float("inf")}), None),
        Told("a lifetime too long", ok({"access_token": "a", "expires_in": 10**400}), None),
    ),
    keys=(Told("there is no key of theirs", replied(), None),),
    collected=(
        *(Told(word, replied(status=word), told) for word, told in words(Source.REPLY).items()),
        Told("success, without an amount", replied(), facts(Kind.PENDING, Source.REPLY)),
        Told("success of nothing", replied(transactionId=...), unsure("SUCCESS")),
        Told("no reference", replied(reference=...), unsure("no reference")),
        *(Told(f"poor, {code!r}", problem(code), POOR) for code in ("2020", "2021", 2020)),
        Told("a wrong password", problem("7"), facts(Kind.FAILED, Source.REPLY, Failure.REFUSED)),
        Told("a bad request", problem("24"), unsure("http 400 code 24")),
        Told("an empty code", problem(""), unsure("http 400 code ")),
        Told("a bearer forgotten", problem("42", 401), UNHEARD),
        Told("a bearer expired", Answer(401, b'{"error": "invalid_token"}'), UNHEARD),
        Told("no code", Answer(400, b"{}"), unsure("http 400 code None")),
    ),
    inquired=(
        *(Told(word, listed(status=word), told) for word, told in words(Source.INQUIRY).items()),
        Told("paid", listed(), PAID),
        Told("paid, of no type", listed(type=...), PAID),
        Told("paid, a whole number", paying(FRANCS), PAID),
        Told("paid, more noughts", written("3000.0000"), PAID),
        Told("a part of a franc", written("3000.01"), INCOMPLETE),
        Told("a part too small for a float", written("3000." + "0" * 30 + "1"), INCOMPLETE),
        Told("nearly a franc more", written("2999." + "9" * 30), INCOMPLETE),
        Told("an exponent", written("3.0E3"), INCOMPLETE),
        Told("another currency", paying(FRANCS, "EUR"), INCOMPLETE),
        Told("no currency", listed(amount={"value": 3000.0}), INCOMPLETE),
        Told("no amount", listed(amount=...), INCOMPLETE),
        Told("an amount without its unit", listed(amount=3000), INCOMPLETE),
        Told("not listed (yet)", ok([]), ()),
        Told("twice the same", ok([transaction(), transaction()]), PAID),
        Told(
            "failed, then paid", ok([transaction(status="FAILED"), transaction()]), (FAILED, *PAID)
        ),
        Told("a cash-in", listed(type="CASHIN"), unsure("type CASHIN", Source.INQUIRY)),
        Told(
            "the filter was not heeded",
            ok([transaction(), transaction(reference=ANOTHER, transactionId="MP2")]),
            unsure("names another payment", Source.INQUIRY),
        ),
        Told("no reference", listed(reference=...), ()),
        Told("no such page", problem("60", 404), ()),
    ),
    statements=orange_mp_report.STATEMENTS,
    answers=frozenset({200}),
    refusals=frozenset({400, 401}),
    reply=Shape(
        saying=lambda word: replied(status=word, transactionId=...),
        paid=None,  # a reply names no amount
        standing=replied(status="FAILED"),
        of_others={word: replied(status=word, reference=ANOTHER) for word in ("SUCCESS", "FAILED")},
    ),
    inquiry=Shape(
        saying=lambda word: listed(status=word, transactionId=...),
        paid=lambda ref, amount: listed(transactionId=ref, amount={"value": amount, "unit": "XOF"}),
        standing=listed(),
        of_others={
            "another reference": listed(reference=ANOTHER),
            "a reference of nobody": listed(reference="PROBE"),
            "another reference, failed": listed(reference=ANOTHER, status="FAILED"),
            "another payer": listed(customer={"id": "76123457", "idType": "MSISDN"}),
            "another currency": paying(FRANCS, "EUR"),
        },
    ),
    bearer=ok({"access_token": "abc", "token_type": "Bearer", "expires_in": 299}),
    report=orange_mp_report.GOOD,
    knocks=KNOCKS,
    door=DOOR,
    key=ORDER.attempt_id,  # ours
)
