"""The USSD door: `POST /ussd/africastalking` and the gateway's end-of-session notification."""

from http import HTTPStatus
from time import perf_counter

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from ussd_app import metrics
from ussd_app.aggregators.africastalking import AfricasTalking
from ussd_app.aggregators.base import BadTurnError, Dialect
from ussd_app.store.database import DatabaseError
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import dial, hang_up
from ussd_app.usecases.context import Context
from ussd_app.web.body import whole
from ussd_app.web.problem import problem

BODY_MAX = 4096  # a whole session's text is a tenth of it
_DIALECT: Dialect = AfricasTalking()


def doors(secret: str) -> Blueprint:
    """Return the doors; with a `secret`, the gateway must know it to be let in."""
    blueprint = Blueprint("ussd", __name__)
    path = "/".join(["/ussd/africastalking", *([secret] if secret else [])])
    blueprint.post(path)(turn)
    blueprint.post(f"{path}/events")(ended)
    return blueprint


def turn() -> Response:
    """Answer one turn; a body that is no turn gets a problem, and no row is written."""
    context: Context = current_app.extensions["sarali"]
    started = perf_counter()
    try:
        read = _DIALECT.decode(*_body())
    except BadTurnError as error:
        return _refuse(error.status, str(error))
    except RequestEntityTooLarge:
        return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BODY_MAX} bytes")
    try:
        shown, outcome = dial.answer(context, read)
    except dial.UnknownCodeError:
        shown, outcome = dial.unknown_code(context), "unknown_code"
    metrics.turns.labels(context.channel.name, outcome).inc()
    metrics.turn_seconds.labels(context.channel.name).observe(perf_counter() - started)
    return Response(_DIALECT.encode(shown), content_type=_DIALECT.content_type)


def ended() -> Response:
    """Take in how a session ended."""
    context: Context = current_app.extensions["sarali"]
    try:
        over = _DIALECT.decode_end(*_body())
    except BadTurnError as error:
        return _refuse(error.status, str(error))
    except RequestEntityTooLarge:
        return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {BODY_MAX} bytes")
    try:
        hang_up.hang_up(context, over)
    except (DatabaseError, Unreachable):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    metrics.turns.labels(context.channel.name, f"session_{over.how}").inc()
    return Response(status=HTTPStatus.OK)


def _body() -> tuple[bytes, str]:
    return whole(BODY_MAX), request.headers.get("Content-Type", "")


def _refuse(status: HTTPStatus, detail: str) -> Response:
    metrics.bad_requests.labels("ussd", str(int(status))).inc()
    return problem(status, detail)
