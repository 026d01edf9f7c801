"""GSMA Mobile Money API 1.2: the OpenAPI document and its guide, as a table."""

import json
from collections.abc import Mapping

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, Callback, Heard, HttpRequest, NoAnswer, Token
from payments.operators.gsma import Account, Gsma
from tests.contract.operators import orange_mp_report
from tests.contract.operators.case import FRANCS, ORDER, SINCE, Case, Knock, Shape, Told

URL, TIMEOUT = "https://api.example/v1.2/mm", 20.0
ACCOUNT = Account(
    base_url=URL,
    token_url="https://api.example/oauth/accesstoken",
    client_id="sarali",
    client_secret="cs-9b1c",
    api_key="ak-20d7",
    payee_type="organisationid",
    payee="TRESOR",
)
REF = "REF-1633678194929"
KEY = "01234567-89ab-cdef-0123-456789abcdef"
SERVER_ID = "421a22a2-ef1d-42bc-9452-f4939a3d5cdf"
HEADERS = {
    "Authorization": "Bearer bearer-5d41402a",
    "X-API-Key": "ak-20d7",
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Charset": "utf-8",
}
BODY = {
    "amount": "3000",
    "currency": "XOF",
    "debitParty": [{"key": "msisdn", "value": "+22376123456"}],
    "creditParty": [{"key": "organisationid", "value": "TRESOR"}],
    "requestingOrganisationTransactionReference": ORDER.attempt_id,
    "descriptionText": "4821937028",
}
REQUESTS = {
    "authorise": HttpRequest(
        "POST",
        "https://api.example/oauth/accesstoken",
        {
            "Authorization": "Basic c2FyYWxpOmNzLTliMWM=",  # sarali:cs-9b1c
            "Content-Type": "application/x-www-form-urlencoded",
        },
        b"grant_type=client_credentials",
        TIMEOUT,
    ),
    "heartbeat": HttpRequest("GET", f"{URL}/heartbeat", HEADERS, b"", TIMEOUT),
    "collect": HttpRequest(
        "POST",
        f"{URL}/transactions/type/merchantpay",
        {**HEADERS, "X-CorrelationID": KEY, "X-Callback-URL": ORDER.callback_url},
        json.dumps(BODY).encode(),
        TIMEOUT,
    ),
    "inquire": HttpRequest("GET", f"{URL}/responses/{KEY}", HEADERS, b"", TIMEOUT),
    "statement": HttpRequest(
        "GET", f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00", HEADERS, b"", TIMEOUT
    ),
}


def answer(status: int, document: object) -> Answer:
    return Answer(status, json.dumps(document).encode())


def transaction(**changes: object) -> dict[str, object]:
    """A transaction as it is viewed; what `changes` make None is left out."""
    told: dict[str, object] = {
        "transactionReference": REF,
        "requestingOrganisationTransactionReference": ORDER.attempt_id,
        "creditParty": BODY["creditParty"],
        "debitParty": BODY["debitParty"],
        "type": "merchantpay",
        "transactionStatus": "completed",
        "amount": "3000",
        "currency": "XOF",
        "descriptionText": "4821937028",
        "creationDate": "2026-11-22T12:00:00Z",
    }
    return told | changes


def state(status: object, **more: object) -> dict[str, object]:
    fixed = {"serverCorrelationId": SERVER_ID, "status": status, "notificationMethod": "callback"}
    return {**fixed, **more}


def error(code: str, category: str = "businessRule") -> dict[str, object]:
    return {"errorCategory": category, "errorCode": code, "errordescription": "as documented"}


def failed(source: Source, failure: Failure) -> tuple[Evidence, ...]:
    return (Evidence(Kind.FAILED, source, failure=failure),)


def unsure(source: Source, word: str) -> tuple[Evidence, ...]:
    return (Evidence(Kind.UNRECOGNISED, source, word=word),)


