"""The doors of the simulated centre: what handsets do, and trouble on demand.

GET  /handsets/<number>            {"screen", "screens", "open", "awaits"}
POST /handsets/<number>/dial       {"code"}
POST /handsets/<number>/type       {"text"}
POST /handsets/<number>/hang_up
POST /handsets/<number>/sms        {"to", "text"}
GET  /outbox?to=                   SMS that reached a handset, as the other centre lists them
GET  /links                        {"bound", "submits"}
POST /sandbox/faults               {"next": [...]}, {"drop": true} or {"unbind": true}
"""

from http import HTTPStatus

from flask import Flask, request
from flask.typing import ResponseReturnValue

from simulators.smsc.centre import BusyError, Centre
from simulators.smsc.faults import Fault, Faults
from simulators.smsc.links import Exchange


def create_app(centre: Centre, exchange: Exchange, faults: Faults) -> Flask:
    app = Flask(__name__)
    _add_handsets(app, centre)

    @app.get("/outbox")
    def outbox() -> ResponseReturnValue:
        to = request.args.get("to")
        # An unescaped + in a query is a space.
        return centre.outbox(to and f"+{to.strip().lstrip('+')}")

    @app.get("/links")
    def links() -> ResponseReturnValue:
        return {"bound": len(exchange.bound()), "submits": exchange.submits}

    @app.post("/sandbox/faults")
    def take_faults() -> ResponseReturnValue:
        match request.get_json(silent=True):
            case {"drop": True, **rest} if not rest:
                exchange.drop()
            case {"unbind": True, **rest} if not rest:
                exchange.ask_to_leave()
            case {"next": [*words], **rest} if not rest and set(map(str, words)) <= set(Fault):
                faults.expect([Fault(str(word)) for word in words])
            case _:
                return {"error": f"next: any of {', '.join(Fault)}"}, HTTPStatus.BAD_REQUEST
        return {}

    return app


def _add_handsets(app: Flask, centre: Centre) -> None:
    @app.get("/handsets/<number>")
    def look(number: str) -> ResponseReturnValue:
        return centre.handset(number).as_json()

    @app.post("/handsets/<number>/dial")
    def dial(number: str) -> ResponseReturnValue:
        centre.dial(number, _field("code"))
        return {}, HTTPStatus.CREATED

    @app.post("/handsets/<number>/type")
    def type_(number: str) -> ResponseReturnValue:
        try:
            centre.type(number, _field("text"))
        except BusyError:
            return {"error": "there is no screen to answer"}, HTTPStatus.CONFLICT
        return {}

    @app.post("/handsets/<number>/hang_up")
    def hang_up(number: str) -> ResponseReturnValue:
        centre.hang_up(number)
        return {}

    @app.post("/handsets/<number>/sms")
    def write(number: str) -> ResponseReturnValue:
        centre.write(number, _field("to"), _field("text"))
        return {}, HTTPStatus.CREATED


def _field(name: str) -> str:
    document = request.get_json()
    return str(document[name])
