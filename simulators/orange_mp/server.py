"""The wire of Orange Money "mp", plus the statement and the sandbox's doors.

    POST /token                                       Basic; form grant_type=client_credentials
    POST /omcoreapis/1.0.2/mp/init                    -> {message, data: {payToken}}
    POST /omcoreapis/1.0.2/mp/pay                     -> {message, data}
    GET  /omcoreapis/1.0.2/mp/paymentstatus/{token}   -> {message, data}
    GET  /omcoreapis/1.0.2/mp/push/{token}            -> {message, data}
    GET  /reports?since=<UTC instant>                 the statement
    GET  /sandbox/charges, POST /sandbox/faults       the oracle; trouble on demand

Business errors are HTTP 417 `{message, data}`. Source: the operator's API in Cameroon, as its
clients describe it (spreeloop/core-ts, orange_money); no Malian document is public. The statement
and the doors are ours.
"""

import time
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.bearers import tokens
from simulators.doors import Faults, report, sandbox
from simulators.endings import HANG_SECONDS, LATE_SECONDS
from simulators.orange_mp.access import Access, Account
from simulators.orange_mp.bank import Bank
from simulators.orange_mp.fates import Answer
from simulators.orange_mp.payment import BusinessError, read_order

_API = "/omcoreapis/1.0.2/mp"
_FOUND = "Transaction retrieved successfully"


def create_app(
    bank: Bank, access: Access, account: Account, pause: Callable[[float], None] = time.sleep
) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _trouble(faults))
    app.register_blueprint(tokens("/token", access.bearers))
    app.register_blueprint(_payments(bank, access, account, pause))
    app.register_blueprint(sandbox(bank, faults))
    app.add_url_rule("/reports", view_func=lambda: report(bank))
    return app


def _trouble(faults: Faults) -> ResponseReturnValue | None:
    if not request.path.startswith(("/omcoreapis", "/token")):
        return None
    return faults.befall()


def _payments(
    bank: Bank, access: Access, account: Account, pause: Callable[[float], None]
) -> Blueprint:
    routes = Blueprint("payments", __name__, url_prefix=_API)

    @routes.before_request
    def admit() -> ResponseReturnValue | None:
        if access.admits(request.authorization, request.headers.get("X-AUTH-TOKEN")):
            return None
        return {"message": "Invalid Credentials", "data": None}, HTTPStatus.UNAUTHORIZED

    @routes.errorhandler(BusinessError)
    def refuse(error: BusinessError) -> ResponseReturnValue:
        return {"message": error.message, "data": error.data}, HTTPStatus.EXPECTATION_FAILED

    @routes.post("/init")
    def init() -> ResponseReturnValue:
        data = {"payToken": bank.init()}
        return {"message": "Payment request successfully initiated", "data": data}

    @routes.post("/pay")
    def pay() -> ResponseReturnValue:
        order = read_order(
            request.get_json(silent=True), channel=account.channel_msisdn, pin=account.channel_pin
        )
        answer, data = bank.pay(order)
        return _reply(answer, data, pause)

    @routes.get("/paymentstatus/<pay_token>")
    def status(pay_token: str) -> ResponseReturnValue:
        return {"message": _FOUND, "data": bank.status(pay_token)}

    @routes.get("/push/<pay_token>")
    def push(pay_token: str) -> ResponseReturnValue:
        return {"message": "Push sent to customer", "data": bank.push(pay_token)}

    return routes


def _reply(
    answer: Answer, data: dict[str, object], pause: Callable[[float], None]
) -> ResponseReturnValue:
    if answer is Answer.HANGS:
        pause(HANG_SECONDS)
        return "Gateway Timeout", HTTPStatus.GATEWAY_TIMEOUT
    if answer is Answer.BREAKS:
        return "Internal Server Error", HTTPStatus.INTERNAL_SERVER_ERROR
    if answer is Answer.LATE:
        pause(LATE_SECONDS)
    return {"message": "Merchant payment successfully initiated", "data": data}
