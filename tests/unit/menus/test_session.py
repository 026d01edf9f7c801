"""A session is JSON both ways, and nothing else is taken for one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from menus.protocol import SESSION_VERSION, Session

words = st.text(max_size=30)
sessions = st.builds(
    Session,
    node=words,
    lang=words,
    trail=st.lists(words, max_size=16).map(tuple),
    answers=st.dictionaries(words, words, max_size=20),
    page=st.integers(-(2**63), 2**63 - 1),
    problem=words,
    sought=words,
)
GOOD = b'["home","fr",[],{},0,"","",2]'


@settings(max_examples=40)
@given(sessions)
def test_a_session_survives_json(session: Session) -> None:
    assert Session.from_json(session.to_json()) == session


@settings(max_examples=40)
@given(sessions)
def test_the_order_of_answers_survives_json(session: Session) -> None:
    read = Session.from_json(session.to_json())
    assert read is not None
    assert list(read.answers) == list(session.answers)


@settings(max_examples=40)
@given(sessions, st.integers(-1000, 1000).filter(lambda version: version != SESSION_VERSION))
def test_a_session_of_another_version_is_none(session: Session, version: int) -> None:
    assert Session.from_json(replace(session, version=version).to_json()) is None


@given(st.binary(max_size=200))
def test_garbage_is_no_session(raw: bytes) -> None:
    assert Session.from_json(raw) is None


def test_the_bytes_that_are_broken_below_are_a_session() -> None:
    assert Session.from_json(GOOD) == Session("home", "fr")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"{}",
        b"[]",
        b'["home"]',
        b'["home",7]',
        GOOD.replace(b"0", b'"0"'),
        GOOD.replace(b"{}", b'{"a":1}'),
        GOOD.replace(b"2]", b"1]"),
        GOOD[:-1],
        b'{"node":"home","lang":"fr","version":2}',
    ],
)
def test_json_of_another_shape_is_no_session(raw: bytes) -> None:
    assert Session.from_json(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(GOOD.replace(b"home", b"\xff"), id="not UTF-8"),
        pytest.param(GOOD.replace(b"{}", b'{"a":"\xed\xa0\x80"}'), id="half a character"),
        pytest.param(GOOD[:-1] + b"," + b"[" * 100_000, id="too deep"),
    ],
)
def test_broken_bytes_are_no_session(raw: bytes) -> None:
    assert Session.from_json(raw) is None


@settings(max_examples=40)
@given(sessions, st.integers(2, 7))
def test_a_session_cut_short_is_none(session: Session, kept: int) -> None:
    # Or a shape of before, with fewer parts and no version, would pass for the present one.
    parts = json.loads(session.to_json())[:kept]
    assert Session.from_json(json.dumps(parts).encode()) is None
