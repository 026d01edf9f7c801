"""`python -m simulators.gsma`: the simulated operator on 127.0.0.1:$SIM_GSMA_PORT.

Credentials are the application's own variables, so that setting one serves both sides; the
defaults are the sandbox's, public.
"""

import os
import secrets
from typing import NoReturn

from simulators.bearers import Bearers, Client
from simulators.clock import utc_now
from simulators.gsma.bank import Bank
from simulators.gsma.order import Payee
from simulators.gsma.server import Merchant, create_app
from simulators.postman import send
from simulators.serving import port_named, serve


def main() -> NoReturn:
    client = Client(_setting("CLIENT_ID"), _setting("CLIENT_SECRET"))
    payee = Payee(_setting("PAYEE_TYPE", "organisationid"), _setting("PAYEE", "TRESOR"))
    bank = Bank(clock=utc_now)
    bearers = Bearers(client, clock=utc_now, mint=lambda: secrets.token_hex(32))

    def ring() -> None:
        for letter in bank.advance():
            send(letter)

    app = create_app(bank, bearers, Merchant(_setting("API_KEY"), payee))
    serve(app, port_named("SIM_GSMA_PORT"), ring)


def _setting(name: str, default: str = "sandbox") -> str:
    return os.environ.get(f"SARALI_GSMA_{name}") or default


if __name__ == "__main__":
    main()
