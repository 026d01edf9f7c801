"""The simulated operator's doors: who may call, what is refused, and trouble on demand."""

import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import requests

from tests.integration.simulators.harness import (
    Json,
    Merchant,
    Simulator,
    launch,
    order,
    running,
    wait_for,
)

MODULE, PORT = "simulators.orange_mp", "SIM_ORANGE_PORT"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running(MODULE, PORT) as process:
        yield process


@pytest.fixture
def merchant(simulator: Simulator) -> Iterator[Merchant]:
    with Merchant(simulator.url) as client:
        yield client


@pytest.mark.parametrize(
    ("auth", "grant_type", "status"),
    [
        (("sandbox", "sandbox"), "client_credentials", 200),
        (("sandbox", "wrong"), "client_credentials", 401),
        (None, "client_credentials", 401),
        (("sandbox", "sandbox"), "password", 400),
    ],
)
def test_a_token_takes_the_client_and_the_grant(
    simulator: Simulator, auth: tuple[str, str] | None, grant_type: str, status: int
) -> None:
    form = {"grant_type": grant_type}
    reply = requests.post(f"{simulator.url}/token", auth=auth, data=form, timeout=5)
    assert reply.status_code == status
    if status == 200:
        assert reply.json().items() >= {"token_type": "Bearer", "expires_in": 3600}.items()


@pytest.mark.parametrize("header", ["Authorization", "X-AUTH-TOKEN"])
def test_both_headers_are_needed(simulator: Simulator, merchant: Merchant, header: str) -> None:
    with Merchant(simulator.url) as stranger:
        stranger.spoil(header)
        assert stranger.call("POST", "init").status_code == 401
    assert merchant.call("POST", "init").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in order("t", "76123400")),
        *({"amount": amount} for amount in ("0", "-5", "12.5", "abc", "", 3000, "1234567890")),
        *({"subscriberMsisdn": number} for number in ("7612340", "22376123400", "+2237612340")),
        {"pin": "1234"},
        {"channelUserMsisdn": "70000001"},
        {"payToken": "unknown"},
        {"notifUrl": "file:///etc/passwd"},
    ],
    ids=str,
)
def test_a_bad_order_is_refused_and_costs_nothing(
    merchant: Merchant, changes: dict[str, object]
) -> None:
    token = merchant.init()
    body = order(token, "76123400", **{"description": "bad"} | changes)
    reply = merchant.call("POST", "pay", body)
    assert reply.status_code == 417
    assert reply.json()["message"]
    assert merchant.status(token)["status"] == "INITIATED"
    assert merchant.get("/sandbox/charges?bill_number=bad").json() == []


def test_no_json_is_a_business_error_too(merchant: Merchant) -> None:
    assert merchant.call("POST", "pay", ["not", "an", "object"]).status_code == 417


@pytest.mark.parametrize("call", ["paymentstatus", "push"])
def test_an_unknown_pay_token_is_a_business_error(merchant: Merchant, call: str) -> None:
    reply = merchant.call("GET", f"{call}/unknown")
    assert (reply.status_code, reply.json()["data"]) == (417, None)


def test_a_push_before_pay_is_a_business_error(merchant: Merchant) -> None:
    assert merchant.call("GET", f"push/{merchant.init()}").status_code == 417


def test_a_pay_token_pays_once(merchant: Merchant) -> None:
    token = merchant.init()
    first = merchant.call("POST", "pay", order(token, "76000000", description="once"))
    second = merchant.call("POST", "pay", order(token, "76000005", description="once"))
    assert (first.status_code, second.status_code) == (200, 417)
    wait_for(lambda: merchant.status(token)["status"] == "SUCCESSFULL")
    time.sleep(0.5)
    (charge,) = merchant.get("/sandbox/charges?bill_number=once").json()
    assert charge["payer"] == "+22376000000"
    assert merchant.call("POST", "pay", order(token, "76000000")).status_code == 417


