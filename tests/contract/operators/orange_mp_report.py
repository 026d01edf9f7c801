"""The closed report of Orange Money `mp`. Ours to define: no Malian operator publishes its own."""

from datetime import UTC, datetime

from payments.operators.base import Answer, NoAnswer
from payments.reconciliation import Line, LineKind, Statement
from tests.contract.operators.case import Told

START = "2026-11-22T12:00:00Z"
PERIOD = f"# period;{START};2026-11-22T12:00:10Z;closed\n"
HEADER = "kind;at;txnid;order_id;msisdn;amount;reversed_txnid\n"
CREDIT = "CREDIT;2026-11-22T12:00:01.500Z;MP1;order-1;76123456;3000;\n"
REVERSAL = "REVERSAL;2026-11-22T14:00:09+02:00;MP2;order-1;76123456;3000;MP1\n"


def at(second: int, microsecond: int = 0) -> datetime:
    return datetime(2026, 11, 22, 12, 0, second, microsecond, tzinfo=UTC)


CREDITED = Line("MP1", LineKind.CREDIT, "MP1", "order-1", 3000, at(1, 500_000), "76123456")
REVERSED = Line("MP2", LineKind.REVERSAL, "MP1", "order-1", 3000, at(9), "76123456")


def csv(*parts: str, status: int = 200) -> Answer:
    return Answer(status, "".join(parts).encode())


def closed(*lines: Line) -> Statement:
    return Statement(at(0), at(10), lines)


def spoiled(about: str, old: str, new: str, line: str = CREDIT) -> Told[Statement | None]:
    assert line.count(old) == 1
    return Told(about, csv(PERIOD, HEADER, CREDIT, line.replace(old, new)), None)


GOOD = csv(PERIOD, HEADER, CREDIT, REVERSAL)

STATEMENTS: tuple[Told[Statement | None], ...] = (
    Told("two movements", GOOD, closed(CREDITED, REVERSED)),
    Told("a quiet period", csv(PERIOD, HEADER), closed()),
    Told("carriage returns", csv(PERIOD, HEADER, CREDIT.replace("\n", "\r\n")), closed(CREDITED)),
    Told("a quoted field", csv(PERIOD, HEADER, CREDIT.replace("MP1", '"MP1"')), closed(CREDITED)),
    Told("not closed yet", csv("no closed period", status=404), None),
    Told("an open period", csv(PERIOD.replace("closed", "open"), HEADER, CREDIT), None),
    Told("no period", csv(HEADER, CREDIT), None),
    Told("no header", csv(PERIOD, CREDIT, CREDIT), None),
    Told("another header", csv(PERIOD, HEADER.replace("amount", "montant"), CREDIT), None),
    Told("a period without a zone", csv(PERIOD.replace("0Z;2", "0;2"), HEADER, CREDIT), None),
    Told("a period too early", csv(PERIOD.replace(START, "0001-01-01T00:00+14:00"), HEADER), None),
    Told("another encoding", Answer(200, GOOD.body.replace(b"order", b"\xff\xfe")), None),
    Told("a line without end", csv(PERIOD, HEADER, "A" * 200_000), None),
    Told("no answer", NoAnswer.LOST, None),
    Told("not sent", NoAnswer.NOT_SENT, None),
    spoiled("another kind", "CREDIT", "DEBIT"),
    spoiled("no kind", "CREDIT", ""),
    spoiled("an amount of nothing", "3000", "0"),
    spoiled("an amount below nothing", "3000", "-3000"),
    spoiled("an amount with cents", "3000", "3000.50"),
    spoiled("an amount in words", "3000", "trois mille"),
    spoiled("an amount out of bounds", "3000", "9" * 12),
    spoiled("an amount without end", "3000", "9" * 5000),
    spoiled("no amount", "3000", ""),
    spoiled("no transaction", "MP1", ""),
    spoiled("a moment without a zone", "500Z", "500"),
    spoiled("a moment that is none", "2026-11-22", "yesterday "),
    spoiled("a moment of another age", "2026-11-22", "0001-01-01"),
    spoiled("a moment of the last age", "2026-11-22", "9999-12-31"),
    spoiled("a column missing at the end", "3000;", "3000"),
    spoiled("two columns missing at the end", ";3000;", ""),
    spoiled("a column too many", "3000;", "3000;;surprise"),
    spoiled("a reversal of nothing", ";MP1", ";", REVERSAL),
    spoiled("a reversal cut short", ";MP1", "", REVERSAL),
)  # fmt: skip
