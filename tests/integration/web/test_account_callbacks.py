"""A door for a whole account: signed events that name attempts, each heard once."""

import json
from dataclasses import replace
from functools import partial

import pytest

from tests.integration.web.bazaar import Market
from tests.integration.web.bells import BELLS, Bell
from tests.integration.web.citizen import PROBLEM, Door, Phone, at_once, everything, rows
from tests.integration.web.reports import newest
from tests.integration.web.ringing import awake, changed, kept, opened, ring, ringing, sleep
from tests.integration.web.till import Clock


@pytest.fixture
def door(bazaar: Door) -> Door:
    return bazaar.give(replace(bazaar.context, transport=Market()))


@pytest.fixture(params=BELLS)
def bell(request: pytest.FixtureRequest) -> Bell:
    return BELLS[request.param]


@pytest.fixture
def attempt_id(door: Door, phone: Phone, bell: Bell) -> str:
    """An attempt of that operator's, asleep until tomorrow."""
    return opened(door, phone, bell)


def test_a_genuine_event_rings_and_is_kept_as_it_came(
    door: Door, bell: Bell, attempt_id: str
) -> None:
    body = bell.body(attempt_id)
    before = everything(door.context)
    assert not awake(door)
    assert ring(door, bell, body) == 200
    assert awake(door) == {attempt_id}
    assert kept(door) == [body]
    assert changed(door, before) <= {"callbacks", "callback_events", "outbox", "redis"}


def test_while_a_secret_is_rotated_both_ring(door: Door, bell: Bell, attempt_id: str) -> None:
    for n, secret in enumerate(bell.secrets):
        sleep(door)
        assert ring(door, bell, bell.body(attempt_id) + b" " * n, secret=secret) == 200
    assert awake(door) == {attempt_id}


def test_a_repeated_event_rings_nothing(door: Door, bell: Bell, attempt_id: str) -> None:
    body = bell.body(attempt_id)
    ring(door, bell, body)
    sleep(door)
    before = everything(door.context)
    assert ring(door, bell, body) == 200
    assert not awake(door)
    assert changed(door, before) <= {"callbacks", "redis"}
    assert kept(door) == [body, body]


def test_a_forged_event_is_refused_and_changes_nothing(
    door: Door, bell: Bell, attempt_id: str
) -> None:
    body = bell.body(attempt_id)
    before = everything(door.context)
    assert ring(door, bell, body, secret="thief") == 403
    refused = door.request("POST", bell.path, body=body)
    assert (refused.status_code, refused.mimetype) == (403, PROBLEM)
    assert not awake(door)
    assert changed(door, before) <= {"callbacks", "redis"}
    assert ring(door, bell, body) == 200  # and the true one is not taken for a repetition
    assert awake(door) == {attempt_id}


@pytest.mark.parametrize("token", ["0" * 32, "sandbox", "sandbox-doo", "%ff"])
def test_the_wrong_door_is_accepted_and_silences_nothing(
    door: Door, bell: Bell, attempt_id: str, token: str
) -> None:
    body = bell.body(attempt_id)
    before = everything(door.context)
    elsewhere = f"{bell.path.rpartition('/')[0]}/{token}"
    assert ring(door, bell, body, path=elsewhere) == 202
    assert not awake(door)
    assert changed(door, before) <= {"callbacks", "redis"}
    assert ring(door, bell, body) == 200
    assert awake(door) == {attempt_id}


def test_an_event_about_nobody_is_accepted_and_rings_nothing(
    door: Door, bell: Bell, attempt_id: str
) -> None:
    assert attempt_id
    assert ring(door, bell, bell.body("f" * 32)) == 202
    assert not awake(door)
    assert len(kept(door)) == 1


@pytest.mark.parametrize("strange", ["a\x00b", "\ud800", "é", "", "'--", "x" * 9000])
def test_an_event_about_no_name_is_accepted_and_rings_nothing(
    door: Door, bell: Bell, strange: str
) -> None:
    assert ring(door, bell, bell.body(strange)) == 202
    assert not rows(door.context, "callback_events")


def test_an_event_of_another_operator_s_attempt_rings_nothing(
    door: Door, bell: Bell, phone: Phone
) -> None:
    number = door.fine()
    phone.pay(number)
    sleep(door)
    assert ring(door, bell, bell.body(newest(door.context, number))) == 202
    assert not awake(door)


def test_an_event_too_large_is_refused_whole(door: Door, bell: Bell, attempt_id: str) -> None:
    body = bell.body(attempt_id) + b" " * 16_384
    before = everything(door.context)
    assert ring(door, bell, body) == 413
    assert everything(door.context) == before


@pytest.mark.parametrize("code", ["wave", "orange_otp"])
def test_an_old_event_is_forged(door: Door, clock: Clock, phone: Phone, code: str) -> None:
    bell = BELLS[code]
    body, then = bell.body(opened(door, phone, bell)), clock()
    clock.advance(seconds=301)
    answer = door.request("POST", bell.path, bell.sign(body, then), body=body)
    assert answer.status_code == 403


def test_several_attempts_in_one_body_are_all_rung(door: Door, phone: Phone, other: Phone) -> None:
    bell = BELLS["pi_spi"]
    first, second = opened(door, phone, bell), opened(door, other, bell)
    events = [{"txId": one} for one in (second, first, "f" * 32, first, None, second)]
    body = json.dumps({"data": events}).encode()
    assert ring(door, bell, body) == 200
    assert awake(door) == {first, second}


def test_bodies_that_name_the_same_in_another_order_do_not_block_each_other(
    door: Door, phone: Phone, other: Phone
) -> None:
    bell = BELLS["pi_spi"]
    ids = [opened(door, phone, bell), opened(door, other, bell)]
    bodies = [
        json.dumps({"data": [{"txId": one, "n": n} for one in ids[:: (-1) ** n]]}).encode()
        for n in range(12)
    ]
    answers = at_once([partial(ringing, door, bell, body) for body in bodies])
    assert set(answers) == {"200"}
    assert awake(door) == set(ids)


def test_the_same_bytes_twice_at_once_ring_once(door: Door, bell: Bell, attempt_id: str) -> None:
    body = bell.body(attempt_id)
    code = bell.path.split("/")[2]
    heard = door.figure("sarali_callbacks_total", operator=code, verdict="heard")
    assert at_once([partial(ringing, door, bell, body)] * 2) == ["200", "200"]
    assert kept(door) == [body, body]
    assert rows(door.context, "callback_events") == 1
    assert door.figure("sarali_callbacks_total", operator=code, verdict="heard") == heard + 1
    assert awake(door) == {attempt_id}
