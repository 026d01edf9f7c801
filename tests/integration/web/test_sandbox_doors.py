"""The sandbox's doors: wrong wishes are told what is wrong, and production has no such doors."""

import json

import pytest
from flask import Flask

from sandbox import operators
from tests.integration.conftest import Build
from tests.integration.web.citizen import PROBLEM, Door, everything, form
from ussd_app.settings import SettingsError
from ussd_app.usecases.context import Context

SECRET = "only the gateway and we know this path"
DIALLED = operators.variables("dialcode", 9, "http://127.0.0.1")
PRODUCTION = {"SARALI_ENV": "production", "SARALI_USSD_SECRET": SECRET.replace(" ", "-")}
TURN = form("+22370000001", "session", "")


@pytest.fixture(scope="module")
def production(build: Build) -> Flask:
    return build(PRODUCTION)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'"demo_parking"',
        b"null",
        b"1",
        b"not JSON",
        b'{"offence": 1}',
        b'{"offence": null}',
        b'{"offence": ["demo_parking"]}',
        b'{"plate": {}}',
        b'{"plate": "1234567890123456789012345"}',
        b'{"plate": "AB\\u0000CD"}',
        b'{"plate": "\\ud800"}',
    ],
)
def test_a_wish_that_cannot_be_read_records_no_fine(door: Door, body: bytes) -> None:
    before = everything(door.context)
    answer = door.post("/sandbox/fines", body, "application/json")
    assert (answer.status_code, answer.mimetype) == (400, PROBLEM)
    assert everything(door.context) == before


@pytest.mark.parametrize("offence", ["", "speeding", "class_1", "demo_parking ", "fine"])
def test_an_offence_that_is_not_on_records_no_fine(door: Door, offence: str) -> None:
    before = everything(door.context)
    wish = json.dumps({"offence": offence}).encode()
    answer = door.post("/sandbox/fines", wish, "application/json")
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert "demo_parking" in answer.get_data(as_text=True)
    assert everything(door.context) == before


def test_the_amount_of_a_fine_is_never_the_wish_of_whoever_asks(door: Door) -> None:
    wish = b'{"offence": "demo_red_light", "amount": 1, "francs": 1}'
    answer = door.post("/sandbox/fines", wish, "application/json")
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["amount"] == 5000


@pytest.mark.parametrize("to", ["abc", "%2B", "+", "70", "%00"])
def test_an_outbox_is_asked_for_by_a_telephone_number(door: Door, to: str) -> None:
    answer = door.request("GET", f"/sandbox/outbox?to={to}")
    assert (answer.status_code, answer.mimetype) == (400, PROBLEM)


def test_an_operator_that_is_not_simulated_is_not_found(door: Door) -> None:
    answer = door.request("GET", "/sandbox/charges?operator=nobody")
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


@pytest.mark.parametrize("path", ["/sandbox/outbox?to=%2B22370000001", "/sandbox/charges"])
def test_a_simulator_that_does_not_answer_is_named(door: Door, path: str) -> None:
    answer = door.request("GET", path)
    assert (answer.status_code, answer.mimetype) == (502, PROBLEM)


def test_production_has_no_door_of_the_sandbox(app: Flask, production: Flask) -> None:
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    ours = {path for path in paths if path.startswith(("/sandbox", "/phone"))}
    assert ours
    assert not ours & {rule.rule for rule in production.url_map.iter_rules()}
    client = production.test_client()
    for path in ours | {"/phone"}:
        for answer in (client.get(path), client.post(path, json={})):
            assert (answer.status_code, answer.mimetype) == (404, PROBLEM)


def test_production_knows_no_demonstration_offence(production: Flask) -> None:
    context: Context = production.extensions["sarali"]
    assert not [code for code in context.catalogue.offences if code.startswith("demo")]


def test_in_production_only_who_knows_the_path_is_a_gateway(door: Door, production: Flask) -> None:
    before = everything(door.context)
    gateway = Door(production)
    secret = PRODUCTION["SARALI_USSD_SECRET"]
    for path in ("", "/", f"/{secret[:-1]}", f"/{secret}x", f"/{secret.upper()}", "/events"):
        answer = gateway.post(f"/ussd/africastalking{path}", TURN)
        assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert everything(door.context) == before
    answer = gateway.post(f"/ussd/africastalking/{secret}", TURN)
    assert answer.get_data(as_text=True).startswith("CON ")


@pytest.mark.parametrize(
    "changes",
    [
        {**PRODUCTION, "SARALI_USSD_SECRET": ""},
        {**PRODUCTION, "SARALI_USSD_SECRET": "short"},
        {**PRODUCTION, "SARALI_SECRET_KEY": "short"},
        {**PRODUCTION, "SARALI_ORANGE_MP_CHANNEL_PIN": ""},
        {"SARALI_OPERATORS": "dialcode", **DIALLED, "SARALI_DIALCODE_DIAL": "*166*4#"},
        {"SARALI_ENV": "staging"},
        {"SARALI_PROXIES": "-1"},
        {"SARALI_PROXIES": "many"},
    ],
)
def test_an_application_that_would_be_unsafe_is_not_built(
    build: Build, changes: dict[str, str]
) -> None:
    with pytest.raises(SettingsError) as refusal:
        build(changes)
    assert "short" not in str(refusal.value)
