"""The simulated Moov as a process: what it reads, what it drops, how it ends."""

import threading
import time
from collections.abc import Iterator

import pytest
import requests

from tests.integration.simulators.harness import Simulator, launch, running, wait_for
from tests.integration.simulators.test_moov_wire import PATH, field, order, question

MODULE, PORT, TOKEN = "simulators.moov", "SIM_MOOV_PORT", "SARALI_MOOV_TOKEN"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running(MODULE, PORT, **{TOKEN: "another"}) as process:
        yield process


def test_the_process_serves_the_token_of_its_environment(simulator: Simulator) -> None:
    call = f"{simulator.url}{PATH}"
    assert field(requests.post(call, order(), timeout=5).text, "status") == "98"
    pushed = requests.post(call, order(token="another"), timeout=5).text
    asked = question(field(pushed, "referenceid"), "another")
    wait_for(lambda: field(requests.post(call, asked, timeout=5).text, "status") == "0")
    (charge,) = requests.get(f"{simulator.url}/sandbox/charges", timeout=5).json()
    assert charge["operator_ref"] == field(pushed, "referenceid")


def test_drop_closes_without_an_answer_and_without_effect(simulator: Simulator) -> None:
    body = order(token="another", externaldata2="dropped")
    requests.post(f"{simulator.url}/sandbox/faults", json={"drop": True}, timeout=5)
    try:
        with pytest.raises(requests.ConnectionError):
            requests.post(f"{simulator.url}{PATH}", body, timeout=5)
    finally:
        requests.post(f"{simulator.url}/sandbox/faults", json={"drop": False}, timeout=5)
    time.sleep(2)
    charges = f"{simulator.url}/sandbox/charges?bill_number=dropped"
    assert requests.get(charges, timeout=5).json() == []


def test_it_ends_at_once_while_a_push_hangs() -> None:
    with running(MODULE, PORT) as own:
        hanging = threading.Thread(target=push_in_vain, args=(own.url,))
        hanging.start()
        time.sleep(0.3)
        asked = time.monotonic()
        reply = requests.post(f"{own.url}{PATH}", order(), timeout=5)
        assert field(reply.text, "status") == "100"
        assert time.monotonic() - asked < 2  # the hanging push blocks no other
        own.process.terminate()
        assert own.process.wait(timeout=5) == 0
        hanging.join()


def push_in_vain(url: str) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{url}{PATH}", order(msisdn="22366123420"), timeout=20)


@pytest.mark.parametrize("port", ["", "0", "seventy"])
def test_a_missing_port_is_said_in_one_line(port: str) -> None:
    process = launch(MODULE, SIM_MOOV_PORT=port)
    _, complaint = process.communicate(timeout=15)
    assert process.returncode == 1
    assert len(complaint.splitlines()) == 1
    assert PORT in complaint