def documents(source: Source, status: int, state_status: int) -> list[Told[tuple[Evidence, ...]]]:
    """What transactions and request states mean, in a reply and in an inquiry."""
    pending, paid = Evidence(Kind.PENDING, source), Evidence(Kind.PAID, source, REF, FRANCS)
    no_money = "completed without reference or XOF"
    viewed: list[tuple[str, Mapping[str, object], tuple[Evidence, ...]]] = [
        ("completed", transaction(), (paid,)),
        ("completed, with zeroes", transaction(amount="3000.00"), (paid,)),
        ("pending", transaction(transactionStatus="pending"), (pending,)),
        ("other money", transaction(currency="EUR"), unsure(source, no_money)),
        ("no currency", transaction(currency=None), unsure(source, no_money)),
        ("an amount that is a number", transaction(amount=3000), unsure(source, no_money)),
        ("five zeroes", transaction(amount="3000.00000"), unsure(source, no_money)),
        ("a zero before", transaction(amount="03000"), unsure(source, no_money)),
    ]
    refused = error("requestDeclined", "authorisation")
    states: list[tuple[str, Mapping[str, object], tuple[Evidence, ...]]] = [
        ("pending", state("pending", pollLimit=100), (pending,)),
        ("pending, named", state("pending", objectReference="8182"), (pending,)),
        ("completed", state("completed", objectReference=REF), (pending,)),
        ("completed, unnamed", state("completed"), unsure(source, "completed")),
        ("failed", state("failed"), failed(source, Failure.OTHER)),
        ("declined", state("failed", error=refused), failed(source, Failure.REFUSED)),
        (
            "poor",
            state("failed", error=error("insufficientFunds")),
            failed(source, Failure.INSUFFICIENT),
        ),
        ("failed inside", state("failed", error=error("genericError", "internal")),
         failed(source, Failure.OTHER)),
        ("failed, error a word", state("failed", error="no"), failed(source, Failure.OTHER)),
        ("failed, duplicate", state("failed", error=error("duplicateRequest")),
         unsure(source, "duplicateRequest")),
        ("a new word", state("authorised"), unsure(source, "authorised")),
        ("a word that is none", state(None), unsure(source, "a NoneType")),
    ]  # fmt: skip
    return [
        *(Told(f"transaction {about}", answer(status, d), facts) for about, d, facts in viewed),
        *(Told(f"state {about}", answer(state_status, d), facts) for about, d, facts in states),
    ]


# Every code of the document but `duplicateRequest`, with its category there or in the guide.
CODES: Mapping[tuple[int, str, Failure], str] = {
    (400, "businessRule", Failure.INSUFFICIENT): "insufficientFunds",
    (401, "authorisation", Failure.REFUSED): "requestDeclined",
    (400, "businessRule", Failure.WALLET): """
        incorrectState dailyVolumeLimitExceeded dailyValueLimitExceeded weeklyVolumeLimitExceeded
        weeklyValueLimitExceeded monthlyVolumeLimitExceeded monthlyValueLimitExceeded
        accountMaxTotalVolumeExceeded accountMaxTotalValueExceeded""",
    (404, "identification", Failure.WALLET): "identifierError",
    (400, "businessRule", Failure.NOT_SENT): "rateLimitError",
    (401, "authorisation", Failure.NOT_SENT): """
        clientAuthorisationError requestingPartyAuthorisationError
        servicingPartyAuthorisationError""",
    (400, "businessRule", Failure.OTHER): """
        genericError lessThanTransactionMinValue greaterThanTransactionMaxValue maxBalanceExceeded
        samePartiesError underPaymentNotAllowed overPaymentNotAllowed transactionTypeError
        noMandateAuthority linkViolation countryofOriginNotPermitted nationalityNotPermitted
        idDocumentNotSupported issuingCountryNotSupported quoteHasExpired""",
    (400, "validation", Failure.OTHER): """
        lengthError formatError negativeValue currencyNotSupported mandatoryValueNotSupplied
        invalidOffset""",
}
REFUSED = tuple(
    Told(code, answer(status, error(code, category)), failed(Source.REPLY, failure))
    for (status, category, failure), codes in CODES.items()
    for code in codes.split()
)


def unknown(status: int) -> tuple[Evidence, ...]:
    return (Evidence(Kind.UNKNOWN, Source.OURS, word=f"http {status}"),)


ANOTHER: Mapping[str, dict[str, object]] = {
    "another attempt": {"requestingOrganisationTransactionReference": "f" * 32},
    "another payer": {"debitParty": [{"key": "msisdn", "value": "+22376123457"}]},
    "another currency": {"currency": "EUR"},
}


