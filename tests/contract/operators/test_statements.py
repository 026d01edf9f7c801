"""A closed statement is read whole, or not at all."""

import pytest

from payments.operators.base import Answer
from payments.reconciliation import Statement, evidence_of
from tests.contract.operators.case import Case, Told
from tests.contract.operators.cases import CASES, every


@every(lambda case: case.statements)
def test_a_statement_is_read_whole_or_not_at_all(case: Case, told: Told[Statement | None]) -> None:
    assert case.operator.read_statement(told.outcome) == told.meaning


@every(lambda case: case.statements)
def test_every_line_that_is_read_is_evidence(case: Case, told: Told[Statement | None]) -> None:
    statement = case.operator.read_statement(told.outcome)
    for line in statement.lines if statement else ():
        fact = evidence_of(line)
        assert fact.operator_ref
        assert fact.francs


written_in_lines = pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.report and case.report.body.startswith(b"#")],
    ids=lambda case: case.name,
)


@written_in_lines
def test_a_statement_cut_inside_a_line_is_none(case: Case) -> None:
    """A cut answer must not turn 3 000 F into 300: nothing has more authority than a statement."""
    assert case.report is not None
    *before, last = case.report.body.splitlines(keepends=True)[:3]
    assert case.operator.read_statement(Answer(200, b"".join([*before, last]))) is not None
    for length in range(1, len(last) - 1):
        cut = Answer(200, b"".join([*before, last[:length]]))
        assert case.operator.read_statement(cut) is None, last[:length]
