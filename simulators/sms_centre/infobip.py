"""The SMS API of Infobip, version 3.

    POST /sms/3/messages  header Authorization: App <key>
        {"messages": [{"sender", "destinations": [{"to", "messageId"}], "content": {"text"},
                       "webhooks": {"delivery": {"url"}}}]}
        -> 200 {"messages": [{"messageId", "status", "destination", "details"}]}

The report goes to the address in the request. Source: the handler of nyaruka/courier, and the
vendor's reference as public clients have it.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from domain import gsm7
from simulators.sms_centre.centre import INFOBIP, Centre, Fault, Handed, Message
from simulators.sms_centre.trouble import Pause, stand_still

_PENDING = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"}
_REJECTED = {"groupId": 5, "groupName": "REJECTED", "id": 14, "name": "REJECTED_DESTINATION"}
_DELIVERED = {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET"}


def messages(centre: Centre, api_key: str, pause: Pause) -> Blueprint:
    """Serve the provider's sending."""
    routes = Blueprint("infobip", __name__)

    @routes.post("/sms/3/messages")
    def send() -> ResponseReturnValue:
        if request.headers.get("Authorization") != f"App {api_key}":
            return _error("UNAUTHORIZED", HTTPStatus.UNAUTHORIZED)
        try:
            wished = [_read(one) for one in request.get_json()["messages"]]
        except (KeyError, IndexError, TypeError):
            return _error("BAD_REQUEST", HTTPStatus.BAD_REQUEST)
        fault = centre.next_fault(INFOBIP)
        if fault is Fault.DOWN:
            return _error("SERVICE_UNAVAILABLE", HTTPStatus.SERVICE_UNAVAILABLE)
        if fault is Fault.BREAKS:
            return _error("GENERAL_ERROR", HTTPStatus.INTERNAL_SERVER_ERROR)
        taken = [] if fault is Fault.SILENT else [_take(centre, one, fault) for one in wished]
        stand_still(fault, pause)
        return {"messages": taken}

    return routes


def report(message: Message) -> dict[str, object]:
    """Return the delivery report of a message."""
    told = {
        "messageId": message.id,
        "to": message.to.removeprefix("+"),
        "smsCount": gsm7.segments(message.text),
        "status": _DELIVERED,
    }
    return {"results": [told]}


def _read(one: Any) -> Handed:  # noqa: ANN401  # whatever the JSON holds: a bad one raises
    to = one["destinations"][0]
    return Handed(
        f"+{to['to']}",
        str(one["sender"]),
        str(one["content"]["text"]),
        INFOBIP,
        str(to.get("messageId", "")),
        str(one.get("webhooks", {}).get("delivery", {}).get("url", "")),
    )


def _take(centre: Centre, handed: Handed, fault: Fault | None) -> dict[str, object]:
    rejected = fault is Fault.REJECT
    return {
        "messageId": handed.id if rejected else centre.accept(replace(handed, fault=fault)),
        "status": _REJECTED if rejected else _PENDING,
        "destination": handed.to.removeprefix("+"),
        "details": {"messageCount": gsm7.segments(handed.text)},
    }


def _error(code: str, status: HTTPStatus) -> ResponseReturnValue:
    text = {"messageId": code, "text": code.replace("_", " ").capitalize()}
    return {"requestError": {"serviceException": text}}, status
