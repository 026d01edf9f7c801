"""The wire of PI-SPI's business API 1.0.0, as far as a request to pay needs it.

    POST /oauth/token                                 Basic; form grant_type=client_credentials
    POST /piz/v1/demandes-paiements                   -> the request, ENVOYE or REJETE
    GET  /piz/v1/demandes-paiements/{txId}
    GET  /piz/v1/paiements/{txId}                     -> the payment, once there is one
    GET  /piz/v1/paiements/{end2endId}/statuts

Refusals are problems of RFC 7807. Mutual TLS is left to the transport, as in the application. The
webhook is configured, not created; the statement and the sandbox's doors are ours.
"""

import time
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from simulators.bearers import Bearers, tokens
from simulators.doors import Faults, report, sandbox
from simulators.endings import HANG_SECONDS, LATE_SECONDS
from simulators.pi_spi.bank import Bank
from simulators.pi_spi.fates import Answer
from simulators.pi_spi.order import read_order
from simulators.pi_spi.problem import MEDIA_TYPE, ProblemError

BASE = "/piz/v1"


def create_app(
    bank: Bank, bearers: Bearers, payee: str, pause: Callable[[float], None] = time.sleep
) -> Flask:
    """Serve `bank` to the client whose account's alias is `payee`."""
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _trouble(faults))
    app.register_blueprint(sandbox(bank, faults))
    app.register_blueprint(tokens("/oauth/token", bearers))
    app.register_blueprint(_api(bank, bearers, payee, pause))
    app.register_error_handler(ProblemError, _refused)
    return app


def _trouble(faults: Faults) -> ResponseReturnValue | None:
    if request.path.startswith("/sandbox/"):
        return None
    return faults.befall(lambda: _refused(ProblemError(503, "Service indisponible")))


def _refused(error: ProblemError) -> ResponseReturnValue:
    return error.body(), error.status, MEDIA_TYPE


def _api(bank: Bank, bearers: Bearers, payee: str, pause: Callable[[float], None]) -> Blueprint:
    routes = Blueprint("api", __name__, url_prefix=BASE)

    @routes.before_request
    def admit() -> None:
        if not bearers.admits(request.authorization):
            raise ProblemError(401, "Autorisations insuffisantes")

    @routes.post("/demandes-paiements")
    def demand() -> ResponseReturnValue:
        order = read_order(request.get_json(silent=True), payee, bank.now())
        answer, told = bank.demand(order)
        return _reply(answer, told, pause)

    @routes.get("/demandes-paiements/<tx_id>")
    def view(tx_id: str) -> ResponseReturnValue:
        return bank.view(tx_id)

    @routes.get("/paiements/<tx_id>")
    def payment(tx_id: str) -> ResponseReturnValue:
        return bank.payment(tx_id)

    @routes.get("/paiements/<end2end_id>/statuts")
    def verify(end2end_id: str) -> ResponseReturnValue:
        return bank.payment_by_end2end(end2end_id)

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
        raise ProblemError(503, "Erreur inattendue du serveur")
    if answer is Answer.LATE:
        pause(LATE_SECONDS)
    return told
