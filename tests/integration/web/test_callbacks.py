"""A callback is a doorbell: kept as it came, believed in nothing, and it makes the worker ask."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.payment import Status
from tests.integration.web.citizen import PROBLEM, Door, Phone, everything, keys, rows
from tests.integration.web.outages import NO_DATABASE, NO_REDIS
from tests.integration.web.till import attempts_of
from ussd_app.store.database import Database
from ussd_app.store.redis import Store

ORANGE = "/callbacks/orange_mp"
BODIES = {
    "success": b'{"payToken": "MP1", "status": "SUCCESSFULL"}',
    "nothing": b"",
    "no JSON": b"\x00\xff not JSON \r\n",
    "much": b"x" * 16_384,
}
STRANGE_TOKENS = ["%00", "a%00b", "%ff%fe", "%F0%9F%98%80", "'--", "..%2f", "x" * 500, "%0a"]


@pytest.fixture
def number(door: Door, phone: Phone) -> str:
    """A bill with a payment under way."""
    number = door.fine()
    phone.pay(number)
    return number


@pytest.fixture
def doorbell(door: Door, number: str) -> str:
    """Where the operator rings for that payment."""
    (attempt,) = attempts_of(door.context, number)
    return f"{ORANGE}/{attempt.callback_token}"


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_callback_is_kept_byte_for_byte_and_believed_in_nothing(
    door: Door, number: str, doorbell: str, method: str, body: bytes
) -> None:
    before = everything(door.context)
    answer = door.request(method, doorbell, body=body)
    assert answer.status_code == 200
    with door.context.db.begin() as tx:
        kept = tx.execute(text("SELECT body FROM callbacks")).scalars().all()
    assert [bytes(one) for one in kept] == [body]
    after = everything(door.context)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"callbacks", "outbox", "redis"}
    (attempt,) = attempts_of(door.context, number)
    assert attempt.status is Status.CREATED


def test_a_callback_makes_the_worker_look_at_once(door: Door, doorbell: str) -> None:
    ask_later = text("UPDATE outbox SET due_at = now() + interval '1 day', lease_until = NULL")
    with door.context.db.begin() as tx:
        tx.execute(ask_later)
    door.request("POST", doorbell)
    with door.context.db.begin() as tx:
        due = tx.execute(text("SELECT due_at <= now() FROM outbox")).scalars().all()
    assert due == [True]
    assert keys(door.context.redis.client, "rq:job:*")


def test_callbacks_at_once_are_all_kept_and_ring_one_bell(door: Door, doorbell: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda _n: door.request("POST", doorbell).status_code, range(24))
        assert set(answers) == {200}
    assert (rows(door.context, "callbacks"), rows(door.context, "outbox")) == (24, 1)


def test_a_callback_for_nothing_is_accepted_and_changes_nothing(door: Door, number: str) -> None:
    assert number
    before = everything(door.context)
    assert door.request("POST", f"{ORANGE}/{'0' * 32}", body=b"paid").status_code == 202
    after = everything(door.context)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"callbacks", "redis"}


@pytest.mark.parametrize("token", STRANGE_TOKENS, ids=lambda token: token[:12])
def test_a_strange_token_is_a_callback_for_nothing(door: Door, token: str) -> None:
    answer = door.request("POST", f"{ORANGE}/{token}", body=b"paid")
    assert answer.status_code in {202, 400, 404}
    assert not rows(door.context, "outbox")


def test_a_flood_of_callbacks_for_nothing_does_not_fill_the_disk(door: Door) -> None:
    rung = 600
    answers = {door.request("POST", f"{ORANGE}/{n}").status_code for n in range(rung)}
    assert answers == {202}
    assert 0 < rows(door.context, "callbacks") < rung


def test_an_operator_that_we_do_not_know_is_refused(door: Door, doorbell: str) -> None:
    before = everything(door.context)
    answer = door.request("POST", doorbell.replace("orange_mp", "nobody"), body=b"paid")
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert everything(door.context) == before


def test_a_callback_too_large_is_refused_whole(door: Door, doorbell: str) -> None:
    before = everything(door.context)
    answer = door.request("POST", doorbell, body=b"x" * 16_385)
    assert (answer.status_code, answer.mimetype) == (413, PROBLEM)
    assert everything(door.context) == before


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_only_a_post_or_a_put_rings(door: Door, doorbell: str, method: str) -> None:
    before = everything(door.context)
    answer = door.request(method, doorbell)
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert everything(door.context) == before


def test_what_cannot_be_kept_is_not_acknowledged(door: Door, doorbell: str) -> None:
    door.give(replace(door.context, db=Database(NO_DATABASE)))
    answer = door.request("POST", doorbell, body=b"paid")
    assert (answer.status_code, answer.mimetype) == (503, PROBLEM)


def test_without_redis_a_callback_is_kept_all_the_same(door: Door, doorbell: str) -> None:
    door.give(replace(door.context, redis=Store(NO_REDIS)))
    assert door.request("POST", doorbell, body=b"paid").status_code == 200
    assert door.request("POST", f"{ORANGE}/{'0' * 32}").status_code == 202
    assert rows(door.context, "callbacks") >= 1
