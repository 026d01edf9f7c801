"""Whatever an operator answers, reading it raises nothing, invents no money and ends no attempt."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import FRANCS_MAX
from domain.payment import MONEY_KINDS, Evidence, Kind
from payments.operators.base import Answer
from payments.reconciliation import evidence_of
from tests.contract.operators.case import Case
from tests.contract.operators.cases import CASES, every_case

STATUSES = st.sampled_from([200, 200, 200, 417, 401, 500]) | st.integers(100, 599)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["SUCCESSFULL", "FAILED", "PENDING", "", "200", "60019", 10**400])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def read_all(case: Case, answer: Answer) -> None:
    """Read `answer` in every way there is, and check what may be concluded from it."""
    token = case.operator.read_authorise(answer)
    assert token is None or (token.bearer and 0 < token.lifetime < 10**9)
    prepared = case.operator.read_prepare(answer)
    assert prepared is None or prepared.key
    for _, facts in case.readings(lambda _shape: answer):
        check(facts)
    statement = case.operator.read_statement(answer)
    check(tuple(evidence_of(line) for line in statement.lines) if statement else ())


def check(facts: tuple[Evidence, ...]) -> None:
    for fact in facts:
        if fact.kind in MONEY_KINDS:
            assert fact.operator_ref
            assert fact.francs is not None
            assert 0 < fact.francs <= FRANCS_MAX
        else:
            assert fact.operator_ref is None
        assert fact.word is None or len(fact.word) <= 100


@every_case
@settings(max_examples=300)
@given(status=STATUSES, body=st.binary(max_size=200))
def test_bytes(case: Case, status: int, body: bytes) -> None:
    read_all(case, Answer(status, body))
    answer = Answer(status, body)
    kinds = {fact.kind for _, facts in case.readings(lambda _shape: answer) for fact in facts}
    assert not kinds & {Kind.PAID, Kind.FAILED, Kind.NOT_SENT, Kind.CLOSED_UNPAID}


@every_case
@settings(max_examples=200)
@given(status=STATUSES, document=VALUES)
def test_documents(case: Case, status: int, document: object) -> None:
    read_all(case, Answer(status, json.dumps(document).encode()))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.reply or case.inquiry], ids=lambda case: case.name
)
@settings(max_examples=400)
@given(
    status=STATUSES,
    which=st.integers(0, 2),
    inside=st.booleans(),
    place=st.integers(0, 9),
    value=VALUES,
)
def test_documents_with_one_value_exchanged(
    case: Case, status: int, which: int, place: int, value: object, *, inside: bool
) -> None:
    standing = [shape.standing for shape in (case.reply, case.inquiry) if shape]
    known = [*standing, *([case.bearer] if case.bearer else [])]
    body = known[which % len(known)].body
    if not body.startswith(b"{"):  # no JSON: spoilt piece by piece below
        return
    good: dict[str, Any] = json.loads(body)
    inner = next((part for part in good.values() if isinstance(part, dict)), good)
    changed = inner if inside else good
    changed[sorted(changed)[place % len(changed)]] = value
    read_all(case, Answer(status, json.dumps(good).encode()))


@every_case
@settings(max_examples=400)
@given(
    place=st.floats(0, 1),
    length=st.integers(0, 30),
    piece=st.binary(max_size=8) | st.sampled_from([b"-", b"0", b";", b"\n", b'"', b""]),
)
def test_answers_with_a_piece_exchanged(
    case: Case, place: float, length: int, piece: bytes
) -> None:
    standing = [shape.standing for shape in (case.reply, case.inquiry) if shape]
    for good in (*standing, *([case.report] if case.report else [])):
        begin = int(place * len(good.body))
        spoilt = good.body[:begin] + piece + good.body[begin + length :]
        read_all(case, Answer(good.status, spoilt))
