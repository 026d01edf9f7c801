"""The wire of Orange's web payment, the page itself, the statement and the sandbox's doors.

    POST /oauth/v3/token                                       Basic client_id:client_secret
    POST /orange-money-webpay/{country}/v1/webpayment          -> 201 {pay_token, payment_url, ...}
    POST /orange-money-webpay/{country}/v1/transactionstatus   -> 201 {status, order_id, txnid}
    GET  /page/{pay_token}                                     what the citizen sees
    POST /page/{pay_token}                                     form msisdn

Source: Orange's own guide to its web payment, by way of the reference (operators.md 1.1). Errors
are {code, message, description}; of the codes only 60 is known, the others are the HTTP status.
The true page asks for a password too; the statement and the doors are ours.
"""

import re
from http import HTTPStatus

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from simulators.bearers import SignedBearers
from simulators.doors import Faults, report, sandbox
from simulators.orange_web.access import Account
from simulators.orange_web.bank import Bank
from simulators.orange_web.payment import RefusalError, read_order, read_question

_CODES = {HTTPStatus.NOT_FOUND: 60}
_NUMBER = re.compile(r"[0-9]{8}", re.ASCII)
_API, _OAUTH = "/orange-money-webpay", "/oauth"


def create_app(bank: Bank, bearers: SignedBearers, account: Account) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.before_request(lambda: _stop(faults, bearers))
    app.register_error_handler(RefusalError, _refuse)
    app.register_blueprint(_tokens(bearers, account))
    app.register_blueprint(_payments(bank, account))
    app.register_blueprint(_pages(bank))
    app.register_blueprint(sandbox(bank, faults))
    app.add_url_rule("/reports", view_func=lambda: report(bank))
    return app


def _stop(faults: Faults, bearers: SignedBearers) -> ResponseReturnValue | None:
    """Answer what goes no further."""
    if not request.path.startswith((_API, _OAUTH)):
        return None
    if (trouble := faults.befall()) is not None:
        return trouble
    if request.path.startswith(_API) and not bearers.admit(request.authorization):
        raise RefusalError(HTTPStatus.UNAUTHORIZED, "the bearer is not valid")
    return None


def _tokens(bearers: SignedBearers, account: Account) -> Blueprint:
    routes = Blueprint("tokens", __name__)

    @routes.post(f"{_OAUTH}/v3/token")
    def token() -> ResponseReturnValue:
        given = request.authorization
        client = (given.username, given.password) if given else None
        if client != (account.client_id, account.client_secret):
            return {"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED
        if request.form.get("grant_type") != "client_credentials":
            return {"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST
        return {
            "token_type": "Bearer",
            "access_token": bearers.issue(),
            "expires_in": int(bearers.lifetime.total_seconds()),
        }

    return routes


def _payments(bank: Bank, account: Account) -> Blueprint:
    routes = Blueprint("payments", __name__, url_prefix=f"{_API}/{account.country}/v1")

    @routes.post("/webpayment")
    def webpayment() -> ResponseReturnValue:
        body = request.get_json(silent=True)
        order = read_order(body, merchant_key=account.merchant_key, currency=account.currency)
        page = bank.create(order)
        return {
            "status": HTTPStatus.CREATED.value,
            "message": "OK",
            "pay_token": page.pay_token,
            "payment_url": f"{request.host_url}page/{page.pay_token}",
            "notif_token": page.notif_token,
        }, HTTPStatus.CREATED

    @routes.post("/transactionstatus")
    def transactionstatus() -> ResponseReturnValue:
        question = read_question(request.get_json(silent=True))
        return bank.ask(*question), HTTPStatus.CREATED

    return routes


def _pages(bank: Bank) -> Blueprint:
    routes = Blueprint("pages", __name__, url_prefix="/page")

    @routes.get("/<pay_token>")
    def show(pay_token: str) -> ResponseReturnValue:
        order = bank.waiting().get(pay_token)
        if order is None:
            return _html("Cette page n'est plus valable."), HTTPStatus.GONE
        return _html(
            f"Payer {order.amount} F CFA, {escape(order.reference)}",
            '<form method="post"><input name="msisdn" inputmode="numeric" pattern="[0-9]{8}"'
            ' placeholder="Numéro Orange Money" required><button>Payer</button></form>',
        )

    @routes.post("/<pay_token>")
    def pay(pay_token: str) -> ResponseReturnValue:
        msisdn = request.form.get("msisdn", "")
        if not _NUMBER.fullmatch(msisdn):
            return _html("Ce numéro n'a pas huit chiffres."), HTTPStatus.BAD_REQUEST
        if not bank.pay(pay_token, msisdn):
            return _html("Cette page n'est plus valable."), HTTPStatus.GONE
        return _html("Paiement en cours.")

    return routes


def _html(title: str, rest: str = "") -> str:
    return (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Orange Money</title>'
        f"<h1>{title}</h1>{rest}</html>"
    )


def _refuse(refusal: RefusalError) -> ResponseReturnValue:
    document = {
        "code": _CODES.get(refusal.status, refusal.status.value),
        "message": refusal.status.phrase,
        "description": refusal.description,
    }
    return document, refusal.status
