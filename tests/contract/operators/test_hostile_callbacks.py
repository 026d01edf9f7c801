"""Callbacks nobody sane would send: none breaks a connector, and none passes for a signed one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from payments.operators.base import Callback
from tests.contract.operators.case import Case, Knock
from tests.contract.operators.cases import CASES

SIGNED = [case for case in CASES if any(not knock.heard.genuine for knock in case.knocks)]
GENUINE = [(case, knock) for case in SIGNED for knock in case.knocks if knock.heard.genuine]
NAMES = sorted({name for case in CASES for knock in case.knocks for name in knock.callback.headers})
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = st.sampled_from(
    ["t=", "v1=", ",", "0", "1795348800", "a" * 64, "é", "\udcff", " ", "=", "-"]
)
VALUES = st.lists(WORDS | st.text(max_size=8), max_size=12).map("".join)
BODIES = st.binary(max_size=64) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "data", "txId", "reference", "x"]), inner)
    ),
    max_leaves=8,
).map(repr).map(lambda said: said.replace("'", '"').encode(errors="replace"))


def named(case: Case, knock: Knock) -> str:
    return f"{case.name}: {knock.about}"


def test_some_operators_sign() -> None:
    assert {case.name for case in SIGNED} >= {"wave", "orange_otp", "pi_spi"}
    assert NAMES


@pytest.mark.parametrize(("case", "knock"), GENUINE, ids=[named(*one) for one in GENUINE])
def test_a_body_with_a_bit_changed_is_forged(case: Case, knock: Knock) -> None:
    body = knock.callback.body
    for at in range(0, len(body) * 8, 1 + len(body) // 100):  # all over a long one
        mutated = bytearray(body)
        mutated[at // 8] ^= 1 << at % 8
        heard = case.operator.hear(replace(knock.callback, body=bytes(mutated)))
        assert not heard.genuine, at
        assert not heard.attempt_ids


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@given(headers=st.dictionaries(st.sampled_from(NAMES), VALUES), body=BODIES)
@example(headers={}, body=b"[" * 9000)
@example(headers={}, body=b'{"id":' + b"9" * 9000 + b"}")
@example(headers={}, body=b"\xff\xfe{\x00}\x00")
def test_whatever_comes_is_heard_out(case: Case, headers: dict[str, str], body: bytes) -> None:
    heard = case.operator.hear(Callback(headers, body, NOON))
    assert heard.genuine is (case not in SIGNED)
