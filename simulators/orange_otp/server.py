"""The wire of Sonatel's eWallet in one step, plus the statement and the sandbox's doors.

    POST /oauth/v1/token                             form client_id client_secret
    POST /api/eWallet/v1/payments/onestep            -> {reference, transactionId, status, ...}
    GET  /api/eWallet/v1/transactions[?reference=]   -> a bare list, 20 at most
    GET  /api/eWallet/v1/transactions/{id}/status    -> {status}
    GET  /sandbox/otp?msisdn=                        what the citizen's operator menu would give

Errors are RFC 7807 with a `code`. As in production, not as documented: a GET without Content-Type
is 415, and with `type=` the list is empty. Source: the API's clients, by way of the reference
(operators.md 1.3); no Malian document is public.
"""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.bearers import SignedBearers
from simulators.doors import Faults, report, sandbox
from simulators.endings import HANG_SECONDS, LATE_SECONDS
from simulators.orange_otp.access import Account
from simulators.orange_otp.bank import Bank
from simulators.orange_otp.fates import Answer
from simulators.orange_otp.payment import ProblemError, read_order

_API = "/api/eWallet/v1"
_PAGE: Final = 20
_NUMBER = re.compile(r"(?:\+?223)?([0-9]{8})", re.ASCII)
_UNKNOWN, _NO_BEARER = "60", "42"


def create_app(
    bank: Bank,
    bearers: SignedBearers,
    account: Account,
    pause: Callable[[float], None] = time.sleep,
) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _stop(faults, bearers))
    app.register_error_handler(ProblemError, _refuse)
    app.register_blueprint(_tokens(bearers, account))
    app.register_blueprint(_payments(bank, account, pause))
    app.register_blueprint(sandbox(bank, faults))
    app.add_url_rule("/reports", view_func=lambda: report(bank))
    app.register_blueprint(_menu(bank))
    return app


def _tokens(bearers: SignedBearers, account: Account) -> Blueprint:
    routes = Blueprint("tokens", __name__)

    @routes.post("/oauth/v1/token")
    def token() -> ResponseReturnValue:
        if request.form.get("grant_type") != "client_credentials":
            return {"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST
        client = (request.form.get("client_id"), request.form.get("client_secret"))
        if client != (account.client_id, account.client_secret):
            return {"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED
        return {
            "access_token": bearers.issue(),
            "token_type": "Bearer",
            "expires_in": int(bearers.lifetime.total_seconds()),
        }

    return routes


def _stop(faults: Faults, bearers: SignedBearers) -> ResponseReturnValue | None:
    """Answer what goes no further."""
    if not request.path.startswith(("/api", "/oauth")):
        return None
    if (trouble := faults.befall()) is not None:
        return trouble
    if not request.path.startswith(_API):
        return None
    if not bearers.admit(request.authorization):
        return _problem(HTTPStatus.UNAUTHORIZED, _NO_BEARER, "The bearer is not valid")
    if request.mimetype != "application/json":
        return _problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "", "Content-Type is needed")
    return None


def _payments(bank: Bank, account: Account, pause: Callable[[float], None]) -> Blueprint:
    routes = Blueprint("payments", __name__, url_prefix=_API)

    @routes.post("/payments/onestep")
    def onestep() -> ResponseReturnValue:
        order = read_order(request.get_json(silent=True), partner=account.partner_code)
        return _reply(*bank.pay(order), pause)

    @routes.get("/transactions")
    def transactions() -> ResponseReturnValue:
        if "type" in request.args:
            return []
        return bank.listed(request.args.get("reference"))[-_PAGE:]

    @routes.get("/transactions/<transaction_id>/status")
    def status(transaction_id: str) -> ResponseReturnValue:
        word = bank.status(transaction_id)
        if word is None:
            return _problem(HTTPStatus.NOT_FOUND, _UNKNOWN, "No such transaction")
        return {"status": word}

    return routes


def _reply(
    answer: Answer, reply: dict[str, object], pause: Callable[[float], None]
) -> ResponseReturnValue:
    if answer in {Answer.HANGS, Answer.DEAF}:
        pause(HANG_SECONDS)
        return "Gateway Timeout", HTTPStatus.GATEWAY_TIMEOUT
    if answer is Answer.BREAKS:
        return "Internal Server Error", HTTPStatus.INTERNAL_SERVER_ERROR
    if answer is Answer.LATE:
        pause(LATE_SECONDS)
    return reply


def _menu(bank: Bank) -> Blueprint:
    routes = Blueprint("menu", __name__)

    @routes.get("/sandbox/otp")
    def otp() -> ResponseReturnValue:
        # An unescaped + in a query is a space.
        number = _NUMBER.fullmatch(request.args.get("msisdn", "").strip())
        if number is None:
            return {"error": "msisdn: a Malian number"}, HTTPStatus.BAD_REQUEST
        return {"msisdn": f"+223{number[1]}", "otp": bank.password(number[1])}

    return routes


def _refuse(problem: ProblemError) -> ResponseReturnValue:
    return _problem(HTTPStatus.BAD_REQUEST, problem.code, problem.detail)


def _problem(status: HTTPStatus, code: str, detail: str) -> ResponseReturnValue:
    document = {
        "type": f"/{status.phrase.lower().replace(' ', '-')}",
        "title": status.phrase,
        "instance": request.path,
        "status": str(status.value),
        "code": code,
        "detail": detail,
    }
    return document, status, {"Content-Type": "application/problem+json"}
