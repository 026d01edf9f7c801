"""The simulated web payment as a process, beside the SMS centre where its citizens read."""

import json
import signal
from typing import Any

import pytest
import requests

from tests.integration.simulators.harness import doorbell, launch, running, wait_for

MODULE, PORT = "simulators.orange_web", "SIM_ORANGE_WEB_PORT"

pytestmark = pytest.mark.slow


def page_at(url: str, notif_url: str) -> dict[str, Any]:
    token = requests.post(
        f"{url}/oauth/v3/token",
        auth=("sandbox", "sandbox"),
        data={"grant_type": "client_credentials"},
        timeout=5,
    ).json()["access_token"]
    body = {
        "merchant_key": "sandbox",
        "currency": "OUV",
        "order_id": "one",
        "amount": 3000,
        "return_url": "https://sarali.example/",
        "cancel_url": "https://sarali.example/",
        "notif_url": notif_url,
        "lang": "fr",
        "reference": "4821937028",
    }
    headers = {"Authorization": f"Bearer {token}"}
    api = f"{url}/orange-money-webpay/dev/v1"
    reply = requests.post(f"{api}/webpayment", json=body, headers=headers, timeout=5)
    page: dict[str, Any] = reply.json()
    return page


def send_sms(url: str, text: str) -> None:
    form = {"username": "sandbox", "to": "+22376123400", "message": text}
    reply = requests.post(
        f"{url}/version1/messaging", data=form, headers={"apiKey": "sandbox"}, timeout=5
    )
    assert reply.status_code == 201


def test_the_citizen_pays_by_the_link_in_the_sms() -> None:
    with (
        doorbell() as bell,
        running("simulators.sms_centre", "SIM_SMS_PORT") as centre,
        running(MODULE, PORT, SIM_SMS_PORT=centre.url.rpartition(":")[2]) as operator,
    ):
        page = page_at(operator.url, f"{bell.url}/door")
        send_sms(centre.url, f"Pour payer: {page['payment_url']}")
        wait_for(lambda: bell.rings)
        (ring,) = bell.at_path("/door")
        told = json.loads(ring.body)
        assert (told["status"], told["notif_token"]) == ("SUCCESS", page["notif_token"])
        (charge,) = requests.get(f"{operator.url}/sandbox/charges", timeout=5).json()
        assert charge["operator_ref"] == told["txnid"]
        assert charge["payer"] == "+22376123400"


def test_without_a_centre_a_person_pays_and_it_ends_at_once() -> None:
    with doorbell() as bell, running(MODULE, PORT) as operator:
        page = page_at(operator.url, f"{bell.url}/door")
        requests.post(page["payment_url"], data={"msisdn": "76123400"}, timeout=5)
        wait_for(lambda: bell.rings)
        operator.process.send_signal(signal.SIGTERM)
        assert operator.process.wait(timeout=5) == 0


def test_a_missing_port_is_said_in_one_line() -> None:
    process = launch(MODULE, **{PORT: ""})
    _, complaint = process.communicate(timeout=15)
    assert process.returncode == 1
    (line,) = complaint.splitlines()
    assert PORT in line
