"""Statements: what a line proves, and when absence proves anything."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.payment import Evidence, Kind, Source, Status
from payments.reconciliation import Line, LineKind, evidence_of, proves_absence

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PATIENCE = timedelta(minutes=7) + timedelta(days=1)
TICK = timedelta(microseconds=1)
OPEN_SINCE = NOON - timedelta(days=30)
DOUBTFUL = {Status.UNKNOWN, Status.PENDING}


def absent(
    status: Status = Status.UNKNOWN,
    submitted_at: datetime | None = NOON,
    since: datetime = OPEN_SINCE,
    until: datetime = NOON + PATIENCE,
) -> bool:
    return proves_absence(status, submitted_at, (since, until), PATIENCE)


@pytest.mark.parametrize(
    ("kind", "proved"), [(LineKind.CREDIT, Kind.PAID), (LineKind.REVERSAL, Kind.REVERSED)]
)
def test_a_line_is_evidence_of_the_highest_authority(kind: LineKind, proved: Kind) -> None:
    line = Line("MP9", kind, "MP1", "0" * 32, 3000, NOON)
    assert evidence_of(line) == Evidence(proved, Source.STATEMENT, "MP1", 3000)


def test_every_kind_of_line_is_read() -> None:
    lines = [Line("MP9", kind, "MP1", "0" * 32, 3000, NOON) for kind in LineKind]
    assert {evidence_of(line).kind for line in lines} == {Kind.PAID, Kind.REVERSED}


@pytest.mark.parametrize("status", Status)
def test_only_a_submitted_attempt_in_doubt_can_be_closed_by_absence(status: Status) -> None:
    assert absent(status) is (status in DOUBTFUL)


def test_what_was_never_submitted_is_not_closed_by_absence() -> None:
    assert not absent(submitted_at=None)


@pytest.mark.parametrize("status", sorted(DOUBTFUL))
def test_absence_counts_from_the_end_of_the_operators_expiry_and_the_grace(status: Status) -> None:
    assert absent(status, until=NOON + PATIENCE)
    assert absent(status, until=NOON + 2 * PATIENCE)
    assert not absent(status, until=NOON + PATIENCE - TICK)
    assert not absent(status, until=NOON)


@pytest.mark.parametrize("status", sorted(DOUBTFUL))
def test_absence_from_statements_that_begin_later_proves_nothing(status: Status) -> None:
    assert absent(status, since=NOON)
    assert not absent(status, since=NOON + TICK)
