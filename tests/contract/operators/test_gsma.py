"""The GSMA's inquiries go from place to place; and all of it is as its OpenAPI document says."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from domain.payment import Evidence, Kind, Source
from payments.operators.base import Answer, NoAnswer, Outcome
from tests.contract.operators.case import ORDER, TOKEN
from tests.contract.operators.gsma import (
    CASE,
    CODES,
    KEY,
    REF,
    SERVER_ID,
    URL,
    answer,
    error,
    state,
    transaction,
)
from tests.contract.operators.openapi import Document

OPERATOR = CASE.operator
THERE, STATE = f"transactions/{REF}", f"requeststates/{SERVER_ID}"


@cache
def document() -> Document:
    return Document("gsma-mobile-money-1.2.0-merchant-payments.yaml")


def test_the_key_is_the_attempt_written_as_a_uuid() -> None:
    assert OPERATOR.own_key(ORDER) == KEY


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (answer(201, transaction()), THERE),
        (answer(202, state("pending")), STATE),
        (answer(202, state("pending", objectReference="8182")), STATE),
        (answer(202, state("failed", error=error("insufficientFunds"))), STATE),
        (answer(200, state("completed", objectReference=REF)), THERE),
        (answer(200, state("completed")), None),
        (answer(200, transaction(transactionReference=None)), None),
        (answer(200, {"link": f"/transactions/{REF}"}), THERE),
        (answer(200, {"link": f"https://elsewhere.example/v1.2/mm/transactions/{REF}"}), THERE),
        (answer(200, {"link": f"/v1.2/mm/requeststates/{SERVER_ID}"}), STATE),
        (answer(200, {"link": "/transactions/a%2Fb"}), "transactions/a/b"),
        (answer(200, {"link": "/transactions/"}), None),
        (answer(200, {"link": "/bills/7"}), None),
        (answer(200, {"link": "transactions"}), None),
        (answer(200, {"link": "http://["}), None),
        (answer(200, {"link": 5}), None),
        (answer(200, {"link": "/transactions/a%00b"}), None),
        (answer(200, transaction(transactionReference="\ud800")), None),
        (answer(202, state("pending", serverCorrelationId="S\x00")), None),
        (answer(202, state("pending", serverCorrelationId="S" * 257)), None),
        (answer(200, {}), None),
        (answer(404, {"link": f"/transactions/{REF}"}), None),
        (answer(400, error("duplicateRequest")), None),
        (Answer(200, b"<html>"), None),
        (NoAnswer.LOST, None),
    ],
)
def test_the_next_inquiry_goes_where_the_answer_points(outcome: Outcome, key: str | None) -> None:
    assert OPERATOR.read_key(outcome, ORDER) == key


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (THERE, transaction(transactionReference="REF-2")),
        (STATE, state("pending", serverCorrelationId=KEY)),
        (STATE, state("failed", serverCorrelationId=KEY, error=error("insufficientFunds"))),
        (STATE, state("completed", serverCorrelationId=KEY, objectReference="REF-2")),
    ],
)
def test_what_was_not_asked_about_says_nothing_and_leads_nowhere(
    key: str, told: dict[str, object]
) -> None:
    asked, outcome = replace(ORDER, key=key), answer(200, told)
    assert [fact.kind for fact in OPERATOR.read_inquire(outcome, asked)] == [Kind.UNRECOGNISED]
    assert OPERATOR.read_key(outcome, asked) is None


@pytest.mark.parametrize(
    ("key", "path"),
    [
        (KEY, f"responses/{KEY}"),
        (THERE, THERE),
        (STATE, STATE),
        ("transactions/a/b?c#é", "transactions/a%2Fb%3Fc%23%C3%A9"),
        ("bills/7", "responses/bills%2F7"),
    ],
)
def test_a_key_is_a_place_and_one_segment(key: str, path: str) -> None:
    request = OPERATOR.inquire(ORDER, key, TOKEN)
    assert request is not None
    assert request.url == f"{URL}/{path}"


def test_a_lost_reply_is_found_again_by_our_own_id() -> None:
    """The whole way: our id, the link, the transaction."""
    key, facts = OPERATOR.own_key(ORDER), OPERATOR.read_collect(NoAnswer.LOST, ORDER)
    assert facts == (Evidence(Kind.UNKNOWN, Source.OURS),)
    served = {
        f"{URL}/responses/{KEY}": answer(200, {"link": f"/transactions/{REF}"}),
        f"{URL}/transactions/{REF}": answer(200, transaction()),
    }
    for _ in range(2):
        request = OPERATOR.inquire(ORDER, key, TOKEN)
        assert request is not None
        outcome = served[request.url]
        facts, key = OPERATOR.read_inquire(outcome, ORDER), OPERATOR.read_key(outcome, ORDER) or key
    assert facts == (Evidence(Kind.PAID, Source.INQUIRY, REF, ORDER.francs),)


def test_the_request_is_as_the_document_says() -> None:
    request = CASE.requests["collect"]
    body = json.loads(request.body)
    assert document().complaints("requestTransactionType", body) == []
    parameters = document().root["components"]["parameters"]
    path = document().root["paths"]["/transactions/type/{transactionType}"]["post"]
    named = {parameters[one["$ref"].rpartition("/")[2]]["name"] for one in path["parameters"]}
    assert {name for name in request.headers if name.startswith("X-")} <= named
    assert request.url.rpartition("/")[2] in parameters["transactionTypePath"]["schema"]["enum"]


def test_every_word_of_the_heartbeat_is_decided() -> None:
    words = document().schema("serviceStatus")["enum"]
    lives = {w: OPERATOR.read_heartbeat(answer(200, {"serviceStatus": w})) for w in words}
    assert lives == {"available": True, "degraded": True, "unavailable": False}
    assert "/heartbeat" in document().root["paths"]


@pytest.mark.parametrize("key", [KEY, THERE, STATE])
def test_the_inquiries_are_paths_of_the_document(key: str) -> None:
    request = OPERATOR.inquire(ORDER, key, TOKEN)
    assert request is not None
    place = request.url.removeprefix(URL).split("/")[1]
    assert any(path.startswith(f"/{place}/{{") for path in document().root["paths"])


def shape_of(told: dict[str, Any]) -> str:
    for name, schema in (
        ("transactionStatus", "responseTransaction"),
        ("serverCorrelationId", "requestStateObject"),
        ("link", "responseResponse"),
    ):
        if name in told:
            return schema
    return "errorObject"


def test_the_answers_that_mean_something_are_of_the_document() -> None:
    meant = {Kind.PAID, Kind.PENDING, Kind.FAILED}
    lines = [*CASE.collected, *CASE.inquired]
    told = [
        json.loads(line.outcome.body)
        for line in lines
        if isinstance(line.outcome, Answer)
        and meant & {fact.kind for fact in line.meaning}
        and line.about not in {"transaction completed, with zeroes", "state failed, error a word"}
    ]
    for answered in told:
        assert document().complaints(shape_of(answered), answered) == [], answered
    assert {shape_of(one) for one in told} == {
        "responseTransaction",
        "requestStateObject",
        "errorObject",
    }


def test_every_code_of_the_document_has_a_meaning() -> None:
    codes = document().schema("errorObject")["properties"]["errorCode"]["enum"]
    known = [code for line in CODES.values() for code in line.split()]
    assert sorted(known) == sorted(set(codes) - {"duplicateRequest"})


def test_every_state_of_the_document_has_a_meaning() -> None:
    words = document().schema("requestStateObject")["properties"]["status"]["enum"]
    for word in words:
        outcome = answer(200, state(word, objectReference=REF))
        assert Kind.UNRECOGNISED not in {f.kind for f in OPERATOR.read_inquire(outcome, ORDER)}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "03000"},
        {"currency": "CFA"},
        {"debitParty": []},
        {"creditParty": [{"key": "msisdn"}]},
        {"creationDate": "yesterday"},
        {"transactionReference": ""},
        {"type": 5},
    ],
    ids=str,
)
def test_the_check_of_the_document_can_fail(changes: dict[str, object]) -> None:
    assert document().complaints("responseTransaction", transaction(**changes))
