"""`python -m simulators.orange_otp`: the operator on 127.0.0.1:$SIM_ORANGE_OTP_PORT.

Callbacks go to $SIM_ORANGE_OTP_CALLBACK_URL, or nowhere when it is not set.
"""

import os
import secrets
from typing import NoReturn

from simulators.bearers import SignedBearers
from simulators.clock import utc_now
from simulators.orange_otp.access import LIFETIME, Account
from simulators.orange_otp.bank import Bank
from simulators.orange_otp.herald import tell_apart
from simulators.orange_otp.server import create_app
from simulators.serving import port_named, serve


def main() -> NoReturn:
    account = Account.from_environment(os.environ)
    bank = Bank(utc_now, secrets.randbelow, account.wrong_otp_code)
    bearers = SignedBearers(utc_now, account.client_secret, LIFETIME)

    def ring() -> None:
        for callback in bank.advance():
            if account.callback_url:
                tell_apart(account, callback, utc_now)

    serve(create_app(bank, bearers, account), port_named("SIM_ORANGE_OTP_PORT"), ring)


if __name__ == "__main__":
    main()
