"""A closed report as text: the form we ask operators for, until a contract gives another.

    # period;<since>;<until>;closed
    kind;at;txnid;order_id;msisdn;amount;reversed_txnid
    CREDIT;2026-11-22T03:10:04.000Z;MP261122.0310.A00001;<attempt_id>;70000000;3000;

Instants are UTC. A report that is not whole is none: half an amount is a wrong amount.
"""

import csv
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from domain.money import FRANCS_MAX
from payments.reconciliation import Line, LineKind, Statement

_TEXT = re.compile(r"[^\x00-\x1f\x7f]{0,200}")  # what can be kept, and looked for again
_YEARS = (2000, 3000)  # there is room to reckon on both sides


def francs(text: str) -> int | None:
    """Return whole francs that can have moved; None for anything else an operator may write."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(FRANCS_MAX))):
        return None
    return int(text) if 0 < int(text) <= FRANCS_MAX else None


def read(text: str) -> Statement:
    """Return the statement `text` holds.

    Raises:
        ValueError: it is not a closed report, or not a whole one.
    """
    try:
        return _statement(text)
    except (KeyError, TypeError, OverflowError, csv.Error) as error:
        raise ValueError("not a whole report") from error


def _statement(text: str) -> Statement:
    head, *rows = text.splitlines()
    mark, since, until, state = head.split(";")
    if mark != "# period" or state != "closed":
        message = "not a closed report"
        raise ValueError(message)
    header, *cells = csv.reader(rows, delimiter=";")
    lines = tuple(_line(dict(zip(header, row, strict=True))) for row in cells)
    return Statement(_instant(since), _instant(until), lines)


def _line(row: Mapping[str, str]) -> Line:
    """A line that is not whole makes the report none: half an amount is a wrong amount."""
    if not all(map(_TEXT.fullmatch, row.values())):
        message = "a line that cannot be kept"
        raise ValueError(message)
    kind = LineKind(row["kind"])
    ref = row["reversed_txnid"] if kind is LineKind.REVERSAL else row["txnid"]
    moved = francs(row["amount"])
    if not (row["txnid"] and ref) or moved is None:
        message = "a line without a transaction or an amount"
        raise ValueError(message)
    at = _instant(row["at"])
    return Line(row["txnid"], kind, ref, row["order_id"], moved, at, row["msisdn"])


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        message = "a report states its instants in UTC"
        raise ValueError(message)
    if not _YEARS[0] <= instant.year < _YEARS[1]:
        message = "an instant of another age"
        raise ValueError(message)
    return instant.astimezone(UTC)
