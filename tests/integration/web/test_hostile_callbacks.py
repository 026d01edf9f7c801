"""Whoever rings in bad faith, or too much, or with half a body: nothing is believed or filled."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import text

from domain.payment import Status
from tests.integration.web.bank import Bank, standing, work
from tests.integration.web.bazaar import Market
from tests.integration.web.bells import BELLS, Bell
from tests.integration.web.citizen import PROBLEM, Door, Phone, everything, keys, rows
from tests.integration.web.ringing import awake, changed, kept, opened, ring, sleep
from tests.integration.web.till import Clock, attempts_of

STORM = 120
ORANGE = "/callbacks/orange_mp"
OF_THE_BELL = {"callbacks", "callback_events", "outbox", "redis"}


@pytest.fixture
def door(bazaar: Door) -> Door:
    return bazaar.give(replace(bazaar.context, transport=Market()))


@pytest.fixture(params=BELLS)
def bell(request: pytest.FixtureRequest) -> Bell:
    return BELLS[request.param]


@pytest.fixture
def doorbell(door: Door, phone: Phone) -> str:
    """Where Orange Money rings, unsigned, for one payment, which sleeps."""
    number = door.fine()
    phone.pay(number)
    (attempt,) = attempts_of(door.context, number)
    sleep(door)
    return f"{ORANGE}/{attempt.callback_token}"


def events(bell: Bell, attempt_id: str) -> Iterator[bytes]:
    """As many events of the operator's as one likes, each another, about one attempt."""
    for n in range(STORM):
        said = json.loads(bell.body(attempt_id))
        said |= {"n": n} | ({"id": f"EV_{n}"} if "id" in said else {})
        yield json.dumps(said).encode()


def test_a_storm_of_events_about_one_payment_fills_no_table(
    door: Door, bell: Bell, phone: Phone, other: Phone
) -> None:
    attempt_id, neighbour = opened(door, phone, bell), opened(door, other, bell)
    answers = [ring(door, bell, body) for body in events(bell, attempt_id)]
    assert answers == sorted(answers)
    assert set(answers) == {200, 429}
    for table in ("callbacks", "callback_events"):
        assert 0 < rows(door.context, table) == answers.count(200) < STORM
    assert awake(door) == {attempt_id}
    assert ring(door, bell, bell.body(neighbour)) == 200
    assert awake(door) == {attempt_id, neighbour}


def test_a_storm_of_one_event_heard_before_fills_no_table(
    door: Door, bell: Bell, phone: Phone
) -> None:
    body = bell.body(opened(door, phone, bell))
    assert {ring(door, bell, body) for _ in range(STORM)} == {200, 429}
    assert rows(door.context, "callback_events") == 1
    assert 1 < rows(door.context, "callbacks") < STORM


