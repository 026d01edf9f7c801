"""The operator's closed statement: the last word on every attempt, and on money nobody announced.

A statement is read line by line into facts; a line that names no attempt of ours is money without
an owner, kept apart for a human. Absence proves something only once the statements are closed
through the operator's expiry and the grace after it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.payment import Evidence, Kind, Source, Status


class LineKind(StrEnum):
    """What a line says happened."""

    CREDIT = "CREDIT"
    REVERSAL = "REVERSAL"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, `francs` whole. On a reversal `operator_ref` is the ref undone.

    `attempt_id` is empty where the operator was told of none, `payer` where it does not say.
    """

    line_key: str
    kind: LineKind
    operator_ref: str
    attempt_id: str
    francs: int
    at: datetime
    payer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything the operator closed between two UTC instants, `until` excluded.

    Of one that comes by pages, `after` is the cursor of the next page, empty on the last. A page
    closes no more than it shows; it may have lines of later instants, which the next one closes.
    """

    since: datetime
    until: datetime
    lines: tuple[Line, ...]
    after: str = ""


def evidence_of(line: Line) -> Evidence:
    """Return the fact a line states."""
    kind = Kind.PAID if line.kind is LineKind.CREDIT else Kind.REVERSED
    return Evidence(kind, Source.STATEMENT, line.operator_ref, line.francs)


def proves_absence(
    status: Status,
    submitted_at: datetime | None,
    closed: tuple[datetime, datetime],
    patience: timedelta,
) -> bool:
    """Whether statements `closed` from one instant to another prove an attempt took no money.

    `patience` is the operator's expiry and the grace after it. The statements have no gap.
    """
    if status not in {Status.UNKNOWN, Status.PENDING} or submitted_at is None:
        return False
    since, until = closed
    return since <= submitted_at and submitted_at + patience <= until
