"""The wire of Wave checkout, plus the sandbox's doors.

    POST /v1/checkout/sessions                 Idempotency-Key -> session
    GET  /v1/checkout/sessions/{id}            -> session
    POST /v1/checkout/sessions/{id}/expire     -> 200 without a body; 409 when it is not open
    GET  /v1/balance                           -> {amount, currency}
    GET  /v1/transactions?date=&after=&first=  -> page
    GET  /sandbox/charges, POST /sandbox/faults       the oracle; trouble on demand

Errors are `{code, message}`. Source: docs.wave.com (checkout, balance-api). That an
Idempotency-Key is honoured here is documented for payouts; the code of a 409 is ours.
"""

import time
from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.doors import Faults, sandbox
from simulators.endings import HANG_SECONDS
from simulators.wave.access import Account
from simulators.wave.bank import Bank
from simulators.wave.fates import Creation
from simulators.wave.session import ApiError, read_order
from simulators.wave.transactions import PAGE, PAGE_MAX


def create_app(bank: Bank, account: Account, pause: Callable[[float], None] = time.sleep) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _admit(account, faults))
    app.register_error_handler(ApiError, _refused)
    app.register_blueprint(_sessions(bank, pause))
    app.register_blueprint(_transactions(bank))
    app.register_blueprint(sandbox(bank, faults))
    return app


def _admit(account: Account, faults: Faults) -> ResponseReturnValue | None:
    if not request.path.startswith("/v1/"):
        return None
    maintenance = ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "service-unavailable", "maintenance")
    if (trouble := faults.befall(lambda: _refused(maintenance))) is not None:
        return trouble
    account.admit(request.headers.get("Authorization"))
    return None


def _refused(error: ApiError) -> ResponseReturnValue:
    return error.body, error.status


def _sessions(bank: Bank, pause: Callable[[float], None]) -> Blueprint:
    routes = Blueprint("sessions", __name__, url_prefix="/v1/checkout/sessions")

    @routes.post("")
    def create() -> ResponseReturnValue:
        order = read_order(request.get_json(silent=True))
        creation, session = bank.create(order, request.headers.get("Idempotency-Key"))
        if creation is Creation.HANGS:
            pause(HANG_SECONDS)
            return "Gateway Timeout", HTTPStatus.GATEWAY_TIMEOUT
        if creation is Creation.BREAKS:
            raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-server-error", "sorry")
        return session

    @routes.get("/<session_id>")
    def session(session_id: str) -> ResponseReturnValue:
        return bank.session(session_id)

    @routes.post("/<session_id>/expire")
    def expire(session_id: str) -> ResponseReturnValue:
        bank.expire(session_id)
        return ""

    return routes


def _transactions(bank: Bank) -> Blueprint:
    routes = Blueprint("transactions", __name__, url_prefix="/v1")

    @routes.get("/balance")
    def balance() -> ResponseReturnValue:
        return bank.balance()

    @routes.get("/transactions")
    def page() -> ResponseReturnValue:
        day = request.args.get("date")
        try:
            asked = date.fromisoformat(day) if day else None
            first = int(request.args.get("first", PAGE))
        except ValueError:
            asked, first = None, 0
        if not 1 <= first <= PAGE_MAX:
            message = "date: YYYY-MM-DD; first: 1 to 1000"
            raise ApiError(HTTPStatus.BAD_REQUEST, "request-validation-error", message)
        return bank.transactions(asked, request.args.get("after", ""), first)

    return routes