def test_who_leans_on_an_unsigned_bell_is_told_so_and_the_payment_goes_on(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank = Bank()
    door.give(replace(door.context, now=clock, transport=bank))
    number = door.fine()
    phone.pay(number)
    (attempt,) = attempts_of(door.context, number)
    path = f"{ORANGE}/{attempt.callback_token}"
    answers = [door.request("POST", path, body=b"%d" % n) for n in range(STORM)]
    assert (answers[-1].status_code, answers[-1].mimetype) == (429, PROBLEM)
    assert 0 < rows(door.context, "callbacks") < STORM
    work(door, clock, 2)
    bank.say(standing("FAILED"), "paymentstatus")
    work(door, clock, 2)
    assert attempts_of(door.context, number)[0].status is Status.FAILED


def test_a_storm_is_counted(door: Door, doorbell: str) -> None:
    too_many = {"operator": "orange_mp", "verdict": "too_many"}
    before = door.figure("sarali_callbacks_total", **too_many)
    answers = [door.request("POST", doorbell).status_code for _ in range(STORM)]
    after = door.figure("sarali_callbacks_total", **too_many)
    assert after - before == answers.count(429) > 0


def test_a_storm_leaves_no_number_in_redis(door: Door, phone: Phone, doorbell: str) -> None:
    door.request("POST", doorbell)
    known = [key for key in keys(door.context.redis.client) if key.startswith("callbacks:")]
    assert known
    assert not any(phone.number.removeprefix("+223") in key for key in known)


def test_a_bell_rung_at_another_operators_door_rings_nothing(
    door: Door, phone: Phone, bell: Bell
) -> None:
    attempt_id = opened(door, phone, bell)
    with door.context.db.begin() as tx:
        token = tx.execute(text("SELECT callback_token FROM attempts")).scalar_one()
    body, home = bell.body(attempt_id), bell.path.split("/")[2]
    before = everything(door.context)
    for code in door.context.operators:
        if code == home:
            continue
        last = BELLS[code].path.rpartition("/")[2] if code in BELLS else token
        for end in {token, last, bell.path.rpartition("/")[2]}:
            assert ring(door, bell, body, path=f"/callbacks/{code}/{end}") in {202, 403}
    assert not awake(door)
    assert changed(door, before) <= {"callbacks", "redis"}


@pytest.mark.parametrize("place", [0.0, 0.3, 0.5, 0.99])
def test_a_body_changed_by_one_bit_is_forged(
    door: Door, phone: Phone, bell: Bell, place: float
) -> None:
    body = bell.body(opened(door, phone, bell))
    mutated = bytearray(body)
    mutated[int(place * len(body))] ^= 1
    before = everything(door.context)
    headers = bell.sign(body, door.context.now())
    for wrong in (bytes(mutated), body + b" ", body[:-1], body * 2, b""):
        assert door.request("POST", bell.path, headers, body=wrong).status_code == 403
    assert not awake(door)
    assert changed(door, before) <= {"callbacks", "redis"}


def test_a_signature_given_twice_with_another_is_no_way_in(
    door: Door, phone: Phone, bell: Bell
) -> None:
    body = bell.body(opened(door, phone, bell))
    true, false = bell.sign(body, door.context.now()), bell.sign(b"", door.context.now())
    for name in true:
        if "signature" in name.lower():
            both = {**true, name: f"{false[name]},{false[name]}"}
            assert door.request("POST", bell.path, both, body=body).status_code == 403


@pytest.mark.parametrize("order", list(permutations(["SUCCESSFULL", "FAILED", "PENDING"])))
def test_the_order_of_what_callbacks_say_says_nothing(
    door: Door, doorbell: str, order: tuple[str, ...]
) -> None:
    before = everything(door.context)
    for word in order:
        body = json.dumps({"payToken": "MP1", "status": word}).encode()
        assert door.request("POST", doorbell, body=body).status_code == 200
    assert changed(door, before) <= OF_THE_BELL
    assert not rows(door.context, "evidence")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "\xff\xfe/\x80"},
        {"Content-Encoding": "gzip", "Content-Type": "application/json"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Odd": "\xe9\xff"},
    ],
    ids=ascii,
)
def test_whatever_a_body_is_called_it_is_kept_byte_for_byte(
    door: Door, doorbell: str, headers: dict[str, str]
) -> None:
    body = b"status=SUCCESSFULL&amount=\xff\xfe\x00--x--\r\n"
    assert door.request("POST", doorbell, headers, body=body).status_code == 200
    assert kept(door) == [body]


@pytest.mark.parametrize(
    ("size", "status"), [(0, 200), (16_384, 200), (16_385, 413), (99_999, 413)]
)
def test_a_body_that_comes_in_pieces_is_kept_whole_or_not_at_all(
    door: Door, doorbell: str, size: int, status: int
) -> None:
    assert door.stream(doorbell, b"x" * size) == status
    assert [len(body) for body in kept(door)] == [size] * (status == 200)


def test_a_body_cut_on_its_way_is_no_callback(door: Door, doorbell: str) -> None:
    assert door.stream(doorbell, b"x" * 10, announced=11) == 400
    assert not kept(door)
    assert not awake(door)


def test_a_token_longer_than_any_of_ours_is_not_kept(door: Door) -> None:
    assert door.request("POST", f"{ORANGE}/{'x' * 201}", body=b"paid").status_code == 404
    assert not kept(door)
