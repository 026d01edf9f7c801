"""Somebody pulls a plug after the citizen has said yes: the receipt arrives all the same."""

from collections.abc import Iterator

import pytest
import urllib3

from sandbox.phone import Phone
from sandbox.world import World
from ussd_app.store.redis import Store

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _plugs_back(world: World) -> Iterator[None]:
    yield
    for process in world.servers + world.applications:
        process.start()
    world.wait_until_ready()
    Store(world.environ["REDIS_URL"]).begins()  # nobody is in the middle of a session


def fine(world: World) -> tuple[str, int]:
    answer = urllib3.request("POST", f"{world.base_url}/sandbox/fines", json={})
    bill = answer.json()
    return bill["bill_number"], bill["amount"]


def charges(world: World, bill_number: str) -> list[int]:
    url = f"{world.base_url}/sandbox/charges?bill_number={bill_number}"
    return [charge["amount"] for charge in urllib3.request("GET", url).json()]


@pytest.mark.parametrize("plug", ["worker", "sweeper", "valkey"])
def test_a_payment_survives(world: World, phone: Phone, plug: str) -> None:
    bill, amount = fine(world)
    phone.dial(f"*789*1*{bill}#")
    assert phone.answer("1").over

    world[plug].kill()

    assert "REÇU" in phone.wait_for_sms(bill)
    assert charges(world, bill) == [amount]


def test_a_payment_survives_a_crash_of_the_database(world: World, phone: Phone) -> None:
    bill, amount = fine(world)
    phone.dial(f"*789*1*{bill}#")
    assert phone.answer("1").over

    world["postgres"].kill()
    world["postgres"].start()

    assert "REÇU" in phone.wait_for_sms(bill)
    assert charges(world, bill) == [amount]