def test_of_many_pay_requests_at_once_one_wins(simulator: Simulator, merchant: Merchant) -> None:
    token = merchant.init()
    answers: list[int] = []

    def pay() -> None:
        with Merchant(simulator.url) as client:
            body = order(token, "76000032", description="race")
            answers.append(client.call("POST", "pay", body).status_code)

    threads = [threading.Thread(target=pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, *[417] * 7]
    wait_for(lambda: merchant.status(token)["status"] == "SUCCESSFULL")
    assert len(merchant.get("/sandbox/charges?bill_number=race").json()) == 1


@pytest.mark.slow
def test_a_report_is_published_when_closed_and_never_changes(merchant: Merchant) -> None:
    since = f"/reports?{urlencode({'since': datetime.now(UTC).isoformat()})}"
    assert merchant.get(since).status_code == 404
    assert merchant.get("/reports?since=yesterday").status_code == 400
    wait_for(lambda: merchant.get(since).status_code == 200)
    report = merchant.get(since)
    assert report.headers["Content-Type"].startswith("text/csv")
    period, header, *_ = report.text.splitlines()
    assert period.split(";")[0] == "# period"
    assert period.split(";")[3] == "closed"
    assert header == "kind;at;txnid;order_id;msisdn;amount;reversed_txnid"
    assert merchant.get(since).text.splitlines()[1:] == report.text.splitlines()[1:]


def test_down_answers_503_to_the_api_only(simulator: Simulator, merchant: Merchant) -> None:
    assert merchant.post("/sandbox/faults", {"down": True}).json() == {"down": True, "drop": False}
    try:
        assert merchant.call("POST", "init").status_code == 503
        assert requests.post(f"{simulator.url}/token", timeout=5).status_code == 503
        assert merchant.get("/sandbox/charges").status_code == 200
    finally:
        merchant.post("/sandbox/faults", {"down": False})
    assert merchant.call("POST", "init").status_code == 200


def test_drop_closes_without_an_answer_and_without_effect(merchant: Merchant) -> None:
    token = merchant.init()
    merchant.post("/sandbox/faults", {"drop": True})
    try:
        with pytest.raises(requests.ConnectionError):
            merchant.call("POST", "pay", order(token, "76000000"))
    finally:
        merchant.post("/sandbox/faults", {"drop": False})
    assert merchant.status(token)["status"] == "INITIATED"


@pytest.mark.parametrize("wish", [{}, {"down": "yes"}, {"sideways": True}, ["down"]])
def test_an_unknown_fault_is_refused(merchant: Merchant, wish: Json) -> None:
    assert merchant.post("/sandbox/faults", wish).status_code == 400
    assert merchant.call("POST", "init").status_code == 200


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_while_a_request_hangs(stop: signal.Signals) -> None:
    with running(MODULE, PORT) as own, Merchant(own.url) as client:
        body = order(client.init(), "76000020")
        hanging = threading.Thread(target=pay_in_vain, args=(client, body))
        hanging.start()
        time.sleep(0.3)
        asked = time.monotonic()
        with Merchant(own.url) as other:
            assert other.call("POST", "init").status_code == 200
        assert time.monotonic() - asked < 2  # the hanging request blocks no other
        asked = time.monotonic()
        own.process.send_signal(stop)
        assert own.process.wait(timeout=5) == 0
        assert time.monotonic() - asked < 2
        hanging.join()


def pay_in_vain(client: Merchant, body: Json) -> None:
    with pytest.raises(requests.ConnectionError):
        client.call("POST", "pay", body, timeout=20)


def test_a_taken_port_is_said_in_one_line(simulator: Simulator) -> None:
    taken = simulator.url.rpartition(":")[2]
    complaint = complaint_of(SIM_ORANGE_PORT=taken)
    assert "cannot listen" in complaint
    assert taken in complaint


def test_a_missing_port_is_said_in_one_line() -> None:
    assert "SIM_ORANGE_PORT" in complaint_of(SIM_ORANGE_PORT="")


def complaint_of(**environment: str) -> str:
    process = launch(MODULE, **environment)
    _, complaint = process.communicate(timeout=15)
    assert process.returncode == 1
    (line,) = complaint.splitlines()
    return line
