"""The simulated Wave's doors: who may call, what is refused, and trouble on demand."""

import json
import time
from collections.abc import Iterator

import pytest
import requests

from payments.operators.base import NO_TOKEN, Answer, HttpRequest
from tests.integration.simulators.harness import Simulator, doorbell, launch, running, wait_for
from tests.integration.simulators.wave_world import BILL, Clock, World, connector, document, order

MODULE, PORT = "simulators.wave", "SIM_WAVE_PORT"
SESSIONS = "/v1/checkout/sessions"
KEY = {"Authorization": "Bearer sandbox"}
WISH = {
    "amount": "3000",
    "currency": "XOF",
    "client_reference": "ref",
    "restrict_payer_mobile": "+22376123432",
    "success_url": f"https://sarali.example/retour/{BILL}",
    "error_url": "https://sarali.example/retour",
}


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "missing-auth-header"),
        ({"Authorization": "Basic c2FuZGJveDpzYW5kYm94"}, "invalid-auth"),
        ({"Authorization": "Bearer "}, "api-key-not-provided"),
        ({"Authorization": "Bearer stolen"}, "no-matching-api-key"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", SESSIONS),
        ("GET", f"{SESSIONS}/cos-1"),
        ("POST", f"{SESSIONS}/cos-1/expire"),
        ("GET", "/v1/balance"),
        ("GET", "/v1/transactions"),
    ],
)
def test_every_call_needs_the_key(
    world: World, method: str, path: str, headers: dict[str, str], code: str
) -> None:
    reply = world.http.open(path, method=method, headers=headers, json=WISH)
    assert (reply.status_code, document(reply)["code"]) == (401, code)
    assert document(reply)["message"]


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in ("amount", "currency", "success_url", "error_url")),
        *({"amount": amount} for amount in ("0", "-5", "012", "12.50", "", 3000, "1" * 10, "٣")),
        {"currency": "GMD"},
        {"success_url": "http://sarali.example/"},
        {"error_url": "javascript:alert(1)"},
        *({"restrict_payer_mobile": number} for number in ("76123400", "+0", 22376123400)),
        {"client_reference": "r" * 256},
        {"client_reference": 5},
    ],
    ids=str,
)
def test_a_bad_wish_is_refused_and_opens_nothing(world: World, changes: dict[str, object]) -> None:
    wish = {name: value for name, value in (WISH | changes).items() if value is not None}
    reply = world.http.post(SESSIONS, headers=KEY, json=wish)
    assert (reply.status_code, document(reply)["code"]) == (400, "request-validation-error")
    world.live(30)
    assert (world.bank.charges(), world.rings) == ([], [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"amount"'])
def test_no_json_is_refused(world: World, body: bytes) -> None:
    reply = world.http.post(SESSIONS, headers=KEY, data=body, content_type="application/json")
    assert (reply.status_code, document(reply)["code"]) == (400, "request-validation-error")


def test_a_session_is_written_as_documented(world: World) -> None:
    opened = document(world.http.post(SESSIONS, headers=KEY, json=WISH))
    assert opened["id"].startswith("cos-")
    assert opened["wave_launch_url"] == f"https://pay.wave.example/c/{opened['id']}"
    assert opened["when_created"] == "2026-11-22T03:10:04Z"
    assert opened["when_expires"] == "2026-11-22T03:10:24Z"
    assert opened["when_completed"] is opened["transaction_id"] is None
    assert {name: opened[name] for name in WISH} == WISH
    world.live(2)
    paid = document(world.http.get(f"{SESSIONS}/{opened['id']}", headers=KEY))
    assert {name for name in paid if paid[name] != opened[name]} == {
        *("checkout_status", "payment_status", "transaction_id", "when_completed")
    }
    (item,) = document(world.http.get("/v1/transactions", headers=KEY))["items"]
    assert item["transaction_id"] == paid["transaction_id"]
    assert item["checkout_api_session_id"] == paid["id"]
    assert item["timestamp"] == paid["when_completed"]
    assert int(item["amount"]) + int(item["fee"]) == 3000


def test_the_wallet_says_what_it_holds_which_is_a_sign_of_life(world: World) -> None:
    world.prepare(order())
    world.live(2)
    answer = world.call(world.wave.heartbeat(NO_TOKEN))
    assert isinstance(answer, Answer)
    assert json.loads(answer.body) == {"amount": "2970", "currency": "XOF"}
    assert world.wave.read_heartbeat(answer)
    world.http.post("/sandbox/faults", json={"down": True})
    assert not world.wave.read_heartbeat(world.call(world.wave.heartbeat(NO_TOKEN)))


def test_an_anonymous_session_is_paid_by_somebody(world: World) -> None:
    wish = {name: WISH[name] for name in ("amount", "currency", "error_url")}
    wish["success_url"] = "https://sarali.example/"
    opened = document(world.http.post(SESSIONS, headers=KEY, json=wish))
    assert opened["client_reference"] is opened["restrict_payer_mobile"] is None
    world.live(2)
    (charge,) = world.bank.charges()
    assert (charge["bill_number"], charge["order_id"]) == ("", None)


@pytest.mark.parametrize(
    "query", ["date=yesterday", "first=0", "first=1001", "first=x", "after=x", "after=TFRfLTE="]
)
def test_a_bad_question_about_transactions_is_refused(world: World, query: str) -> None:
    reply = world.http.get(f"/v1/transactions?{query}", headers=KEY)
    assert (reply.status_code, document(reply)["code"]) == (400, "request-validation-error")


def test_the_oracle_tells_the_charges_of_a_bill(world: World) -> None:
    world.prepare(order())
    world.live(2)
    assert world.http.get("/sandbox/charges?bill_number=0000000000").json == []
    (charge,) = json.loads(world.http.get(f"/sandbox/charges?bill_number={BILL}").data)
    assert world.http.get("/sandbox/charges").json == [charge]
    assert set(charge) == {
        *("operator", "operator_ref", "payer", "amount", "at", "reversed"),
        *("bill_number", "order_id"),
    }
    assert (charge["at"], charge["bill_number"]) == ("2026-11-22T03:10:06.000Z", BILL)


@pytest.mark.parametrize("wish", [{}, {"down": "yes"}, {"sideways": True}, ["down"]])
def test_an_unknown_fault_is_refused(world: World, wish: object) -> None:
    assert world.http.post("/sandbox/faults", json=wish).status_code == 400


def test_down_answers_503_to_the_api_only(world: World) -> None:
    assert world.http.post("/sandbox/faults", json={"down": True}).json == {
        "down": True,
        "drop": False,
    }
    answer = world.call(world.wave.prepare(order(), NO_TOKEN))
    assert isinstance(answer, Answer)
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "service-unavailable")
    assert world.http.get("/sandbox/charges").status_code == 200
    world.http.post("/sandbox/faults", json={"down": False})
    assert world.prepare(order()) is not None


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running(MODULE, PORT, SIM_WAVE_WEBHOOK_URL="") as process:
        yield process


def send(request: HttpRequest) -> requests.Response:
    return requests.request(
        request.method, request.url, headers=dict(request.headers), data=request.body, timeout=5
    )


def test_drop_closes_without_an_answer_and_without_effect(simulator: Simulator) -> None:
    wave = connector(Clock(), simulator.url)
    faults = f"{simulator.url}/sandbox/faults"
    requests.post(faults, json={"drop": True}, timeout=5)
    try:
        with pytest.raises(requests.ConnectionError):
            send(wave.prepare(order(), NO_TOKEN))
    finally:
        requests.post(faults, json={"drop": False}, timeout=5)
    assert requests.get(f"{simulator.url}/sandbox/charges", timeout=5).json() == []


def test_a_process_takes_a_payment_and_posts_what_it_signs() -> None:
    """The clock and the wire are real here: a session, a ring, and the answer to a question."""
    with (
        doorbell() as bell,
        running(MODULE, PORT, SIM_WAVE_WEBHOOK_URL=f"{bell.url}/callbacks/wave/door") as simulator,
    ):
        wave = connector(Clock(), simulator.url)
        opened = send(wave.prepare(order(), NO_TOKEN))
        prepared = wave.read_prepare(Answer(opened.status_code, opened.content))
        assert prepared is not None
        wait_for(lambda: bell.rings)
        (ring,) = bell.at_path("/callbacks/wave/door")
        assert ring.content_type == "application/json"
        event = json.loads(ring.body)
        assert (event["type"], event["data"]["id"]) == ("checkout.session.completed", prepared.key)
        told = send(wave.inquire(order(), prepared.key, NO_TOKEN)).json()
        assert told == event["data"]
        (charge,) = requests.get(f"{simulator.url}/sandbox/charges", timeout=5).json()
        assert charge["operator_ref"] == told["transaction_id"]


def test_it_ends_at_once_and_says_what_is_wrong_in_one_line(simulator: Simulator) -> None:
    for port, word in ((simulator.url.rpartition(":")[2], "cannot listen"), ("", PORT)):
        process = launch(MODULE, SIM_WAVE_PORT=port)
        _, complaint = process.communicate(timeout=15)
        (line,) = complaint.splitlines()
        assert (process.returncode, word in line) == (1, True)
    with running(MODULE, PORT, SIM_WAVE_WEBHOOK_URL="http://127.0.0.1:9/nobody") as own:
        send(connector(Clock(), own.url).prepare(order("32"), NO_TOKEN))
        asked = time.monotonic()
        own.process.terminate()
        assert own.process.wait(timeout=5) == 0
        assert time.monotonic() - asked < 2
