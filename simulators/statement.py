"""The operator's report of money moved, closed every ten seconds and never altered again.

    # period;<from>;<until>;closed
    kind;at;txnid;order_id;msisdn;amount;reversed_txnid

`kind` is CREDIT or REVERSAL; amounts are whole francs without sign; `msisdn` is the number as it
was given to pay (8 national digits); moments are UTC. A report begins with the period asked for and
holds the lines with from <= at < until, the end of the last closed period. Asking by instant and
not by number, a merchant loses its place neither by restarting nor when the operator does. Ours
to define: no Malian operator publishes the format of its daily report.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from simulators.clock import iso

PERIOD: Final = timedelta(seconds=10)
_COLUMNS = ("kind", "at", "txnid", "order_id", "msisdn", "amount", "reversed_txnid")


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of money."""

    kind: str
    at: datetime
    txnid: str
    order_id: str
    msisdn: str
    amount: int
    reversed_txnid: str = ""

    def cells(self) -> tuple[object, ...]:
        told = (self.kind, iso(self.at), self.txnid, self.order_id)
        return (*told, self.msisdn, self.amount, self.reversed_txnid)


class Statement:
    """The lines since the operator opened, closed period by period."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._closed = datetime.min.replace(tzinfo=UTC)

    def add(self, line: Line) -> None:
        """Write `line` into the period of its moment.

        Raises:
            ValueError: when that period has been published: a closed report is immutable.
        """
        if line.at < self._closed:
            raise ValueError(f"the report is closed until {iso(self._closed)}")
        self._lines.append(line)

    def report(self, since: datetime, now: datetime) -> str | None:
        """Return all that is closed from the period of `since` on, as CSV; None when nothing is."""
        begin, end = _floor(since), _floor(now)
        if end <= begin:
            return None
        self._closed = max(self._closed, end)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        writer.writerow(("# period", iso(begin), iso(end), "closed"))
        writer.writerow(_COLUMNS)
        for line in sorted(self._lines, key=lambda line: (line.at, line.txnid)):
            if begin <= line.at < end:
                writer.writerow(line.cells())
        return text.getvalue()


def _floor(moment: datetime) -> datetime:
    """The beginning of the period of `moment`: periods are counted from midnight."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // PERIOD * PERIOD
