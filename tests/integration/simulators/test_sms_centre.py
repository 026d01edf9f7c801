"""The simulated SMS centre: the API of Africa's Talking, its outbox and its faults, over HTTP."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests

from simulators.sms_centre.centre import Centre, Handed
from tests.integration.simulators.harness import (
    Doorbell,
    Json,
    Simulator,
    doorbell,
    free_port,
    launch,
    running,
    wait_for,
)

MODULE, PORT = "simulators.sms_centre", "SIM_SMS_PORT"
TEXT = "Recu 4821937028: 3 000 F CFA"


class Sender:
    """A client of the centre with the sandbox's credentials."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(
        self,
        to: str,
        text: str = TEXT,
        *,
        username: str = "sandbox",
        key: str = "sandbox",
        timeout: float = 5,
    ) -> requests.Response:
        form = {"username": username, "to": to, "message": text, "from": "SARALI"}
        return requests.post(
            f"{self.url}/version1/messaging",
            headers={"apiKey": key, "Accept": "application/json"},
            data={**form, "bulkSMSMode": "1"},
            timeout=timeout,
        )

    def outbox(self, to: str) -> list[dict[str, Any]]:
        reply = requests.get(f"{self.url}/outbox", params={"to": to}, timeout=5)
        messages: list[dict[str, Any]] = reply.json()
        return messages

    def expect(self, body: Json) -> int:
        return requests.post(f"{self.url}/sandbox/faults", json=body, timeout=5).status_code


@pytest.fixture(scope="module")
def bell() -> Iterator[Doorbell]:
    with doorbell() as listening:
        yield listening


@pytest.fixture(scope="module")
def centre(bell: Doorbell) -> Iterator[Simulator]:
    with running(MODULE, PORT, SIM_SMS_DELIVERY_URL=f"{bell.url}/delivery") as process:
        yield process


@pytest.fixture
def sender(centre: Simulator) -> Sender:
    return Sender(centre.url)


def recipient(reply: requests.Response) -> dict[str, Any]:
    assert reply.status_code == 201
    assert reply.headers["Content-Type"] == "application/json"
    (only,) = reply.json()["SMSMessageData"]["Recipients"]
    assert set(only) == {"statusCode", "number", "status", "cost", "messageId"}
    return dict(only)


def test_a_message_is_accepted_then_delivered_then_reported(sender: Sender, bell: Doorbell) -> None:
    reply = sender.send("+22376000001")
    sent = recipient(reply)
    assert reply.json()["SMSMessageData"]["Message"].startswith("Sent to 1/1 Total Cost: ")
    assert (sent["statusCode"], sent["status"]) == (101, "Success")
    assert sent["number"] == "+22376000001"
    assert sent["messageId"].startswith("ATXid_")
    wait_for(lambda: sender.outbox("+22376000001"))
    (message,) = sender.outbox("+22376000001")
    age = datetime.now(UTC) - datetime.fromisoformat(message.pop("at"))
    assert 0 <= age.total_seconds() < 5
    told = {"to": "+22376000001", "from": "SARALI", "text": TEXT}
    assert message == {**told, "encoding": "GSM-7", "segments": 1}
    wait_for(lambda: reports_to(bell, "+22376000001"))
    assert reports_to(bell, "+22376000001") == [
        {
            "id": [sent["messageId"]],
            "status": ["Success"],
            "phoneNumber": ["+22376000001"],
            "networkCode": ["99999"],
            "retryCount": ["0"],
        }
    ]


def test_a_message_is_under_way_for_a_third_of_a_second() -> None:
    now = [datetime(2026, 11, 22, 3, 10, tzinfo=UTC)]
    centre = Centre(clock=lambda: now[0], mint=lambda: "ATXid_1")
    centre.accept(Handed("+22376000002", "SARALI", TEXT))
    now[0] += timedelta(seconds=0.29)
    assert (centre.advance(), centre.outbox()) == ([], [])
    now[0] += timedelta(seconds=0.01)
    assert [message.id for message in centre.advance()] == ["ATXid_1"]
    assert [message["at"] for message in centre.outbox()] == ["2026-11-22T03:10:00.300Z"]
    assert centre.advance() == []


def reports_to(bell: Doorbell, number: str) -> list[dict[str, list[str]]]:
    rings = bell.at_path("/delivery")
    assert all(ring.content_type == "application/x-www-form-urlencoded" for ring in rings)
    reports = [parse_qs(ring.body.decode()) for ring in rings]
    return [report for report in reports if report["phoneNumber"] == [number]]


