"""Delivery reports from the SMS provider: `POST /sms/africastalking/delivery`."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, request

from ussd_app.store.database import DatabaseError
from ussd_app.usecases import take_delivery
from ussd_app.usecases.context import Context
from ussd_app.web.problem import problem

BODY_MAX = 4096
_FIELD_MAX = 128

doors = Blueprint("sms", __name__)


@doors.post("/sms/africastalking/delivery")
def delivery() -> Response:
    """Keep a report, whatever its order or number."""
    context: Context = current_app.extensions["sarali"]
    request.max_content_length = BODY_MAX
    provider_id, word = request.form.get("id", ""), request.form.get("status", "")
    reason = request.form.get("failureReason", "")[:_FIELD_MAX]
    fields = (provider_id, word, reason or "-")
    if any("\x00" in field or not 0 < len(field) <= _FIELD_MAX for field in fields):
        return problem(HTTPStatus.BAD_REQUEST, "id and status: 1 to 128 characters")
    try:
        take_delivery.take_delivery(context, provider_id, word, reason)
    except DatabaseError:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    return Response(status=HTTPStatus.OK)
