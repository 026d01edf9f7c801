"""The wire of the GSMA's Mobile Money API 1.2, as far as a merchant payment needs it.

    POST /oauth/accesstoken                           Basic; form grant_type=client_credentials
    POST /v1.2/mm/transactions/type/merchantpay       -> 202 request state
    GET  /v1.2/mm/requeststates/{serverCorrelationId}
    GET  /v1.2/mm/transactions/{transactionReference}
    GET  /v1.2/mm/responses/{clientCorrelationId}     -> {link}, once there is a transaction
    GET  /v1.2/mm/heartbeat

Every call takes the bearer and X-API-Key; refusals are error objects. The address of the bearer,
the statement and the sandbox's doors are ours; the rest is the GSMA's document.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from simulators.bearers import Bearers, tokens
from simulators.clock import iso, utc_now
from simulators.doors import Faults, report, sandbox
from simulators.endings import HANG_SECONDS, LATE_SECONDS
from simulators.gsma.bank import Bank
from simulators.gsma.errors import RefusedError, refused
from simulators.gsma.fates import Answer
from simulators.gsma.order import Payee, read_client_id, read_order

BASE = "/v1.2/mm"


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who is served: the key of their application, and the account their money goes to."""

    api_key: str
    payee: Payee


def create_app(
    bank: Bank, bearers: Bearers, merchant: Merchant, pause: Callable[[float], None] = time.sleep
) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _trouble(faults))
    app.register_blueprint(sandbox(bank, faults))
    app.register_blueprint(tokens("/oauth/accesstoken", bearers))
    app.register_blueprint(_api(bank, bearers, merchant, pause))
    app.register_error_handler(RefusedError, _refused)
    app.after_request(_dated)
    return app


def _trouble(faults: Faults) -> ResponseReturnValue | None:
    if request.path.startswith("/sandbox/"):
        return None
    return faults.befall(lambda: _refused(refused("serviceUnavailable", "genericError")))


def _refused(error: RefusedError) -> ResponseReturnValue:
    return error.problem.body(), error.problem.status


def _dated(response: Response) -> Response:
    response.headers["X-Date"] = iso(utc_now())
    return response


def _api(
    bank: Bank, bearers: Bearers, merchant: Merchant, pause: Callable[[float], None]
) -> Blueprint:
    routes = Blueprint("api", __name__, url_prefix=BASE)

    @routes.before_request
    def admit() -> None:
        known = request.headers.get("X-API-Key") == merchant.api_key
        if not (known and bearers.admits(request.authorization)):
            raise refused("authorisation", "clientAuthorisationError")

    @routes.post("/transactions/type/<kind>")
    def pay(kind: str) -> ResponseReturnValue:
        if kind != "merchantpay":
            raise refused("validation", "transactionTypeError")
        client_id = read_client_id(request.headers.get("X-CorrelationID"))
        callback_url = request.headers.get("X-Callback-URL", "")
        order = read_order(request.get_json(silent=True), callback_url, merchant.payee)
        answer, told = bank.request(order, client_id)
        return _reply(answer, told, pause)

    @routes.get("/requeststates/<server_id>")
    def state(server_id: str) -> ResponseReturnValue:
        return bank.request_state(server_id)

    @routes.get("/transactions/<ref>")
    def transaction(ref: str) -> ResponseReturnValue:
        return bank.transaction(ref)

    @routes.get("/responses/<client_id>")
    def response(client_id: str) -> ResponseReturnValue:
        return {"link": bank.link(client_id)}

    @routes.get("/heartbeat")
    def heartbeat() -> ResponseReturnValue:
        return {"serviceStatus": "available"}

    @routes.get("/reports")
    def statement() -> ResponseReturnValue:
        return report(bank)

    return routes


def _reply(
    answer: Answer, told: dict[str, object], pause: Callable[[float], None]
) -> ResponseReturnValue:
    if answer is Answer.HANGS:
        pause(HANG_SECONDS)
        return "Gateway Timeout", HTTPStatus.GATEWAY_TIMEOUT
    if answer is Answer.BREAKS:
        raise refused("internal", "genericError")
    if answer is Answer.LATE:
        pause(LATE_SECONDS)
    return told, HTTPStatus.ACCEPTED
