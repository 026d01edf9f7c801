"""What every simulated operator has beside its wire: a statement, an oracle, trouble on demand.

GET  /reports?since=<UTC instant>     the statement, where the operator's own API has none
GET  /sandbox/charges[?bill_number=]  every debit really made
POST /sandbox/faults                  {"down": bool} or {"drop": bool}
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from simulators.serving import close_unanswered

Charge = dict[str, object]


class Books(Protocol):
    """What the oracle asks of an operator's books: every debit really made."""

    def charges(self) -> list[Charge]: ...


class Reports(Protocol):
    """Whoever closes a statement: as CSV from an instant on, or None."""

    def report(self, since: datetime) -> str | None: ...


@dataclass(slots=True)
class Faults:
    """`down`: the operator's calls answer 503. `drop`: they are closed unanswered, undone."""

    down: bool = False
    drop: bool = False

    def befall(
        self, unavailable: Callable[[], ResponseReturnValue] | None = None
    ) -> ResponseReturnValue | None:
        """Answer the request in hand instead of the operator, or let it through.

        `unavailable` words the operator's own 503.
        """
        if not (self.down or self.drop):
            return None
        if self.drop:
            close_unanswered()  # what is answered goes to a connection that is no more
        if unavailable is not None:
            return unavailable()
        return "Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE


def report(reports: Reports) -> ResponseReturnValue:
    """Answer a request for the statement."""
    try:
        since = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return "since: an ISO 8601 instant", HTTPStatus.BAD_REQUEST
    text = reports.report(since if since.tzinfo else since.replace(tzinfo=UTC))
    if text is None:
        return "no closed period", HTTPStatus.NOT_FOUND
    return text, {"Content-Type": "text/csv; charset=utf-8"}


def sandbox(books: Books, faults: Faults) -> Blueprint:
    """The sandbox's own doors."""
    routes = Blueprint("sandbox", __name__, url_prefix="/sandbox")

    @routes.get("/charges")
    def charges() -> ResponseReturnValue:
        bill_number = request.args.get("bill_number")
        return [one for one in books.charges() if bill_number in {None, one["bill_number"]}]

    @routes.post("/faults")
    def set_faults() -> ResponseReturnValue:
        wanted = request.get_json(silent=True)
        if not isinstance(wanted, dict) or not _are_switches(wanted):
            return {"error": 'expected {"down": bool} or {"drop": bool}'}, HTTPStatus.BAD_REQUEST
        faults.down = wanted.get("down", faults.down)
        faults.drop = wanted.get("drop", faults.drop)
        return {"down": faults.down, "drop": faults.drop}

    return routes


def _are_switches(wanted: dict[str, object]) -> bool:
    return bool(wanted) and all(
        name in {"down", "drop"} and isinstance(value, bool) for name, value in wanted.items()
    )
