"""Yes, no and unknown are three things: what is not said plainly never ends an attempt."""

import pytest

from domain.payment import OPEN, Evidence, Kind, Source
from payments.evidence import fold
from payments.operators.base import Answer, NoAnswer, Outcome
from tests.contract.operators.case import FRANCS, Case
from tests.contract.operators.cases import CASES, every_case

SERVER_ERRORS = (500, 501, 502, 503, 504, 520, 599)
STATUSES = (
    *(100, 200, 201, 202, 204, 301, 302, 307, 400, 401, 403, 404, 405, 408, 409, 417, 422, 429),
    *SERVER_ERRORS,
)
GARBAGE = {
    "nothing": b"",
    "spaces": b" \r\n ",
    "a page": b"<!DOCTYPE html><html><body><h1>FAILED</h1></body></html>",
    "half a document": b'{"message": "ok", "data": {"status": "FAI',
    "a list": b"[]",
    "a list of documents": b'[{"data": {"status": "FAILED"}}]',
    "a word": b'"FAILED"',
    "a number": b"12345",
    "null": b"null",
    "data that is none": b'{"message": "ok", "data": null}',
    "data that is a list": b'{"message": "ok", "data": ["FAILED"]}',
    "data that is a word": b'{"message": "ok", "data": "FAILED"}',
    "no data": b'{"message": "FAILED", "status": "FAILED"}',
    "another encoding": '{"data": {"status": "Échoué"}}'.encode("latin-1"),
    "bytes": bytes(range(256)),
    "nul": b"\x00" * 10,
    "huge": b"x" * 1_000_000,
    "a huge number": b"9" * 10_000,
    "deep": b"[" * 100_000,
    "deep documents": b'{"data":' * 100_000,
}
EACH_GARBAGE = pytest.mark.parametrize("garbage", GARBAGE.values(), ids=list(GARBAGE))


def assert_open(facts: tuple[Evidence, ...]) -> None:
    """The attempt stays open, to be asked about: neither paid nor failed."""
    assert facts
    marked = Evidence(Kind.SUBMITTING, Source.OURS)
    assert fold(FRANCS, [marked, *facts]).status in OPEN
    assert not {Kind.NOT_SENT, Kind.SUBMITTING} & {fact.kind for fact in facts}


def assert_nothing(case: Case, outcome: Outcome) -> None:
    """Neither a bearer, nor a key, nor a statement."""
    assert case.operator.read_authorise(outcome) is None
    assert case.operator.read_prepare(outcome) is None
    assert case.operator.read_statement(outcome) is None


def documented(case: Case) -> list[bytes]:
    """The bodies of all answers that mean something under their own status."""
    told = (line.outcome for table in (case.collected, case.inquired) for line in table)
    return [outcome.body for outcome in told if isinstance(outcome, Answer)]


collecting = pytest.mark.parametrize(
    "case", [case for case in CASES if case.reply], ids=[c.name for c in CASES if c.reply]
)


@collecting
def test_a_collection_without_an_answer_is_unknown(case: Case) -> None:
    facts = case.operator.read_collect(NoAnswer.LOST, case.order)
    assert facts == (Evidence(Kind.UNKNOWN, Source.OURS),)


@collecting
def test_a_collection_that_never_left_was_not_sent(case: Case) -> None:
    facts = case.operator.read_collect(NoAnswer.NOT_SENT, case.order)
    assert facts == (Evidence(Kind.NOT_SENT, Source.OURS),)


@collecting
@EACH_GARBAGE
def test_a_server_error_is_unknown_whatever_it_says(case: Case, garbage: bytes) -> None:
    for status in SERVER_ERRORS:
        for body in (garbage, *documented(case)):
            facts = case.operator.read_collect(Answer(status, body), case.order)
            assert [fact.kind for fact in facts] == [Kind.UNKNOWN]


@collecting
@EACH_GARBAGE
def test_an_answer_nobody_can_read_leaves_the_attempt_open(case: Case, garbage: bytes) -> None:
    for status in STATUSES:
        assert_open(case.operator.read_collect(Answer(status, garbage), case.order))


@collecting
def test_an_undocumented_status_leaves_the_attempt_open_whatever_it_says(case: Case) -> None:
    for status in set(STATUSES) - case.answers - case.refusals:
        for body in documented(case):
            assert_open(case.operator.read_collect(Answer(status, body), case.order))


@every_case
@pytest.mark.parametrize("outcome", NoAnswer)
def test_an_inquiry_without_an_answer_is_no_evidence(case: Case, outcome: NoAnswer) -> None:
    assert case.operator.read_inquire(outcome, case.order) == ()


@every_case
def test_a_failed_inquiry_is_no_evidence_whatever_it_says(case: Case) -> None:
    for status in set(STATUSES) - case.answers:
        for body in (*GARBAGE.values(), *documented(case)):
            assert case.operator.read_inquire(Answer(status, body), case.order) == ()


@every_case
@EACH_GARBAGE
def test_an_inquiry_nobody_can_read_is_no_evidence(case: Case, garbage: bytes) -> None:
    for status in case.answers:
        assert case.operator.read_inquire(Answer(status, garbage), case.order) == ()


@every_case
@EACH_GARBAGE
def test_garbage_is_neither_a_bearer_nor_a_key_nor_a_statement(case: Case, garbage: bytes) -> None:
    for status in STATUSES:
        assert_nothing(case, Answer(status, garbage))


@every_case
def test_a_good_body_under_a_bad_status_is_not_believed(case: Case) -> None:
    for status in set(STATUSES) - case.answers:
        for good in (case.bearer, case.report, *(told.outcome for told in case.keys)):
            if isinstance(good, Answer):
                assert_nothing(case, Answer(status, good.body))


@every_case
@pytest.mark.parametrize("outcome", NoAnswer)
def test_no_answer_is_neither_a_bearer_nor_a_key_nor_a_statement(
    case: Case, outcome: NoAnswer
) -> None:
    assert_nothing(case, outcome)
