"""The sandbox's doors: fines on demand, and windows on what the simulators hold.

Registered in the sandbox only: in production these paths do not exist.
"""

import json
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, current_app, jsonify, request

from domain.msisdn import Msisdn
from payments.operators.base import Answer, HttpRequest
from registries.fines import UnknownOffenceError
from ussd_app.usecases import record_fine
from ussd_app.usecases.context import Context
from ussd_app.web.problem import problem

BODY_MAX = 4096
_DEFAULT_OFFENCE = "demo_parking"
_PLATE_MAX = 24

doors = Blueprint("sandbox", __name__)


@doors.post("/sandbox/fines")
def fine() -> tuple[Response, HTTPStatus] | Response:
    """Record a demonstration fine: JSON `{offence?, plate?, msisdn?}`."""
    context: Context = current_app.extensions["sarali"]
    request.max_content_length = BODY_MAX
    wish = request.get_json(silent=True) if request.get_data() else {}
    if not isinstance(wish, dict):
        return problem(HTTPStatus.BAD_REQUEST, "a JSON object is needed")
    offence, plate = wish.get("offence", _DEFAULT_OFFENCE), wish.get("plate")
    if not isinstance(offence, str) or not (plate is None or isinstance(plate, str)):
        return problem(HTTPStatus.BAD_REQUEST, "offence and plate are texts")
    if plate is not None and not (len(plate) <= _PLATE_MAX and plate.isprintable()):
        return problem(HTTPStatus.BAD_REQUEST, f"plate: at most {_PLATE_MAX} printable characters")
    try:
        bill = record_fine.record_fine(context, offence, plate)
    except UnknownOffenceError:
        known = " ".join(code for code, o in context.catalogue.offences.items() if o.enabled)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"offence: one of {known}")
    answer = {"bill_number": bill.bill_number, "amount": bill.amount.francs, "offence": offence}
    return jsonify(answer), HTTPStatus.CREATED


@doors.get("/sandbox/outbox")
def outbox() -> Response:
    """List the SMS delivered to a number: `to from text at encoding segments`."""
    query = {}
    if wanted := request.args.get("to"):
        try:
            query["to"] = Msisdn.parse(wanted.strip() if wanted[0] == "+" else wanted).e164
        except ValueError:
            return problem(HTTPStatus.BAD_REQUEST, "to: not a telephone number")
    return _window(current_app.config["SMS_CENTRE_URL"], "/outbox", query)


@doors.get("/sandbox/charges")
def charges() -> Response:
    """List what the simulated operators really debited: the oracle."""
    simulators: dict[str, str] = current_app.config["SIMULATORS"]
    operator = request.args.get("operator")
    if operator and operator not in simulators:
        return problem(HTTPStatus.NOT_FOUND, "no such operator")
    query = {"bill_number": number} if (number := request.args.get("bill_number")) else {}
    found: list[object] = []
    for code, base_url in simulators.items():
        if operator in {None, "", code}:
            window = _window(base_url, "/sandbox/charges", query)
            if window.status_code != HTTPStatus.OK:
                return window
            found += window.get_json()
    return jsonify(found)


@doors.get("/sandbox/otp")
def otp() -> Response:
    """Return the password that the citizen's operator menu would show: `?msisdn=`."""
    base_url = current_app.config["SIMULATORS"].get("orange_otp")
    if base_url is None:
        return problem(HTTPStatus.NOT_FOUND, "no operator of this sandbox uses passwords")
    return _window(base_url, "/sandbox/otp", {"msisdn": request.args.get("msisdn", "")})


def simulator_of(base_url: str) -> str:
    """Return where a simulated operator's own doors are, its API being at `base_url`."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _window(base_url: str, path: str, query: dict[str, str]) -> Response:
    context: Context = current_app.extensions["sarali"]
    tail = f"?{urlencode(query)}" if query else ""
    outcome = context.transport(HttpRequest("GET", f"{base_url}{path}{tail}", timeout=3.0))
    if not isinstance(outcome, Answer) or outcome.status != HTTPStatus.OK:
        return problem(HTTPStatus.BAD_GATEWAY, "the simulator does not answer")
    return jsonify(json.loads(outcome.body))
