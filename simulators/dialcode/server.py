"""What the operator of a merchant code serves: its report, and the sandbox's doors.

    GET  /reports?since=<UTC instant>                 the statement; Bearer <token>
    GET  /sandbox/charges, POST /sandbox/faults       the oracle; trouble on demand

The code itself is dialled on the operator's own menu, which is no interface of anybody's. The
report is ours to define: no Malian operator publishes the format of its own.
"""

from http import HTTPStatus

from flask import Flask, request
from flask.typing import ResponseReturnValue

from simulators.dialcode.bank import Bank
from simulators.doors import Faults, report, sandbox


def create_app(bank: Bank, token: str) -> Flask:
    app = Flask(__name__)
    faults = Faults()
    app.register_blueprint(sandbox(bank, faults))

    @app.get("/reports")
    def statement() -> ResponseReturnValue:
        if (trouble := faults.befall()) is not None:
            return trouble
        if request.headers.get("Authorization") != f"Bearer {token}":
            return "wrong token", HTTPStatus.UNAUTHORIZED
        return report(bank)

    return app
