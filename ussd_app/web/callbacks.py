"""The operators' doorbells: `POST|PUT /callbacks/<operator>/<token>`."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, request

from ussd_app import metrics
from ussd_app.store.database import DatabaseError
from ussd_app.usecases import ring
from ussd_app.usecases.context import Context
from ussd_app.web.body import whole
from ussd_app.web.problem import problem

BODY_MAX = 16_384
_TOKEN_MAX = 200  # characters: ours are shorter, and what is kept is kept for good

doors = Blueprint("callbacks", __name__)


@doors.route("/callbacks/<operator>/<token>", methods=["POST", "PUT"])
def callback(operator: str, token: str) -> Response:
    """Keep the body, then ask the operator. An unknown token is 202: a 4xx might be final."""
    context: Context = current_app.extensions["sarali"]
    body = whole(BODY_MAX)
    if operator not in context.operators or "\x00" in token or len(token) > _TOKEN_MAX:
        return problem(HTTPStatus.NOT_FOUND, "no such door")
    try:
        rung = ring.ring(context, operator, token, dict(request.headers), body)
    except DatabaseError:  # not kept, so not acknowledged: a good operator comes back
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    metrics.callbacks.labels(operator, rung).inc()
    if rung is ring.Rung.FORGED:
        return problem(HTTPStatus.FORBIDDEN, "the signature does not hold")
    if rung is ring.Rung.TOO_MANY:
        return problem(HTTPStatus.TOO_MANY_REQUESTS, "the operator is asked on a schedule anyway")
    return Response(status=HTTPStatus.ACCEPTED if rung is ring.Rung.UNKNOWN else HTTPStatus.OK)
