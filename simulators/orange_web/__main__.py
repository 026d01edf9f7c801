"""`python -m simulators.orange_web`: the operator on 127.0.0.1:$SIM_ORANGE_WEB_PORT.

The simulated citizens read their SMS at the centre on $SIM_SMS_PORT; when that is not set, whoever
wants to pay opens the page themselves.
"""

import os
import secrets
from typing import NoReturn

from simulators.bearers import SignedBearers
from simulators.clock import utc_now
from simulators.inbox import Inbox, outbox_of
from simulators.orange_web.access import LIFETIME, Account
from simulators.orange_web.bank import Bank
from simulators.orange_web.citizen import Citizen
from simulators.orange_web.server import create_app
from simulators.postman import post_json
from simulators.serving import port_named, serve


def main() -> NoReturn:
    account = Account.from_environment(os.environ)
    bank = Bank(utc_now, lambda: secrets.token_hex(16))
    bearers = SignedBearers(utc_now, account.client_secret, LIFETIME)
    has_centre = bool(os.environ.get("SIM_SMS_PORT"))
    listed = outbox_of(port_named("SIM_SMS_PORT")) if has_centre else tuple
    citizen = Citizen(bank, Inbox(utc_now, listed))

    def ring() -> None:
        citizen.look()
        for notification in bank.advance():
            post_json(notification.url, notification.body)

    serve(create_app(bank, bearers, account), port_named("SIM_ORANGE_WEB_PORT"), ring)


if __name__ == "__main__":
    main()
