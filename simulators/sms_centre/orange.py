"""The Orange SMS API of the Middle East and Africa.

    POST /oauth/v3/token                                   Basic client -> bearer
    POST /smsmessaging/v1/outbound/<tel:+sender>/requests  under the bearer
        {"outboundSMSMessageRequest": {"address", "senderAddress", "senderName",
                                       "outboundSMSTextMessage": {"message"}}}
        -> 201 {"outboundSMSMessageRequest": {..., "resourceURL"}}

Reports go to one address, registered beforehand. Source: developer.orange.com and public clients.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from simulators.bearers import Bearers, Client, tokens
from simulators.sms_centre.africastalking import NUMBER
from simulators.sms_centre.centre import ORANGE, Centre, Fault, Handed, Message
from simulators.sms_centre.trouble import Pause, stand_still


def requests(centre: Centre, client: Client, pause: Pause) -> tuple[Blueprint, Blueprint]:
    """Serve the provider's bearers and its sending."""
    bearers = Bearers(client, centre.clock, centre.mint)
    routes = Blueprint("orange", __name__)

    @routes.post("/smsmessaging/v1/outbound/<sender>/requests")
    def send(sender: str) -> ResponseReturnValue:
        if not bearers.admits(request.authorization):
            return {"code": 42, "message": "Expired credentials"}, HTTPStatus.UNAUTHORIZED
        try:
            wish = request.get_json()["outboundSMSMessageRequest"]
            handed = _read(wish)
        except (KeyError, TypeError):
            return _error("SVC0002")
        fault = centre.next_fault(ORANGE)
        if fault is Fault.DOWN:
            return {"code": 5, "message": "Unavailable"}, HTTPStatus.SERVICE_UNAVAILABLE
        if fault is Fault.BREAKS:
            return {"code": 1, "message": "Internal error"}, HTTPStatus.INTERNAL_SERVER_ERROR
        if fault is Fault.REJECT or not NUMBER.fullmatch(handed.to):
            return _error("SVC0004")
        taken = "" if fault is Fault.SILENT else centre.accept(replace(handed, fault=fault))
        stand_still(fault, pause)
        url = f"{request.host_url}smsmessaging/v1/outbound/{sender}/requests/{taken}"
        return {"outboundSMSMessageRequest": {**wish, "resourceURL": url}}, HTTPStatus.CREATED

    return tokens("/oauth/v3/token", bearers), routes


def report(message: Message) -> dict[str, object]:
    """Return the delivery report of a message."""
    info = {"address": f"tel:{message.to}", "deliveryStatus": "DeliveredToTerminal"}
    told = {"callbackData": message.id, "deliveryInfo": info}
    return {"deliveryInfoNotification": told}


def _read(wish: Any) -> Handed:  # noqa: ANN401  # whatever the JSON holds: a bad one raises
    to = str(wish["address"]).removeprefix("tel:")
    sender = str(wish.get("senderName") or wish["senderAddress"])
    return Handed(to, sender, str(wish["outboundSMSTextMessage"]["message"]), ORANGE)


def _error(code: str) -> ResponseReturnValue:
    problem = {"messageId": code, "text": "Invalid input value", "variables": []}
    return {"requestError": {"serviceException": problem}}, HTTPStatus.BAD_REQUEST
