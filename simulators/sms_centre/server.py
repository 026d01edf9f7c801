"""The SMS API of Africa's Talking, plus the outbox and the door for faults.

    POST /version1/messaging  header apiKey; form username, to (comma list), message, from?
        -> 201 {"SMSMessageData": {"Message", "Recipients": [{statusCode, number, status, ...}]}}
    GET  /outbox?to=          what was delivered
    POST /sandbox/faults      {"next": ["500"|"timeout"|"reject"|"down", ...]} or {"up": true}

Source: the provider's Python SDK and the handler of nyaruka/courier. The SDK reads JSON only from
a Content-Type of exactly `application/json`; errors are plain text.
"""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from domain import gsm7
from simulators.sms_centre.centre import Centre, Fault

HANG_SECONDS: Final = 12.0
NETWORK_CODE: Final = "99999"  # the provider's own sandbox; no Malian network is in its list
_DEFAULT_SENDER: Final = "AFRICASTKNG"
_PRICE: Final = 1  # franc a segment: a token price, the real one is in the contract
_NUMBER = re.compile(r"\+[0-9]{8,15}", re.ASCII)

_SENT = (101, "Success")
_INVALID_NUMBER = (403, "InvalidPhoneNumber")
_BLACKLISTED = (406, "UserInBlacklist")


def create_app(
    centre: Centre, *, username: str, api_key: str, pause: Callable[[float], None] = time.sleep
) -> Flask:
    app = Flask(__name__)
    app.register_blueprint(_messaging(centre, username, api_key, pause))
    app.register_blueprint(_doors(centre))
    return app


def _messaging(
    centre: Centre, username: str, api_key: str, pause: Callable[[float], None]
) -> Blueprint:
    routes = Blueprint("messaging", __name__)

    @routes.post("/version1/messaging")
    def send() -> ResponseReturnValue:
        credentials = (request.form.get("username"), request.headers.get("apiKey"))
        if credentials != (username, api_key):
            return _text("The supplied authentication is invalid", HTTPStatus.UNAUTHORIZED)
        for field in ("to", "message"):
            if not request.form.get(field):
                missing = f"Request is missing required form field '{field}'"
                return _text(missing, HTTPStatus.BAD_REQUEST)
        fault = centre.next_fault()
        if fault is Fault.DOWN:
            return _text("Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        if fault is Fault.BREAKS:
            return _text("Internal Server Error", HTTPStatus.INTERNAL_SERVER_ERROR)
        answer = _send_all(centre, rejected=fault is Fault.REJECT)
        if fault is Fault.TIMEOUT:
            pause(HANG_SECONDS)
        return answer, HTTPStatus.CREATED

    return routes


def _send_all(centre: Centre, *, rejected: bool) -> dict[str, object]:
    numbers = [number.strip() for number in request.form["to"].split(",")]
    recipients = [_send_one(centre, number, rejected=rejected) for number in numbers]
    sent = sum(recipient["statusCode"] == _SENT[0] for recipient in recipients)
    total = sent * _price()
    message = f"Sent to {sent}/{len(recipients)} Total Cost: XOF {total}.0000"
    return {"SMSMessageData": {"Message": message, "Recipients": recipients}}


def _send_one(centre: Centre, number: str, *, rejected: bool) -> dict[str, object]:
    code, status = _SENT
    if not _NUMBER.fullmatch(number):
        code, status = _INVALID_NUMBER
    elif rejected:
        code, status = _BLACKLISTED
    sender = request.form.get("from") or _DEFAULT_SENDER
    sent = (code, status) == _SENT
    return {
        "statusCode": code,
        "number": number,
        "status": status,
        "cost": f"XOF {_price()}.0000" if sent else "0",
        "messageId": centre.accept(number, sender, request.form["message"]) if sent else "None",
    }


def _price() -> int:
    return _PRICE * gsm7.segments(request.form["message"])


def _text(words: str, status: HTTPStatus) -> ResponseReturnValue:
    return words, status, {"Content-Type": "text/plain"}


def _doors(centre: Centre) -> Blueprint:
    routes = Blueprint("doors", __name__)

    @routes.get("/outbox")
    def outbox() -> ResponseReturnValue:
        to = request.args.get("to")
        # An unescaped + in a query is a space.
        return centre.outbox(to and f"+{to.strip().lstrip('+')}")

    @routes.post("/sandbox/faults")
    def faults() -> ResponseReturnValue:
        match request.get_json(silent=True):
            case {"up": True, **rest} if not rest:
                centre.up()
            case {"next": [*words], **rest} if not rest and set(map(str, words)) <= set(Fault):
                centre.expect([Fault(str(word)) for word in words])
            case _:
                problem = f"expected {{'next': [{', '.join(Fault)}]}} or {{'up': true}}"
                return {"error": problem}, HTTPStatus.BAD_REQUEST
        return {}

    return routes
