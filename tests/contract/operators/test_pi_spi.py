"""PI-SPI believes money from the payment alone; and all of it is as its OpenAPI document says."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

import pytest

from domain.payment import Evidence, Kind, Source
from payments.operators.base import Answer, Callback, NoAnswer, Order, Outcome
from payments.operators.pi_spi import PiSpi
from tests.contract.operators.case import ORDER, SINCE, TOKEN
from tests.contract.operators.openapi import Document
from tests.contract.operators.pi_spi import (
    CASE,
    NOT_REASONS,
    OPERATOR,
    REASONS,
    REF,
    URL,
    payment,
    problem,
    request,
)
from tests.contract.operators.pi_spi_callbacks import ACCOUNT, BODY, KNOCKS, SECRETS, sign

PAYMENT = f"paiements/{ORDER.attempt_id}"


@cache
def document() -> Document:
    return Document("pi-spi-business-1.0.0.json")


def dated() -> Order:
    elsewhere = datetime(2026, 11, 22, 14, 0, 1, 125_999, timezone(timedelta(hours=2)))
    return replace(ORDER, created_at=elsewhere)


def body_of(order: Order) -> dict[str, Any]:
    sent = OPERATOR.collect(order, OPERATOR.own_key(order), TOKEN)
    assert sent is not None
    body: dict[str, Any] = json.loads(sent.body)
    return body


def test_an_invoice_is_answered_within_minutes() -> None:
    body = body_of(dated())
    assert body["categorie"] == "401"
    assert body["dateLimitePaiement"] == body["dateLimiteReponse"] == "2026-11-22T12:15:01.125Z"
    assert datetime.fromisoformat(body["dateLimiteReponse"]).tzinfo is UTC


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (request("IRREVOCABLE"), PAYMENT),
        (request("IRREVOCABLE", end2endId=REF), PAYMENT),
        (payment(), PAYMENT),
        (request("ENVOYE"), None),
        (request("REJETE", statutRaison="DU03"), None),
        (request("IRREVOCABLE", txId=None), None),
        (request("IRREVOCABLE", txId=7), None),
        (problem(404, "NotFound"), None),
        (Answer(200, b"["), None),
        (NoAnswer.LOST, None),
    ],
)
def test_the_key_points_to_the_payment_once_there_is_one(outcome: Outcome, key: str | None) -> None:
    assert OPERATOR.read_key(outcome, ORDER) == key


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (ORDER.attempt_id, "demandes-paiements"),
        (PAYMENT, "paiements"),
        ("paiements/of-somebody-else", "paiements"),  # whatever was echoed, we ask about ours
        ("paiements", "demandes-paiements"),
    ],
)
def test_what_is_asked_about_is_ours(key: str, place: str) -> None:
    asked = OPERATOR.inquire(ORDER, key, TOKEN)
    assert asked is not None
    assert asked.url == f"{URL}/{place}/{ORDER.attempt_id}"


def test_a_lost_reply_is_found_again_by_our_own_id() -> None:
    """The whole way: our id, the accepted request, the payment."""
    key, facts = OPERATOR.own_key(ORDER), OPERATOR.read_collect(NoAnswer.LOST, ORDER)
    assert facts == (Evidence(Kind.UNKNOWN, Source.OURS),)
    served = {
        f"{URL}/demandes-paiements/{key}": request("IRREVOCABLE"),
        f"{URL}/paiements/{key}": payment(),
    }
    for _ in range(2):
        asked = OPERATOR.inquire(ORDER, key, TOKEN)
        assert asked is not None
        outcome = served[asked.url]
        facts, key = OPERATOR.read_inquire(outcome, ORDER), OPERATOR.read_key(outcome, ORDER) or key
    assert facts == (Evidence(Kind.PAID, Source.INQUIRY, REF, ORDER.francs),)


def test_an_account_without_a_door_or_a_secret_hears_nobody() -> None:
    closed = replace(ACCOUNT, callback_token="", callback_secrets=("",))
    operator = PiSpi(closed, timeout=1.0, expiry=1.0)
    assert not operator.is_door("")
    for secret in ("", *SECRETS):
        headers = {"x-signature": sign(secret, BODY)}
        assert not operator.hear(Callback(headers, BODY, SINCE)).genuine


@pytest.mark.parametrize("order", [ORDER, dated()], ids=["on the spot", "an invoice"])
def test_the_request_is_as_the_document_says(order: Order) -> None:
    body = body_of(order)
    assert document().complaints("DemandePaiementRequest", body) == []
    known = {**document().schema("DemandePaiementRequestBase")["properties"]}
    assert set(body) - set(known) <= {"categorie", "dateLimitePaiement", "dateLimiteReponse"}


@pytest.mark.parametrize("key", [ORDER.attempt_id, PAYMENT])
def test_the_inquiries_are_paths_of_the_document(key: str) -> None:
    asked = OPERATOR.inquire(ORDER, key, TOKEN)
    assert asked is not None
    place = asked.url.removeprefix(URL).split("/")[1]
    assert "get" in document().root["paths"][f"/{place}/{{txId}}"]


def test_the_scopes_asked_for_are_those_the_calls_need() -> None:
    paths, asked = document().root["paths"], CASE.requests["authorise"].body.decode()
    calls = [
        paths["/demandes-paiements"]["post"],
        paths["/demandes-paiements/{txId}"]["get"],
        paths["/paiements/{txId}"]["get"],
    ]
    needed = {scope for call in calls for need in call["security"] for scope in need["OAuth2"]}
    assert set(asked.partition("scope=")[2].split("+")) == needed


def test_the_answers_that_mean_something_are_of_the_document() -> None:
    meant = {Kind.PAID, Kind.PENDING, Kind.FAILED}
    payments_only = set(document().schema("PaiementStatutRaison")["enum"])
    for source, lines in (("Reponse", CASE.collected), ("ConsultationReponse", CASE.inquired)):
        for line in lines:
            if not isinstance(line.outcome, Answer) or not meant & {f.kind for f in line.meaning}:
                continue
            told = json.loads(line.outcome.body)
            is_payment = "payeurNom" in told or told.get("statutRaison") in payments_only
            name = "Paiement" if is_payment else f"DemandePaiement{source}"
            schema = "Problem7807" if line.outcome.status != 200 else name
            assert document().complaints(schema, told) == [], (line.about, told)


def test_the_callbacks_are_of_the_document() -> None:
    for knock in KNOCKS[:4]:
        told = json.loads(knock.callback.body)
        assert document().complaints("WebhookEventsList", told) == []


@pytest.mark.parametrize("name", ["DemandePaiementStatutRaison", "PaiementStatutRaison"])
def test_every_reason_of_the_document_has_a_meaning(name: str) -> None:
    known = " ".join([*REASONS.values(), NOT_REASONS]).split()
    assert set(document().schema(name)["enum"]) <= set(known)
    assert len(set(known)) == len(known)


def test_every_status_of_the_document_has_a_meaning() -> None:
    for word in document().schema("DemandePaiementStatut")["enum"]:
        kinds = {fact.kind for fact in OPERATOR.read_inquire(request(word), ORDER)}
        assert Kind.UNRECOGNISED not in kinds


def test_the_examples_of_the_document_are_read() -> None:
    examples = document().root["components"]["examples"]

    def read(name: str) -> tuple[Evidence, ...]:
        told = examples[name]["value"]
        bill_number = told.get("refDocNumero", ORDER.bill_number)
        order = replace(ORDER, attempt_id=told["txId"], bill_number=bill_number)
        return OPERATOR.read_inquire(Answer(200, json.dumps(told).encode()), order)

    ref = examples["PaiementRecu"]["value"]["end2endId"]
    assert read("PaiementRecu") == (Evidence(Kind.PAID, Source.INQUIRY, ref, 20_000),)
    assert [fact.kind for fact in read("PaiementRetourReponseIrrevocable")] == [
        Kind.PAID,
        Kind.REVERSED,
    ]
    expected = {
        "DemandePaiementReponseAcceptation": Kind.PENDING,
        "DemandePaiementReponseCasSansConfirmation": Kind.PENDING,
        "DemandePaiementReponseCasAvecConfirmation": Kind.PENDING,
        "DemandePaiementReponseRejetDemandeurInconnu": Kind.FAILED,
        "DemandePaiementRejeteDU03": Kind.UNRECOGNISED,
        "DemandePaiementRejeteBE23": Kind.FAILED,
        "PaiementRejete": Kind.FAILED,
    }
    assert {name: fact.kind for name in expected for fact in read(name)} == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"txId": "x" * 36},
        {"confirmation": "false"},
        {"montant": "3000"},
        {"categorie": "631"},
        {"refDocType": "FINE"},
    ],
    ids=str,
)
def test_the_check_of_the_document_can_fail(changes: dict[str, object]) -> None:
    assert document().complaints("DemandePaiementRequest", {**body_of(dated()), **changes})
