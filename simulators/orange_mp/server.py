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
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.orange_mp.access import LIFETIME, Access, Account
from simulators.orange_mp.bank import Bank
from simulators.orange_mp.fates import HANG_SECONDS, LATE_SECONDS, Answer
from simulators.orange_mp.payment import BusinessError, read_order
from simulators.serving import close_unanswered

_API = "/omcoreapis/1.0.2/mp"
_FOUND = "Transaction retrieved successfully"


@dataclass(slots=True)
class Faults:
    """`down`: API and token calls answer 503. `drop`: they are closed unanswered, undone."""

    down: bool = False
    drop: bool = False


def create_app(
    bank: Bank, access: Access, account: Account, pause: Callable[[float], None] = time.sleep
) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _trouble(faults))
    app.register_blueprint(_tokens(access))
    app.register_blueprint(_payments(bank, access, account, pause))
    app.register_blueprint(_reports(bank))
    app.register_blueprint(_doors(bank, faults))
    return app


def _trouble(faults: Faults) -> ResponseReturnValue | None:
    if not request.path.startswith(("/omcoreapis", "/token")):
        return None
    if faults.drop:
        close_unanswered()
        return "", HTTPStatus.SERVICE_UNAVAILABLE  # written to a connection that is no more
    if faults.down:
        return "Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE
    return None


def _tokens(access: Access) -> Blueprint:
    routes = Blueprint("tokens", __name__)

    @routes.post("/token")
    def token() -> ResponseReturnValue:
        if request.form.get("grant_type") != "client_credentials":
            return {"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST
        bearer = access.issue(request.authorization)
        if bearer is None:
            return {"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED
        return {
            "access_token": bearer,
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
        }

    return routes


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


def _reports(bank: Bank) -> Blueprint:
    routes = Blueprint("reports", __name__)

    @routes.get("/reports")
    def report() -> ResponseReturnValue:
        try:
            since = datetime.fromisoformat(request.args.get("since", ""))
        except ValueError:
            return "since: an ISO 8601 instant", HTTPStatus.BAD_REQUEST
        text = bank.report(since if since.tzinfo else since.replace(tzinfo=UTC))
        if text is None:
            return "no closed period", HTTPStatus.NOT_FOUND
        return text, {"Content-Type": "text/csv; charset=utf-8"}

    return routes


def _doors(bank: Bank, faults: Faults) -> Blueprint:
    routes = Blueprint("doors", __name__, url_prefix="/sandbox")

    @routes.get("/charges")
    def charges() -> ResponseReturnValue:
        return bank.charges(request.args.get("bill_number"))

    @routes.post("/faults")
    def set_faults() -> ResponseReturnValue:
        wanted = request.get_json(silent=True)
        if not isinstance(wanted, dict) or not _are_switches(wanted):
            return {"error": 'expected {"down": bool} or {"drop": bool}'}, HTTPStatus.BAD_REQUEST
        faults.down = wanted.get("down", faults.down)
        faults.drop = wanted.get("drop", faults.drop)
        return {"down": faults.down, "drop": faults.drop}

    return routes


def _are_switches(wanted: dict[str, object]) -> bool:
    return bool(wanted) and all(
        name in {"down", "drop"} and isinstance(value, bool) for name, value in wanted.items()
    )
