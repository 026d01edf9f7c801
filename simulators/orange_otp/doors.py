"""What every simulated operator has beside its wire: a statement, an oracle, trouble on demand.

GET  /reports?since=<UTC instant>     the statement
GET  /sandbox/charges[?bill_number=]  what was really debited
POST /sandbox/faults                  {"down": bool} or {"drop": bool}
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from simulators.serving import close_unanswered


class Books(Protocol):
    def charges(self, bill_number: str | None = None) -> list[dict[str, object]]: ...

    def report(self, since: datetime) -> str | None: ...


@dataclass(slots=True)
class Faults:
    """`down`: API and token calls answer 503. `drop`: they are closed unanswered, undone."""

    down: bool = False
    drop: bool = False

    def befall(self) -> ResponseReturnValue | None:
        """Answer the request in hand instead of the operator, or let it through."""
        if self.drop:
            close_unanswered()
            return "", HTTPStatus.SERVICE_UNAVAILABLE  # written to a connection that is no more
        if self.down:
            return "Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE
        return None


def doors(books: Books, faults: Faults) -> Blueprint:
    routes = Blueprint("doors", __name__)

    @routes.get("/reports")
    def report() -> ResponseReturnValue:
        try:
            since = datetime.fromisoformat(request.args.get("since", ""))
        except ValueError:
            return "since: an ISO 8601 instant", HTTPStatus.BAD_REQUEST
        text = books.report(since if since.tzinfo else since.replace(tzinfo=UTC))
        if text is None:
            return "no closed period", HTTPStatus.NOT_FOUND
        return text, {"Content-Type": "text/csv; charset=utf-8"}

    @routes.get("/sandbox/charges")
    def charges() -> ResponseReturnValue:
        return books.charges(request.args.get("bill_number"))

    @routes.post("/sandbox/faults")
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
