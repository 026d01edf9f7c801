"""Evidence, as the tests of money speak of it. One bill of `DUE` francs."""

from datetime import date

from domain.bill import FINE, Bill, BillStatus
from domain.money import Money
from domain.payment import Evidence, Failure, Kind, Source, Status

DUE = 3000

SUBMITTING = Evidence(Kind.SUBMITTING, Source.OURS)
UNKNOWN = Evidence(Kind.UNKNOWN, Source.OURS)
NOT_SENT = Evidence(Kind.NOT_SENT, Source.OURS)
PENDING = Evidence(Kind.PENDING, Source.REPLY)
BUSY = Evidence(Kind.BUSY, Source.INQUIRY)
CLOSED = Evidence(Kind.CLOSED_UNPAID, Source.STATEMENT)


def word(said: str = "SUCCESSFUL") -> Evidence:
    return Evidence(Kind.UNRECOGNISED, Source.INQUIRY, word=said)


def failed(failure: Failure = Failure.REFUSED, source: Source = Source.INQUIRY) -> Evidence:
    return Evidence(Kind.FAILED, source, failure=failure)


def paid(ref: str = "MP1", francs: int = DUE, source: Source = Source.INQUIRY) -> Evidence:
    return Evidence(Kind.PAID, source, ref, francs)


def undone(ref: str = "MP1", francs: int = DUE) -> Evidence:
    return Evidence(Kind.REVERSED, Source.STATEMENT, ref, francs)


def bill(status: BillStatus = BillStatus.DUE, francs: int = DUE) -> Bill:
    day, basis = date(2026, 11, 12), "Arrêté 2024-2477"
    return Bill("4821937028", FINE, "demo_parking", Money(francs), basis, day, status=status)


# Weakest first; what stands together in one step cannot be told by strength.
PRIORITY = (
    {Status.CREATED},
    {Status.SUBMITTING},
    {Status.UNKNOWN},
    {Status.PENDING},
    {Status.FAILED},
    {Status.CLOSED_UNPAID},
    {Status.REVERSED},
    {Status.SUCCEEDED, Status.MISMATCH},
    {Status.DOUBLE_DEBIT},
)


def rank(status: Status) -> int:
    return next(place for place, step in enumerate(PRIORITY) if status in step)
