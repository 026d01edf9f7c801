"""The SMS API of Africa's Talking.

    POST /version1/messaging  header apiKey; form username, to (comma list), message, from?
        -> 201 {"SMSMessageData": {"Message", "Recipients": [{statusCode, number, status, ...}]}}

Source: the provider's Python SDK and the handler of nyaruka/courier. The SDK reads JSON only from
a Content-Type of exactly `application/json`; errors are plain text.
"""

import re
from http import HTTPStatus
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from domain import gsm7
from simulators.sms_centre.centre import Centre, Fault, Handed, Message
from simulators.sms_centre.trouble import Pause, stand_still

NETWORK_CODE: Final = "99999"  # the provider's own sandbox; no Malian network is in its list
NUMBER: Final = re.compile(r"\+[0-9]{8,15}", re.ASCII)
_DEFAULT_SENDER: Final = "AFRICASTKNG"
_PRICE: Final = 1  # franc a segment: a token price, the real one is in the contract

_SENT = (101, "Success")
_INVALID_NUMBER = (403, "InvalidPhoneNumber")
_BLACKLISTED = (406, "UserInBlacklist")


def messaging(centre: Centre, username: str, api_key: str, pause: Pause) -> Blueprint:
    """Serve the provider's sending."""
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
        answer = {} if fault is Fault.SILENT else _send_all(centre, fault)
        stand_still(fault, pause)
        return answer, HTTPStatus.CREATED

    return routes


def report(message: Message) -> dict[str, str]:
    """Return the form of the delivery report of a message."""
    return {
        "id": message.id,
        "status": "Success",
        "phoneNumber": message.to,
        "networkCode": NETWORK_CODE,
        "retryCount": "0",
    }


def _send_all(centre: Centre, fault: Fault | None) -> dict[str, object]:
    numbers = [number.strip() for number in request.form["to"].split(",")]
    recipients = [_send_one(centre, number, fault) for number in numbers]
    sent = sum(recipient["statusCode"] == _SENT[0] for recipient in recipients)
    total = sent * _price()
    message = f"Sent to {sent}/{len(recipients)} Total Cost: XOF {total}.0000"
    return {"SMSMessageData": {"Message": message, "Recipients": recipients}}


def _send_one(centre: Centre, number: str, fault: Fault | None) -> dict[str, object]:
    code, status = _SENT
    if not NUMBER.fullmatch(number):
        code, status = _INVALID_NUMBER
    elif fault is Fault.REJECT:
        code, status = _BLACKLISTED
    handed = Handed(
        number, request.form.get("from") or _DEFAULT_SENDER, request.form["message"], fault=fault
    )
    sent = (code, status) == _SENT
    return {
        "statusCode": code,
        "number": number,
        "status": status,
        "cost": f"XOF {_price()}.0000" if sent else "0",
        "messageId": centre.accept(handed) if sent else "None",
    }


def _price() -> int:
    return _PRICE * gsm7.segments(request.form["message"])


def _text(words: str, status: HTTPStatus) -> ResponseReturnValue:
    return words, status, {"Content-Type": "text/plain"}
