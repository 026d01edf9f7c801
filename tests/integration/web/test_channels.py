"""Channels of a file: who does not prove what a channel asks gets no further, and writes no row."""

import hmac
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread
from typing import cast

import pytest
from flask import Flask

from tests.integration.conftest import Build
from tests.integration.web.citizen import FORM, PROBLEM, Door, everything, form
from tests.integration.web.words import LANGUAGE, end
from ussd_app.channels import ChannelsError
from ussd_app.store.redis import Store
from ussd_app.usecases.context import Context
from ussd_app.web.proxies import ProxyError

KEYS = {
    "SARALI_X_OLD": "the-old-key-of-x-gateway",
    "SARALI_X_NEW": "the-new-key-of-x-gateway",
    "SARALI_X_SLASH": "a/key+in/base64==",
}
PROXY, INSIDE, OUTSIDE = "198.51.100.1", "192.0.2.77", "203.0.113.9"
FILE = """
[channels.path]
dialect = "africastalking"
codes = ["*456#", "*789#"]
secret = "SARALI_X_OLD"

[channels.slash]
dialect = "africastalking"
codes = ["*789#"]
secret = "SARALI_X_SLASH"

[channels.address]
dialect = "africastalking"
codes = ["*789#"]
networks = ["192.0.2.0/24"]

[channels.shared]
dialect = "africastalking"
codes = ["*789#"]
shared = { header = "X-Api-Key", secrets = ["SARALI_X_OLD", "SARALI_X_NEW"] }

[channels.signed]
dialect = "africastalking"
codes = ["*789#"]
[channels.signed.signature]
header = "X-Signature"
timestamp = "X-Timestamp"
keys = ["SARALI_X_OLD", "SARALI_X_NEW"]

[channels.certified]
dialect = "africastalking"
codes = ["*789#"]
certificates = ["b0:15"]

[channels.slow]
dialect = "africastalking"
codes = ["*789#"]
rate = 2

[channels.narrow]
dialect = "africastalking"
codes = ["*789#"]
at_once = 1
"""
TURN = form("+22370000001", "session", "")
BUSY = end("busy", code="*789#")
Headers = dict[str, str]


