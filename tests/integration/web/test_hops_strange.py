"""Hops that come twice, late, after a loss or out of order, where only what is new is brought."""

import json
from dataclasses import replace
from itertools import count
from typing import cast

import pytest
from werkzeug.test import TestResponse

from tests.integration.web.citizen import Door, Phone
from tests.integration.web.outages import going_back
from tests.integration.web.till import Clock, attempts_of
from tests.integration.web.words import SENT
from ussd_app.store.redis import Store

NUMBER = "+22376000001"


class Gateway:
    """A gateway whose requests are JSON, in one session."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def send(self, dialect: str, **fields: object) -> str:
        answer: TestResponse = self._door.post(
            f"/ussd/{dialect}", json.dumps(fields).encode(), "application/json"
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def hubtel(self, kind: str, message: str, sequence: int, code: str) -> str:
        about = {"ServiceCode": code, "Mobile": NUMBER, "SessionId": "a"}
        return self.send("hubtel", Type=kind, Message=message, Sequence=sequence, **about)

    def generic(self, hop: int, said: str) -> str:
        event = {"event": "answer", "text": said} if hop else {"event": "dial", "code": said}
        return self.send("generic", version=1, session="a", msisdn=NUMBER, hop=hop, **event)

    def wigal(self, mode: str, said: str, hop_id: object) -> str:
        about = {"sessionid": "a", "msisdn": NUMBER, "trafficid": str(hop_id)}
        return self.send("wigal", mode=mode, userdata=said, **about)

    def nalo(self, said: str, *, opens: bool = False) -> str:
        about = {"USERID": "u", "SESSIONID": "a", "MSISDN": NUMBER}
        return self.send("nalo", USERDATA=said, MSGTYPE=opens, **about)


@pytest.fixture
def gateway(door: Door) -> Gateway:
    return Gateway(door)


def test_a_late_answer_that_begins_a_lost_session_leads_nobody_to_pay(
    door: Door, gateway: Gateway
) -> None:
    """A gateway may bring what was dialled with every hop; the key that follows answered a menu."""
    number = door.fine()
    dialled = f"*789*1*{number}#"
    gateway.hubtel("initiation", dialled, 1, dialled)
    gateway.hubtel("response", "2", 2, dialled)
    door.context.redis.client.flushall()
    late = gateway.hubtel("response", "2", 2, dialled)
    assert number in late
    assert gateway.hubtel("response", "1", 3, dialled) == late
    assert not attempts_of(door.context, number)
    gateway.hubtel("response", "1", 4, dialled)
    assert len(attempts_of(door.context, number)) == 1


def test_a_late_answer_beyond_what_is_kept_leads_nobody_to_pay(
    door: Door, gateway: Gateway
) -> None:
    """Another server of Redis may know an older state: what stands was left behind."""
    number = door.fine()
    confirmation = json.loads(gateway.generic(0, f"*789*1*{number}#"))["text"]
    for hop, said in ((3, "2"), (4, "1")):
        assert json.loads(gateway.generic(hop, said))["text"] == confirmation
    assert not attempts_of(door.context, number)
    gateway.generic(5, "1")
    assert len(attempts_of(door.context, number)) == 1


def test_an_opening_under_another_id_of_a_hop_shows_the_current_screen(
    door: Door, gateway: Gateway
) -> None:
    number = door.fine()
    shown = json.loads(gateway.wigal("START", f"*789*1*{number}#", 0))["userdata"]
    assert json.loads(gateway.wigal("START", f"*789*1*{number}#", 2))["userdata"] == shown
    assert not attempts_of(door.context, number)
    gateway.wigal("MORE", "1", 3)
    assert len(attempts_of(door.context, number)) == 1


def test_what_is_kept_of_a_session_with_ids_does_not_grow_for_ever(
    door: Door, gateway: Gateway
) -> None:
    ids = count(1)
    gateway.wigal("START", "*789#", 0)
    gateway.wigal("MORE", "1", next(ids))
    sizes: list[int] = []
    for _ in range(100):
        gateway.wigal("MORE", "3", next(ids))
        gateway.wigal("MORE", "0", next(ids))
        redis = door.context.redis.client
        kept = [redis.get(key) for key in redis.scan_iter() if redis.type(key) == b"string"]
        sizes.append(sum(len(cast("bytes", value)) for value in kept))
    assert sizes[-1] == sizes[60]


class _Overtaken:
    """Redis, whose next writing of a session is overtaken by the same turn, and takes long."""

    def __init__(self, store: Store, gateway: Gateway, clock: Clock, said: str) -> None:
        self._store, self._gateway, self._clock, self._said = store, gateway, clock, said
        self.faster = ""

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def swap(self, key: str, old: bytes, new: bytes, seconds: int, due: int) -> bool:
        if not self.faster:
            self.faster = "on its way"
            self.faster = self._gateway.nalo(self._said)
            self._clock.advance(seconds=5)
        return self._store.swap(key, old, new, seconds, due)


def test_the_same_answer_twice_at_once_is_one_however_long_it_takes(
    door: Door, gateway: Gateway, clock: Clock
) -> None:
    gateway.nalo("*789#", opens=True)
    clock.advance(seconds=5)
    gateway.nalo("1")
    clock.advance(seconds=5)
    redis = _Overtaken(door.context.redis, gateway, clock, "1")
    door.give(replace(door.context, redis=cast("Store", redis)))
    assert gateway.nalo("1") == redis.faster


def test_a_late_run_of_answers_beyond_what_is_kept_leads_nobody_to_pay(
    door: Door, phone: Phone
) -> None:
    number = door.fine()
    phone.show(number)
    with going_back(door.context) as go_back:
        phone.type("2", "2")
        go_back()
        phone.again()
        assert number in phone.type("1")
        assert not attempts_of(door.context, number)
        assert phone.type("1").startswith(SENT)
