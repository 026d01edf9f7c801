"""`python -m simulators.wave`: the simulated operator on 127.0.0.1:$SIM_WAVE_PORT.

$SIM_WAVE_WEBHOOK_URL is where the account's events go; without it, nothing rings.
"""

import os
import secrets
from typing import NoReturn

from simulators.clock import utc_now
from simulators.serving import port_named, serve
from simulators.wave.access import Account
from simulators.wave.bank import Bank
from simulators.wave.server import create_app
from simulators.wave.webhooks import Webhook


def main() -> NoReturn:
    account = Account.from_environment(os.environ)
    bank = Bank(clock=utc_now, mint=lambda: secrets.token_hex(8).upper())
    webhook = Webhook(os.environ.get("SIM_WAVE_WEBHOOK_URL", ""), account.secrets, utc_now)

    def ring() -> None:
        for event in bank.advance():
            webhook.post(event)

    serve(create_app(bank, account), port_named("SIM_WAVE_PORT"), ring)


if __name__ == "__main__":
    main()
