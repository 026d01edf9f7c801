"""`python -m simulators.pi_spi`: the simulated participant on 127.0.0.1:$SIM_PI_SPI_PORT.

Credentials are the application's own variables, so that setting one serves both sides; the
defaults are the sandbox's, public. Events go to $SIM_PI_SPI_CALLBACK_URL, signed with the first
of $SARALI_PI_SPI_CALLBACK_SECRETS; without an address there are none.
"""

import os
import secrets
from typing import NoReturn

from simulators.bearers import Bearers, Client
from simulators.clock import utc_now
from simulators.pi_spi.bank import Bank, Webhook
from simulators.pi_spi.server import create_app
from simulators.postman import send
from simulators.serving import port_named, serve


def main() -> NoReturn:
    client = Client(_setting("CLIENT_ID"), _setting("CLIENT_SECRET"))
    secret = _setting("CALLBACK_SECRETS").replace(",", " ").split()[0]
    webhook = Webhook(os.environ.get("SIM_PI_SPI_CALLBACK_URL", ""), secret)
    bank = Bank(webhook, clock=utc_now, mint=lambda: secrets.token_hex(7))
    bearers = Bearers(client, clock=utc_now, mint=lambda: secrets.token_hex(32))

    def ring() -> None:
        for letter in bank.advance():
            send(letter)

    app = create_app(bank, bearers, _setting("PAYEE_ALIAS", "MLB00_2E4TY"))
    serve(app, port_named("SIM_PI_SPI_PORT"), ring)


def _setting(name: str, default: str = "sandbox") -> str:
    return os.environ.get(f"SARALI_PI_SPI_{name}") or default


if __name__ == "__main__":
    main()
