"""The statement of an operator whose own API closes none: a report, as `payments.report` has it.

Its address and its columns are a contract's matter.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from payments import report
from payments.operators.base import Answer, HttpRequest, Outcome
from payments.reconciliation import Statement

_OK = 200


def ask(base_url: str, since: datetime, headers: Mapping[str, str], timeout: float) -> HttpRequest:
    """Ask for what is closed since an instant."""
    query = urlencode({"since": since.astimezone(UTC).isoformat()})
    return HttpRequest("GET", f"{base_url}/reports?{query}", headers, timeout=timeout)


def read(outcome: Outcome) -> Statement | None:
    """Read a report; one that cannot be read whole is none."""
    if not isinstance(outcome, Answer) or outcome.status != _OK:
        return None
    try:
        return report.read(outcome.body.decode())
    except ValueError:
        return None
