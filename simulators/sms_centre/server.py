"""The SMS APIs of the providers, plus the outbox and the door for faults.

GET  /outbox?to=          what was delivered
POST /sandbox/faults      {"next": ["500"|"timeout"|"silent"|"slow"|"reject"|"down", ...]},
                          {"remain": "silent"} until {"up": true}; each of the first two with
                          a "provider", Africa's Talking if none is named
"""

import time
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.bearers import Client
from simulators.sms_centre import africastalking, infobip, orange
from simulators.sms_centre.centre import AFRICASTALKING, PROVIDERS, Centre, Fault
from simulators.sms_centre.trouble import Pause


def create_app(centre: Centre, *, username: str, api_key: str, pause: Pause = time.sleep) -> Flask:
    """Serve every provider, each under the same credentials."""
    app = Flask(__name__)
    app.register_blueprint(africastalking.messaging(centre, username, api_key, pause))
    app.register_blueprint(infobip.messages(centre, api_key, pause))
    for routes in orange.requests(centre, Client(username, api_key), pause):
        app.register_blueprint(routes)
    app.register_blueprint(_doors(centre))
    return app


def _doors(centre: Centre) -> Blueprint:
    routes = Blueprint("doors", __name__)

    @routes.get("/outbox")
    def outbox() -> ResponseReturnValue:
        to = request.args.get("to")
        # An unescaped + in a query is a space.
        return centre.outbox(to and f"+{to.strip().lstrip('+')}")

    @routes.post("/sandbox/faults")
    def faults() -> ResponseReturnValue:
        wish = request.get_json(silent=True)
        provider = wish.pop("provider", AFRICASTALKING) if isinstance(wish, dict) else ""
        match wish if provider in PROVIDERS else None:
            case {"up": True, **rest} if not rest:
                centre.up()
            case {"next": [*words], **rest} if not rest and set(map(str, words)) <= set(Fault):
                centre.expect([Fault(str(word)) for word in words], provider)
            case {"remain": str(word), **rest} if not rest and word in set(Fault):
                centre.remain(Fault(word), provider)
            case _:
                known = ", ".join(Fault)
                problem = f"expected {{'next': [{known}]}}, {{'remain': ...}} or {{'up': true}}"
                return {"error": problem}, HTTPStatus.BAD_REQUEST
        return {}

    return routes
