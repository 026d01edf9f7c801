"""The simulated eWallet as a process: it listens, rings, can be cut off, and ends at once."""

import json
import signal
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from tests.integration.simulators.harness import Doorbell, doorbell, launch, running, wait_for

MODULE, PORT = "simulators.orange_otp", "SIM_ORANGE_OTP_PORT"

pytestmark = pytest.mark.slow


class Merchant:
    def __init__(self, url: str) -> None:
        self.url = url
        form = {"grant_type": "client_credentials"}
        form |= {"client_id": "sandbox", "client_secret": "sandbox"}
        reply = requests.post(f"{url}/oauth/v1/token", data=form, timeout=5)
        self.headers = {"Authorization": f"Bearer {reply.json()['access_token']}"}

    def pay(self, number: str, timeout: float = 5) -> requests.Response:
        otp = requests.get(f"{self.url}/sandbox/otp?msisdn={number}", timeout=5).json()["otp"]
        body = {
            "customer": {"idType": "MSISDN", "id": number, "otp": otp},
            "partner": {"idType": "CODE", "id": "000000"},
            "amount": {"value": 3000, "unit": "XOF"},
            "reference": "0123456789abcdef0123456789abcdef",
        }
        url = f"{self.url}/api/eWallet/v1/payments/onestep"
        return requests.post(url, json=body, headers=self.headers, timeout=timeout)

    def faults(self, **wanted: bool) -> None:
        requests.post(f"{self.url}/sandbox/faults", json=wanted, timeout=5).raise_for_status()


@pytest.fixture
def bell() -> Iterator[Doorbell]:
    with doorbell() as doorbell_:
        yield doorbell_


def test_it_pays_rings_and_can_be_cut_off(bell: Doorbell) -> None:
    callbacks = {"SIM_ORANGE_OTP_CALLBACK_URL": f"{bell.url}/door"}
    with running(MODULE, PORT, **callbacks) as simulator:
        merchant = Merchant(simulator.url)
        assert merchant.pay("76123400").json()["status"] == "SUCCESS"
        merchant.faults(drop=True)
        with pytest.raises(requests.ConnectionError):
            Merchant(simulator.url)
        merchant.faults(drop=False)
        wait_for(lambda: bell.rings)
        assert len(requests.get(f"{simulator.url}/sandbox/charges", timeout=5).json()) == 1
    (ring,) = bell.at_path("/door")
    assert ring.content_type == "application/json"
    assert json.loads(ring.body)["reference"] == "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_while_a_request_hangs(stop: signal.Signals) -> None:
    with running(MODULE, PORT) as own:
        merchant = Merchant(own.url)
        hanging = threading.Thread(target=pay_in_vain, args=(merchant,))
        hanging.start()
        time.sleep(0.3)
        assert merchant.pay("76123400").status_code == 200  # the hanging one blocks no other
        asked = time.monotonic()
        own.process.send_signal(stop)
        assert own.process.wait(timeout=5) == 0
        assert time.monotonic() - asked < 2
        hanging.join()


def pay_in_vain(merchant: Merchant) -> None:
    with pytest.raises(requests.ConnectionError):
        merchant.pay("76123420", timeout=20)


def test_a_missing_port_is_said_in_one_line() -> None:
    process = launch(MODULE, **{PORT: ""})
    _, complaint = process.communicate(timeout=15)
    assert process.returncode == 1
    (line,) = complaint.splitlines()
    assert PORT in line
