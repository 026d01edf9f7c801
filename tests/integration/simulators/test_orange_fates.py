"""Every fate of the sandbox's wallets, played at once on a real process and seen over HTTP.

What a merchant can see of a payment is compared with a table written by hand from the sandbox's
contract, not with the simulator's own.
"""

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from tests.integration.simulators.harness import Doorbell, Merchant, doorbell, order, running

WATCHED = 22.0  # seconds: a prompt expires after 20
PATIENCE = 3.0  # seconds a client waits for the answer to pay

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Expected:
    """What a fate looks like; `seen` are the status words after INITIATED and PENDING."""

    pay: int | None  # HTTP status, None for no answer
    seen: tuple[str, ...] = ()
    rings: tuple[str, ...] = ()
    debited: int | None = None
    lines: tuple[str, ...] = ()
    not_before: float = 0  # seconds from pay to the last change of status


OK, NO, LATE = "SUCCESSFULL", "CANCELLED", "EXPIRED"
PAID = Expected(200, (OK,), (OK,), 3000, ("CREDIT",), not_before=1)

EXPECTED = {
    "00": PAID,
    "07": PAID,
    "99": PAID,
    "10": Expected(417, ("FAILED",)),
    "11": Expected(200, (NO,), (NO,), not_before=1.5),
    "12": Expected(200, (LATE,), (LATE,), not_before=19.5),
    "20": Expected(None, (OK,), (), 3000, ("CREDIT",)),
    "21": Expected(None, (LATE,), (), not_before=19.5),
    "22": Expected(500, (OK,), (), 3000, ("CREDIT",)),
    "30": Expected(200, (OK,), (OK, OK), 3000, ("CREDIT",), not_before=1),
    "31": Expected(200, (OK,), (OK,), 3000, ("CREDIT",)),
    "32": Expected(200, (OK,), (), 3000, ("CREDIT",), not_before=1),
    "33": Expected(200, (NO,), (OK, NO), not_before=2.5),
    "40": Expected(200, ("FAILED", OK), ("FAILED", OK), 3000, ("CREDIT",), not_before=7.5),
    "41": Expected(200, (OK,), (OK,), 3000, ("CREDIT", "REVERSAL")),
    "42": Expected(200, (OK,), (OK,), 3500, ("CREDIT",)),
    "43": Expected(200, ("EN_TRAITEMENT", OK), (OK,), 3000, ("CREDIT",), not_before=4),
    "44": Expected(200, (OK,), (OK,), 3000, ("CREDIT",), not_before=5.5),
    "44 unpushed": Expected(200, (LATE,), (LATE,), not_before=19.5),
}


@dataclass
class Story:
    """What was seen of one payment; seconds count from the pay request."""

    bill_number: str
    started: float = 0
    replied: float = 0
    reply: requests.Response | None = None
    statuses: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """Status words in the order seen, without repeats and without the first waiting ones."""
        words = [data["status"] for _, data in self.statuses]
        told = [word for word in words if word not in {"INITIATED", "PENDING"}]
        return [word for n, word in enumerate(told) if n == 0 or told[n - 1] != word]


