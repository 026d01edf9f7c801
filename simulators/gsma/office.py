"""What each simulated operator has beside its API: statement, oracle, and trouble on demand.

GET  <base>/reports?since=<UTC instant>    the statement, for who has a bearer
GET  /sandbox/charges[?bill_number=]       every debit really made
POST /sandbox/faults                       {"down": bool} answers 503; {"drop": bool} closes
                                           connections unanswered, undone
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.serving import close_unanswered


class Books(Protocol):
    """What is asked of an operator's books."""

    def charges(self, bill_number: str | None = None) -> list[dict[str, object]]: ...

    def report(self, since: datetime) -> str | None: ...


@dataclass(slots=True)
class Faults:
    """`down`: the API answers 503. `drop`: calls are closed unanswered, undone."""

    down: bool = False
    drop: bool = False


def add_office(app: Flask, books: Books, unavailable: Callable[[], ResponseReturnValue]) -> None:
    """Give `app` the sandbox's doors; trouble strikes everything else, answered `unavailable`."""
    faults = Faults()

    @app.before_request
    def trouble() -> ResponseReturnValue | None:
        if request.path.startswith("/sandbox/"):
            return None
        if faults.drop:
            close_unanswered()
        return unavailable() if faults.drop or faults.down else None

    app.register_blueprint(_doors(books, faults))


def report(books: Books) -> ResponseReturnValue:
    """Answer a request for the statement."""
    try:
        since = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return "since: an ISO 8601 instant", HTTPStatus.BAD_REQUEST
    text = books.report(since if since.tzinfo else since.replace(tzinfo=UTC))
    if text is None:
        return "no closed period", HTTPStatus.NOT_FOUND
    return text, {"Content-Type": "text/csv; charset=utf-8"}


def _doors(books: Books, faults: Faults) -> Blueprint:
    routes = Blueprint("doors", __name__, url_prefix="/sandbox")

    @routes.get("/charges")
    def charges() -> ResponseReturnValue:
        return books.charges(request.args.get("bill_number"))

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