def of_others(status: int) -> dict[str, Answer]:
    return {about: answer(status, transaction(**changes)) for about, changes in ANOTHER.items()}


BEARER = answer(200, {"access_token": "abc", "token_type": "Bearer", "expires_in": 3600})
CASE = Case(
    operator=Gsma(ACCOUNT, timeout=TIMEOUT, expiry=300.0),
    account=ACCOUNT,
    secrets=("cs-9b1c", "ak-20d7", "bearer-5d41402a", "c2FyYWxpOmNz"),
    requests=REQUESTS,
    tokens=(
        Told("a bearer", BEARER, Token("abc", 3600.0)),
        Told("no client of theirs", answer(401, error("clientAuthorisationError")), None),
        Told("no lifetime", answer(200, {"access_token": "abc"}), None),
        Told("no bearer", answer(200, {"expires_in": 3600}), None),
        Told("an empty bearer", answer(200, {"access_token": "", "expires_in": 3600}), None),
        Told("a lifetime over", answer(200, {"access_token": "a", "expires_in": 0}), None),
        Told("in digits", answer(200, {"access_token": "a", "expires_in": "60"}), Token("a", 60.0)),
        Told("endless", answer(200, {"access_token": "a", "expires_in": float("inf")}), None),
        Told("too long", answer(200, {"access_token": "a", "expires_in": 10**400}), None),
    ),
    keys=(),
    collected=(
        *documents(Source.REPLY, status=201, state_status=202),
        *REFUSED,
        Told(
            "an id used before",
            answer(400, error("duplicateRequest")),
            unsure(Source.REPLY, "duplicateRequest"),
        ),
        Told("a new code", answer(400, error("payerAsleep")), unsure(Source.REPLY, "payerAsleep")),
        Told(
            "their own trouble",
            answer(400, error("genericError", "serviceUnavailable")),
            unsure(Source.REPLY, "genericError"),
        ),
        Told(
            "a refusal without a category", answer(400, {"errorCode": "lengthError"}), unknown(400)
        ),
        Told("a link", answer(201, {"link": f"/transactions/{REF}"}), unknown(201)),
        Told("a transaction where none is created", answer(200, transaction()), unknown(200)),
    ),
    inquired=(
        *documents(Source.INQUIRY, status=200, state_status=200),
        Told("a link", answer(200, {"link": f"/transactions/{REF}"}), ()),
        Told("nothing of that id", answer(404, error("identifierError", "identification")), ()),
        Told("not allowed", answer(401, error("clientAuthorisationError", "authorisation")), ()),
        Told("no answer", NoAnswer.LOST, ()),
    ),
    statements=orange_mp_report.STATEMENTS,
    answers=frozenset({200, 201, 202}),
    refusals=frozenset({400, 401, 404}),
    reply=Shape(
        saying=lambda word: answer(201, transaction(transactionStatus=word)),
        paid=lambda ref, amount: answer(201, transaction(transactionReference=ref, amount=amount)),
        standing=answer(201, transaction()),
        of_others=of_others(201),
    ),
    inquiry=Shape(
        saying=lambda word: answer(200, transaction(transactionStatus=word)),
        paid=lambda ref, amount: answer(200, transaction(transactionReference=ref, amount=amount)),
        standing=answer(200, state("failed", error=error("insufficientFunds"))),
        of_others=of_others(200),
    ),
    bearer=BEARER,
    report=orange_mp_report.GOOD,
    knocks=(
        Knock(
            "nobody signs it",
            Callback({"x-correlationid": KEY}, json.dumps(transaction()).encode(), SINCE),
            Heard(genuine=True),
        ),
        Knock("nobody reads it", Callback({}, b"\xff{", SINCE), Heard(genuine=True)),
    ),
    key=KEY,
    lives=(
        Told("available", answer(200, {"serviceStatus": "available"}), meaning=True),
        Told("slow", answer(200, {"serviceStatus": "degraded", "delay": 9000}), meaning=True),
        Told("unavailable", answer(200, {"serviceStatus": "unavailable"}), meaning=False),
        Told("a new word", answer(200, {"serviceStatus": "resting"}), meaning=False),
        Told("not allowed", answer(401, error("clientAuthorisationError")), meaning=False),
        Told("a page", Answer(200, b"<html>available</html>"), meaning=False),
    ),
)