@pytest.fixture(scope="module")
def _fenced(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("channels") / "channels.toml"
    path.write_text(FILE)
    proxies = {"SARALI_PROXIES": "1", "SARALI_PROXY_NETWORKS": PROXY}
    return build({"SARALI_CHANNELS": str(path), **KEYS, **proxies})


@pytest.fixture
def fenced(_fenced: Flask, context: Context) -> Iterator[Door]:
    """The application with the channels of the file, over empty servers."""
    own: Context = _fenced.extensions["sarali"]
    assert own.db is not context.db
    yield Door(_fenced)
    _fenced.extensions["sarali"] = own


def turn(door: Door, channel: str, headers: Headers, at: str = OUTSIDE) -> tuple[int, str]:
    told = {"Content-Type": FORM, **headers}
    answer = door.request("POST", f"/ussd/{channel}", told, at, TURN)
    assert answer.status_code == 200 or answer.mimetype == PROBLEM
    return answer.status_code, answer.get_data(as_text=True)


def signed(key: str, at: float, body: bytes = TURN, path: str = "/ussd/signed") -> Headers:
    stamp = str(int(at))
    message = f"{stamp}\nPOST\n{path}?\n".encode() + body
    signature = hmac.digest(KEYS[key].encode(), message, "sha256").hex()
    return {"X-Signature": signature, "X-Timestamp": stamp}


def certified(told: str = "b0:15", client: str = OUTSIDE) -> Headers:
    return {"X-Client-Certificate": told, "X-Forwarded-For": client}


def test_who_proves_what_is_asked_is_answered(fenced: Door) -> None:
    now = time.time()
    for channel, headers, at in (
        (f"path/{KEYS['SARALI_X_OLD']}", {}, OUTSIDE),
        (f"slash/{KEYS['SARALI_X_SLASH']}", {}, OUTSIDE),
        ("address", {}, INSIDE),
        ("address", {"X-Forwarded-For": INSIDE}, PROXY),
        ("shared", {"X-Api-Key": KEYS["SARALI_X_OLD"]}, OUTSIDE),
        ("shared", {"X-Api-Key": KEYS["SARALI_X_NEW"]}, OUTSIDE),
        ("signed", signed("SARALI_X_OLD", now), OUTSIDE),
        ("signed", signed("SARALI_X_NEW", now - 290), OUTSIDE),
        ("certified", certified(), PROXY),
    ):
        status, shown = turn(fenced, channel, headers, at)
        assert (status, shown[:3]) == (200, "CON"), (channel, shown)


def test_who_does_not_is_told_nothing_and_leaves_no_trace(fenced: Door) -> None:
    now = time.time()
    old = KEYS["SARALI_X_OLD"]
    before = everything(fenced.context)
    for channel, headers, at in (
        ("path", {}, OUTSIDE),
        (f"path/{old}x", {}, OUTSIDE),
        (f"path/{old}/x", {}, OUTSIDE),
        ("slash/a", {}, OUTSIDE),
        ("nowhere", {}, OUTSIDE),
        ("address", {}, OUTSIDE),
        ("address", {"X-Forwarded-For": INSIDE}, OUTSIDE),
        ("address", {"X-Forwarded-For": OUTSIDE}, PROXY),
        ("address", {"X-Forwarded-For": "nobody"}, PROXY),
        ("shared", {}, OUTSIDE),
        ("shared", {"X-Api-Key": ""}, OUTSIDE),
        ("shared", {"X-Api-Key": f"{old} "[:-2]}, OUTSIDE),
        ("signed", {}, OUTSIDE),
        ("signed", signed("SARALI_X_OLD", now - 400), OUTSIDE),
        ("signed", signed("SARALI_X_OLD", now + 400), OUTSIDE),
        ("signed", signed("SARALI_X_OLD", now, TURN + b"1"), OUTSIDE),
        ("signed", signed("SARALI_X_OLD", now, path="/ussd/shared"), OUTSIDE),
        ("signed", {**signed("SARALI_X_OLD", now), "X-Timestamp": "9" * 400}, OUTSIDE),
        ("signed", {**signed("SARALI_X_OLD", now), "X-Timestamp": "-1"}, OUTSIDE),
        ("signed", {**signed("SARALI_X_OLD", now), "X-Signature": "é"}, OUTSIDE),
        ("certified", {}, PROXY),
        ("certified", certified("b0:16"), PROXY),
        ("certified", certified(), OUTSIDE),
    ):
        status, _ = turn(fenced, channel, headers, at)
        known_door = channel in {"address", "shared", "signed", "certified"}
        assert status == (403 if known_door else 404), (channel, headers)
    assert everything(fenced.context) == before


def test_a_signed_turn_that_comes_again_is_the_turn_repeated(fenced: Door) -> None:
    headers = signed("SARALI_X_OLD", time.time())
    assert turn(fenced, "signed", headers) == turn(fenced, "signed", headers)


def test_a_channel_may_have_more_than_one_code(fenced: Door) -> None:
    path = f"/ussd/path/{KEYS['SARALI_X_OLD']}"
    for code in ("*456#", "*789#", "*456*9#"):
        body = form("+22370000001", f"session {code}", "", code)
        shown = fenced.post(path, body).get_data(as_text=True)
        assert shown.startswith("CON"), shown
    body = form("+22370000001", "another", "", "*111#")
    shown = fenced.post(path, body).get_data(as_text=True)
    assert shown.startswith(end("unknown_code", code="*456#"))


def test_a_session_of_one_channel_is_not_that_of_another(fenced: Door) -> None:
    assert turn(fenced, "slow", {})[1].startswith(LANGUAGE)
    body = form("+22370000001", "session", "1")
    inside = fenced.post("/ussd/africastalking", body).get_data(as_text=True)
    assert not inside.startswith(LANGUAGE)
    assert turn(fenced, "slow", {})[1].startswith(LANGUAGE)


def test_beyond_its_rate_a_channel_asks_to_call_again(fenced: Door) -> None:
    now = fenced.context.now()
    fenced.give(replace(fenced.context, now=lambda: now))
    shown = [turn(fenced, "slow", {})[1] for _ in range(4)]
    assert [text.startswith("CON") for text in shown] == [True, True, False, False]
    assert shown[-1].startswith(BUSY)
    fenced.give(replace(fenced.context, now=lambda: now.replace(second=(now.second + 1) % 60)))
    assert turn(fenced, "slow", {})[1].startswith("CON")


class _Waiting:
    """Redis, whose first reading of a session waits until it is let go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.inside, self.let_go = Event(), Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def load(self, key: str) -> bytes:
        self.inside.set()
        assert self.let_go.wait(10)
        return self._store.load(key)


def test_more_at_once_than_a_channel_may_bring_are_asked_to_call_again(fenced: Door) -> None:
    context = fenced.context
    waiting = _Waiting(context.redis)
    fenced.give(replace(context, redis=cast("Store", waiting)))
    first: list[str] = []
    caller = Thread(target=lambda: first.append(turn(fenced, "narrow", {})[1]))
    caller.start()
    assert waiting.inside.wait(10)
    second = turn(fenced, "narrow", {})[1]
    waiting.let_go.set()
    caller.join(10)
    assert first[0].startswith("CON")
    assert second.startswith(BUSY)
    assert turn(fenced, "narrow", {})[1].startswith("CON")


@pytest.mark.parametrize(
    "changes",
    [
        {"SARALI_CHANNELS": "/nowhere/channels.toml"},
        {"SARALI_PROXIES": "1"},
        {"SARALI_PROXY_NETWORKS": PROXY},
        {"SARALI_PROXIES": "1", "SARALI_PROXY_NETWORKS": "somewhere"},
    ],
)
def test_an_application_whose_doors_cannot_be_kept_is_not_built(
    build: Build, changes: Headers
) -> None:
    with pytest.raises((ChannelsError, ProxyError)):
        build(changes)
