"""The USSD doors: `/ussd/<channel>`, in production `/ussd/<channel>/<secret>`, and what follows."""

import hmac
from contextlib import suppress
from http import HTTPStatus
from time import perf_counter

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from ussd_app import metrics
from ussd_app.aggregators.base import (
    Answer,
    BadTurnError,
    Hangup,
    Inquiry,
    Request,
    Shown,
    Turn,
)
from ussd_app.aggregators.guard import Knock
from ussd_app.dialects import DIALECTS
from ussd_app.store.database import DatabaseError
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import dial, hang_up
from ussd_app.usecases.context import Channel, Context
from ussd_app.web import rush
from ussd_app.web.body import whole
from ussd_app.web.problem import problem

BODY_MAX = 4096  # a whole session's text is a tenth of it
_METHODS = ["GET", "POST", "PUT"]

doors = Blueprint("ussd", __name__)


@doors.route("/ussd/<name>", defaults={"rest": ""}, methods=_METHODS)
@doors.route("/ussd/<name>/<path:rest>", methods=_METHODS)
def door(name: str, rest: str) -> Response:
    """Answer one request of a gateway; one that is none gets a refusal, and no row is written."""
    context: Context = current_app.extensions["sarali"]
    channel = context.channels.get(name)
    path = _behind(channel, f"/{rest}" if rest else "") if channel else None
    if channel is None or path is None:
        return problem(HTTPStatus.NOT_FOUND, "no such door")
    dialect = DIALECTS[channel.dialect]
    if request.method not in dialect.methods:
        raise MethodNotAllowed(sorted(dialect.methods))
    started = perf_counter()
    try:
        told = _request(path)
        if not channel.guard.admits(_knock(told), context.now()):
            metrics.bad_requests.labels("ussd", str(int(HTTPStatus.FORBIDDEN))).inc()
            return problem(HTTPStatus.FORBIDDEN, "you are not known here")
        heard = dialect.decode(told)
    except BadTurnError as error:
        return _refuse(channel, error)
    except RequestEntityTooLarge:
        reason = f"at most {BODY_MAX} bytes"
        return _refuse(channel, BadTurnError(reason, HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
    context = context.on(channel)
    if not isinstance(heard, Turn):
        return _told(context, heard)
    shown, outcome = _answer(context, heard)
    seconds = perf_counter() - started
    if seconds > channel.deadline:
        outcome = "too_late"
        _say_by_sms(context, heard)
    metrics.turns.labels(channel.name, outcome).inc()
    metrics.turn_seconds.labels(channel.name).observe(seconds)
    return _response(dialect.encode(shown, heard))


def _answer(context: Context, turn: Turn) -> tuple[Shown, str]:
    with rush.place(context) as room:
        if not room:
            return dial.busy(context), "busy"
        try:
            return dial.answer(context, turn)
        except dial.UnknownCodeError:
            return dial.unknown_code(context), "unknown_code"


def _say_by_sms(context: Context, turn: Turn) -> None:
    """Nobody sees this screen any more: who has confirmed a payment is told of it otherwise."""
    with suppress(DatabaseError, Unreachable):
        hang_up.missed(context, turn)


def _told(context: Context, heard: Hangup | Inquiry) -> Response:
    """Take in how a session ended; a question about it is answered by its dialect alone."""
    channel = context.channel
    if isinstance(heard, Hangup):
        try:
            hang_up.hang_up(context, heard)
        except (DatabaseError, Unreachable):
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
        metrics.turns.labels(channel.name, f"session_{heard.how}").inc()
    return _response(DIALECTS[channel.dialect].acknowledge(heard))


def _behind(channel: Channel, path: str) -> str | None:
    """What follows the channel's secret, if it has one; None for who does not know it."""
    if not channel.secret:
        return path
    known = f"/{channel.secret}"
    given, rest = path[: len(known)], path[len(known) :]
    same = hmac.compare_digest(given.encode(), known.encode())
    return rest if same and rest[:1] in {"", "/"} else None


def _request(path: str) -> Request:
    query = {name: values[0] for name, values in request.args.lists() if len(values) == 1}
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, whole(BODY_MAX))


def _knock(told: Request) -> Knock:
    certificate = told.headers.get(current_app.config["CERTIFICATE_HEADER"], "")
    target = f"{request.path}?{request.query_string.decode('latin-1')}"
    address = request.remote_addr or ""
    return Knock(address, told.method, target, told.headers, told.body, certificate)


def _response(answer: Answer) -> Response:
    headers = dict(answer.headers)
    return Response(answer.body, answer.status, headers, content_type=answer.content_type)


def _refuse(channel: Channel, error: BadTurnError) -> Response:
    metrics.bad_requests.labels("ussd", str(int(error.status))).inc()
    answer = DIALECTS[channel.dialect].refuse(error)
    return problem(error.status, str(error)) if answer is None else _response(answer)
