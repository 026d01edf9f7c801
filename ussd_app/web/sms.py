"""What the SMS providers tell us: `POST /sms/<provider>/delivery` and `/sms/<provider>/inbound`.

In production the path ends with a secret: whoever could say that a text has arrived could keep it
from being sent, and whoever could bring a text could speak for any telephone.
"""

import hmac
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request

from sms.gateway import Posted, ReportError
from sms.inbound import NoMessageError, from_africastalking
from ussd_app import metrics
from ussd_app.store.database import DatabaseError
from ussd_app.usecases import take_delivery, take_inbound
from ussd_app.usecases.context import Context
from ussd_app.web.problem import problem

BODY_MAX = 4096
_BATCH_MAX = 65_536  # of a provider that reports many texts at once, in JSON
_MESSAGE_MAX = 16_384  # ten segments, of which every letter may be written %D0%B0
_READERS = {"africastalking": from_africastalking}

doors = Blueprint("sms", __name__)


@doors.post("/sms/<provider>/delivery")
@doors.post("/sms/<provider>/delivery/<secret>")
def delivery(provider: str, secret: str = "") -> Response:
    """Keep a report, whatever its order or number."""
    context: Context = current_app.extensions["sarali"]
    known = context.sms.by_code.get(provider)
    if known is None or not _may_enter(context, secret):
        abort(HTTPStatus.NOT_FOUND)
    json = request.mimetype == "application/json"
    request.max_content_length = _BATCH_MAX if json else BODY_MAX
    posted = Posted(request.form.to_dict(), request.get_data())
    try:
        take_delivery.take_delivery(context, provider, known.read_reports(posted))
    except ReportError as error:
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    except DatabaseError:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    return Response(status=HTTPStatus.OK)


@doors.post("/sms/<provider>/inbound")
@doors.post("/sms/<provider>/inbound/<secret>")
def inbound(provider: str, secret: str = "") -> Response:
    """Keep what somebody wrote; it is answered later, and once, however often it is brought."""
    context: Context = current_app.extensions["sarali"]
    read = _READERS.get(provider)
    if read is None or not _may_enter(context, secret):
        abort(HTTPStatus.NOT_FOUND)
    request.max_content_length = _MESSAGE_MAX
    try:
        take_inbound.take_inbound(context, read(request.form.to_dict()))
    except NoMessageError as error:
        metrics.bad_requests.labels("inbound", "400").inc()
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    except DatabaseError:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "try again")
    return Response(status=HTTPStatus.OK)


def _may_enter(context: Context, secret: str) -> bool:
    ours = context.sms.secret
    if not ours:
        return context.sms.doors_open and not secret
    return hmac.compare_digest(secret.encode(), ours.encode())