@pytest.mark.parametrize(
    ("number", "text", "encoding", "segments"),
    [
        ("+22376000010", "a" * 160, "GSM-7", 1),
        ("+22376000011", "a" * 161, "GSM-7", 2),
        ("+22376000012", "I ni ce, sàrali banna", "GSM-7", 1),
        ("+22376000013", "ɛ" * 70, "UCS-2", 1),
        ("+22376000014", "ɛ" * 71, "UCS-2", 2),
    ],
)
def test_the_outbox_tells_the_cost_on_the_air(
    sender: Sender, number: str, text: str, encoding: str, segments: int
) -> None:
    sender.send(number, text)
    wait_for(lambda: sender.outbox(number))
    (message,) = sender.outbox(number)
    assert (message["text"], message["encoding"], message["segments"]) == (
        text,
        encoding,
        segments,
    )


def test_the_outbox_keeps_the_order_and_the_recipients_apart(sender: Sender) -> None:
    for text in ("one", "two", "three"):
        sender.send("+22376000020,+22376000021", text)
    wait_for(lambda: len(sender.outbox("+22376000021")) == 3)
    assert [m["text"] for m in sender.outbox("+22376000020")] == ["one", "two", "three"]
    everything = requests.get(f"{sender.url}/outbox", timeout=5).json()
    assert {"+22376000020", "+22376000021"} <= {message["to"] for message in everything}
    unescaped = requests.get(f"{sender.url}/outbox?to=+22376000020", timeout=5).json()
    assert unescaped == sender.outbox("+22376000020")


@pytest.mark.parametrize("wrong", [{"key": "stolen"}, {"username": "someone"}])
def test_wrong_credentials_are_refused_in_plain_text(sender: Sender, wrong: dict[str, str]) -> None:
    credentials = {"username": "sandbox", "key": "sandbox"} | wrong
    reply = sender.send("+22376000030", username=credentials["username"], key=credentials["key"])
    assert reply.status_code == 401
    assert reply.headers["Content-Type"].startswith("text/plain")


def test_an_empty_message_and_a_bad_number_are_refused(sender: Sender) -> None:
    assert sender.send("+22376000031", "").status_code == 400
    refused = recipient(sender.send("76000031"))
    assert (refused["statusCode"], refused["status"]) == (403, "InvalidPhoneNumber")


def test_faults_befall_the_next_sends_in_order(sender: Sender) -> None:
    number = "+22376000040"
    assert sender.expect({"next": ["500", "reject"]}) == 200
    broken = sender.send(number, "first")
    assert broken.status_code == 500
    assert broken.headers["Content-Type"].startswith("text/plain")
    rejected = recipient(sender.send(number, "second"))
    assert (rejected["statusCode"], rejected["status"]) == (406, "UserInBlacklist")
    assert recipient(sender.send(number, "third"))["statusCode"] == 101
    wait_for(lambda: sender.outbox(number))
    assert [message["text"] for message in sender.outbox(number)] == ["third"]


def test_a_timeout_delivers_all_the_same_and_blocks_no_other(sender: Sender) -> None:
    assert sender.expect({"next": ["timeout"]}) == 200
    with pytest.raises(requests.Timeout):
        sender.send("+22376000041", timeout=1)
    asked = time.monotonic()
    assert sender.send("+22376000042").status_code == 201
    assert time.monotonic() - asked < 2
    wait_for(lambda: sender.outbox("+22376000041"))


def test_down_lasts_until_up(sender: Sender) -> None:
    number = "+22376000043"
    assert sender.expect({"next": ["down"]}) == 200
    assert [sender.send(number).status_code for _ in range(3)] == [503, 503, 503]
    assert sender.expect({"up": True}) == 200
    assert sender.send(number).status_code == 201
    wait_for(lambda: sender.outbox(number))
    assert len(sender.outbox(number)) == 1


@pytest.mark.parametrize(
    "wish", [{"next": ["500", "gremlins"]}, {"next": "500"}, {}, [], {"up": 0}]
)
def test_an_unknown_fault_is_refused_and_none_is_expected(sender: Sender, wish: Json) -> None:
    assert sender.expect(wish) == 400
    assert sender.send("+22376000050").status_code == 201


def test_without_a_delivery_url_it_delivers_and_reports_nothing() -> None:
    with running(MODULE, PORT, SIM_SMS_DELIVERY_URL="") as own:
        lonely = Sender(own.url)
        lonely.send("+22376000060")
        wait_for(lambda: lonely.outbox("+22376000060"))


def test_it_ends_at_once_and_says_a_taken_port_in_one_line(centre: Simulator) -> None:
    second = launch(MODULE, SIM_SMS_PORT=centre.url.rpartition(":")[2])
    _, complaint = second.communicate(timeout=15)
    assert (second.returncode, len(complaint.splitlines())) == (1, 1)
    with running(MODULE, PORT, SIM_SMS_DELIVERY_URL=f"http://127.0.0.1:{free_port()}/") as own:
        Sender(own.url).send("+22376000061")  # nobody listens to its report
        time.sleep(0.6)
        asked = time.monotonic()
        own.process.terminate()
        assert own.process.wait(timeout=5) == 0
        assert time.monotonic() - asked < 2
