"""The faults of the simulated SMS centre: whom they befall, and for how long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from simulators.sms_centre.centre import Centre, Fault, Handed
from tests.integration.simulators.harness import Json, running

TEXT = "Recu 4821937028: 3 000 F CFA"
INFOBIP = {"sender": "S", "destinations": [{"to": "22376000070"}], "content": {"text": TEXT}}


class Door:
    """The centre, and how it answers a text of each provider."""

    def __init__(self, url: str) -> None:
        self.url = url

    def expect(self, wish: Json) -> int:
        return requests.post(f"{self.url}/sandbox/faults", json=wish, timeout=5).status_code

    def africastalking(self) -> int:
        form = {"username": "sandbox", "to": "+22376000070", "message": TEXT}
        url, headers = f"{self.url}/version1/messaging", {"apiKey": "sandbox"}
        return requests.post(url, data=form, headers=headers, timeout=5).status_code

    def infobip(self) -> int:
        url, headers = f"{self.url}/sms/3/messages", {"Authorization": "App sandbox"}
        body = {"messages": [INFOBIP]}
        return requests.post(url, json=body, headers=headers, timeout=5).status_code


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with running("simulators.sms_centre", "SIM_SMS_PORT", SIM_SMS_DELIVERY_URL="") as process:
        yield Door(process.url)


def test_a_fault_may_remain_until_up_and_befalls_one_provider(door: Door) -> None:
    assert door.expect({"remain": "500"}) == 200
    assert [door.africastalking() for _ in range(2)] == [500, 500]
    assert door.infobip() == 200
    assert door.expect({"up": True}) == 200
    assert door.africastalking() == 201


@pytest.mark.parametrize(
    "wish",
    [
        {"remain": "gremlins"},
        {"remain": ["500"]},
        {"next": ["500"], "provider": "pigeons"},
        {"next": ["500"], "provider": ["infobip"]},
        {"remain": "500", "next": ["500"]},
    ],
)
def test_a_wish_that_is_none_changes_nothing(door: Door, wish: Json) -> None:
    assert door.expect(wish) == 400
    assert door.africastalking() == 201


def test_a_slow_message_overtakes_no_other_and_comes_in_the_end() -> None:
    now = [datetime(2026, 11, 22, 3, 10, tzinfo=UTC)]
    ids = iter(("1", "2"))
    centre = Centre(clock=lambda: now[0], mint=lambda: next(ids))
    centre.accept(Handed("+22376000072", "SARALI", TEXT, fault=Fault.SLOW))
    centre.accept(Handed("+22376000072", "SARALI", TEXT))
    now[0] += timedelta(seconds=1)
    assert [message.id for message in centre.advance()] == ["2"]
    now[0] += timedelta(minutes=10)
    assert [message.id for message in centre.advance()] == ["1"]
