"""The wire of Moov Money's merchant SOAP, plus the statement and the sandbox's doors.

    POST /com.tlc.merchant.api/UssdPush               PushWithPending, getTransactionStatus
    GET  /reports?since=<UTC instant>                 the statement; Bearer <token>
    GET  /sandbox/charges, POST /sandbox/faults       the oracle; trouble on demand

Refusals are HTTP 200 with a code; what cannot be read is a SOAP fault under HTTP 500. Source: the
operator's API in Benin, as its clients describe it (v1p3r75/moov-money-api-php-sdk); no Malian
document is public. The statement and the doors are ours.
"""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.doors import Faults, report, sandbox
from simulators.endings import HANG_SECONDS
from simulators.moov import soap
from simulators.moov.bank import Bank
from simulators.moov.fates import Answer
from simulators.moov.payment import SPEECH, Code, RefusedError, admit, read_order

_XML = {"Content-Type": "text/xml; charset=utf-8"}
_API = "/com.tlc.merchant.api"
_PUSH, _STATUS = "PushWithPending", "getTransactionStatus"
_WRAPPERS = {_PUSH: "result", _STATUS: "response"}


def create_app(bank: Bank, token: str, pause: Callable[[float], None] = time.sleep) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _trouble(faults))
    app.register_blueprint(_merchant(bank, token, pause))
    app.register_blueprint(_reports(bank, token))
    app.register_blueprint(sandbox(bank, faults))
    return app


def _trouble(faults: Faults) -> ResponseReturnValue | None:
    if not request.path.startswith(_API):
        return None
    return faults.befall()


def _merchant(bank: Bank, token: str, pause: Callable[[float], None]) -> Blueprint:
    routes = Blueprint("merchant", __name__, url_prefix=_API)

    @routes.errorhandler(soap.SoapError)
    def fail(error: soap.SoapError) -> ResponseReturnValue:
        return soap.fault(str(error)), HTTPStatus.INTERNAL_SERVER_ERROR, _XML

    @routes.post("/UssdPush")
    def call() -> ResponseReturnValue:
        operation, fields = soap.read(request.get_data())
        if operation not in _WRAPPERS:
            raise soap.SoapError(f"Message part {operation} was not recognized")
        try:
            admit(fields, token)
            answer, told = _perform(bank, operation, fields)
        except RefusedError as refusal:
            answer, told = Answer.PENDING, _refused(refusal.code)
        if answer is Answer.HANGS:
            pause(HANG_SECONDS)
            return "Gateway Timeout", HTTPStatus.GATEWAY_TIMEOUT
        if answer is Answer.BREAKS:
            return soap.fault("Internal Server Error"), HTTPStatus.INTERNAL_SERVER_ERROR, _XML
        return soap.answer(operation, _WRAPPERS[operation], told), _XML

    return routes


def _perform(
    bank: Bank, operation: str, fields: Mapping[str, str]
) -> tuple[Answer, dict[str, str]]:
    if operation == _PUSH:
        return bank.push(read_order(fields))
    if not fields.get("transid"):
        raise RefusedError(Code.INCOMPLETE)
    return Answer.PENDING, bank.status(fields["transid"])


def _refused(code: Code) -> dict[str, str]:
    return {"description": SPEECH[code], "status": code.value}


def _reports(bank: Bank, token: str) -> Blueprint:
    routes = Blueprint("reports", __name__)

    @routes.get("/reports")
    def statement() -> ResponseReturnValue:
        if request.headers.get("Authorization") != f"Bearer {token}":
            return "wrong token", HTTPStatus.UNAUTHORIZED
        return report(bank)

    return routes