@dataclass(frozen=True)
class World:
    """All stories, and what the operator's books say at the end."""

    stories: dict[str, Story]
    bell: Doorbell
    charges: list[dict[str, Any]]
    lines: list[dict[str, str]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with (
        doorbell() as bell,
        running("simulators.orange_mp", "SIM_ORANGE_PORT") as simulator,
        Merchant(simulator.url) as merchant,
    ):
        stories = {name: Story(f"48219{n:05d}") for n, name in enumerate(EXPECTED)}
        threads = [
            threading.Thread(target=play, args=(simulator.url, bell.url, name, story))
            for name, story in stories.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        opened = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
        lines = rows(merchant.get(f"/reports?{urlencode({'since': opened})}").text)
        yield World(stories, bell, merchant.get("/sandbox/charges").json(), lines)


def play(url: str, bell_url: str, name: str, story: Story) -> None:
    """Pay from the wallet of that fate and watch it, as a merchant who asks all the time."""
    with Merchant(url) as payer, Merchant(url) as watcher:
        token = payer.init()
        body = order(
            token,
            f"761234{name[:2]}",
            orderId=f"attempt-{name}",
            description=story.bill_number,
            notifUrl=f"{bell_url}/{story.bill_number}",
        )
        story.started = time.monotonic()
        asking = threading.Thread(target=watch, args=(watcher, token, name, story))
        asking.start()
        try:
            story.reply = payer.call("POST", "pay", body, timeout=PATIENCE)
        except requests.Timeout:
            story.reply = None
        story.replied = time.monotonic()
        asking.join()


def watch(merchant: Merchant, token: str, name: str, story: Story) -> None:
    pushed = name != "44"
    while (elapsed := time.monotonic() - story.started) < WATCHED:
        story.statuses.append((elapsed, merchant.status(token)))
        if not pushed and elapsed > 5:
            pushed = True
            assert merchant.call("GET", f"push/{token}").json()["data"]["status"] == "PENDING"
        time.sleep(0.3)


def rows(report: str) -> list[dict[str, str]]:
    _, _, body = report.partition("\n")
    return list(csv.DictReader(io.StringIO(body), delimiter=";"))


every_fate = pytest.mark.parametrize("name", EXPECTED)


@every_fate
def test_the_pay_request_is_answered_as_documented(world: World, name: str) -> None:
    reply, expected = world.stories[name].reply, EXPECTED[name].pay
    assert (None if reply is None else reply.status_code) == expected
    if reply is not None and expected == 200:
        data = reply.json()["data"]
        assert data["status"] == "PENDING"
        assert data["txnid"].startswith("MP")
        assert data["inittxnstatus"] == ("72" if name.startswith("44") else "200")


@every_fate
def test_asking_tells_the_status_words_in_order_and_in_time(world: World, name: str) -> None:
    story, expected = world.stories[name], EXPECTED[name]
    assert tuple(story.words) == expected.seen
    last_change = next(at for at, data in story.statuses if data["status"] == expected.seen[-1])
    assert last_change >= expected.not_before


@every_fate
def test_the_callback_rings_as_often_as_documented(world: World, name: str) -> None:
    story = world.stories[name]
    rings = world.bell.at_path(f"/{story.bill_number}")
    bodies = [json.loads(ring.body) for ring in rings]
    assert tuple(body["status"] for body in bodies) == EXPECTED[name].rings
    assert all(set(body) == {"payToken", "status", "message"} for body in bodies)


@every_fate
def test_the_wallet_is_debited_at_most_once(world: World, name: str) -> None:
    story, expected = world.stories[name], EXPECTED[name]
    charges = [one for one in world.charges if one["bill_number"] == story.bill_number]
    told = story.statuses[-1][1]
    if expected.debited is None:
        assert charges == []
        return
    (charge,) = charges
    assert charge["operator"] == "orange_mp"
    assert charge["payer"] == f"+223761234{name[:2]}"
    assert charge["amount"] == told["amount"] == expected.debited
    assert charge["operator_ref"] == told["txnid"]
    assert charge["order_id"] == f"attempt-{name}"
    assert charge["reversed"] is ("REVERSAL" in expected.lines)


@every_fate
def test_the_statement_has_the_money_and_nothing_else(world: World, name: str) -> None:
    expected = EXPECTED[name]
    lines = [line for line in world.lines if line["order_id"] == f"attempt-{name}"]
    assert tuple(line["kind"] for line in lines) == expected.lines
    assert all(line["amount"] == str(expected.debited) for line in lines)
    assert all(line["msisdn"] == f"761234{name[:2]}" for line in lines)


def test_only_the_statement_tells_a_reversal(world: World) -> None:
    credit, reversal = (one for one in world.lines if one["order_id"] == "attempt-41")
    assert reversal["reversed_txnid"] == credit["txnid"] != reversal["txnid"]
    assert world.stories["41"].statuses[-1][1]["status"] == OK


def test_every_movement_has_an_id_of_its_own(world: World) -> None:
    ids = [line["txnid"] for line in world.lines]
    assert len(set(ids)) == len(ids) == len(world.charges) + 1


def test_a_lost_reply_leaves_a_status_to_ask_for(world: World) -> None:
    first = {name: world.stories[name].statuses[0][1]["status"] for name in ("20", "21")}
    assert first == {"20": "INITIATED", "21": "INITIATED"}


def test_the_callback_can_come_before_the_reply(world: World) -> None:
    story = world.stories["31"]
    (ring,) = world.bell.at_path(f"/{story.bill_number}")
    assert story.started < ring.at < story.replied


def test_the_thief_rings_before_the_citizen_refuses(world: World) -> None:
    story = world.stories["33"]
    forged, _ = world.bell.at_path(f"/{story.bill_number}")
    after = next(d for at, d in story.statuses if at > forged.at - story.started)
    assert after["status"] == "PENDING"


def test_a_poor_wallet_is_told_in_the_operators_words(world: World) -> None:
    reply = world.stories["10"].reply
    assert reply is not None
    assert reply.json()["message"] == "60019 :: Le solde du compte du payeur est insuffisant"
