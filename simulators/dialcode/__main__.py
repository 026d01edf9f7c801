"""`python -m simulators.dialcode`: the operator on 127.0.0.1:$SIM_DIALCODE_PORT.

The simulated citizens read their SMS at the centre on $SIM_SMS_PORT; when that is not set, nobody
dials anything. Token and code are the application's own variables, so that setting one serves both
sides; the defaults are the sandbox's, public.
"""

import os
from typing import NoReturn

from simulators.clock import utc_now
from simulators.dialcode.bank import Bank
from simulators.dialcode.citizen import Citizen
from simulators.dialcode.server import create_app
from simulators.inbox import Inbox, outbox_of
from simulators.serving import port_named, serve


def main() -> NoReturn:
    token = os.environ.get("SARALI_DIALCODE_TOKEN") or "sandbox"
    dial = os.environ.get("SARALI_DIALCODE_DIAL") or "*166*4*000000*{amount}#"
    has_centre = bool(os.environ.get("SIM_SMS_PORT"))
    listed = outbox_of(port_named("SIM_SMS_PORT")) if has_centre else tuple
    bank = Bank(utc_now)
    citizen = Citizen(bank, Inbox(utc_now, listed), dial, since=utc_now())

    def pass_time() -> None:
        citizen.look()
        bank.advance()

    serve(create_app(bank, token), port_named("SIM_DIALCODE_PORT"), pass_time)


if __name__ == "__main__":
    main()
