"""Closed reports as files, as somebody downloads them from an operator."""

from datetime import UTC, datetime

from tests.integration.web.till import attempts_of
from ussd_app.usecases.context import Context

HEADER = "kind;at;txnid;order_id;msisdn;amount;reversed_txnid"


def instant(at: datetime) -> str:
    """An instant as a report writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def report(since: datetime, until: datetime, *lines: str) -> bytes:
    """A closed report of a period."""
    period = f"# period;{instant(since)};{instant(until)};closed"
    return "\n".join((period, HEADER, *lines, "")).encode()


def credit(  # the columns of a line
    at: datetime, ref: str, *, order: str = "", payer: str = "70000001", francs: int = 3000
) -> str:
    """A line of money that came in."""
    return f"CREDIT;{instant(at)};{ref};{order};{payer};{francs};"


def reversal(at: datetime, ref: str, undone: str, *, order: str = "", francs: int = 3000) -> str:
    """A line of money that went back."""
    return f"REVERSAL;{instant(at)};{ref};{order};70000001;{francs};{undone}"


def newest(context: Context, bill_number: str) -> str:
    """The id of the newest attempt of a bill."""
    return attempts_of(context, bill_number)[-1].attempt_id
