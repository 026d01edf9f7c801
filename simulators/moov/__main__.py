"""`python -m simulators.moov`: the simulated operator on 127.0.0.1:$SIM_MOOV_PORT."""

import os
from typing import NoReturn

from simulators.clock import utc_now
from simulators.moov.bank import Bank
from simulators.moov.server import create_app
from simulators.serving import port_named, serve


def main() -> NoReturn:
    # The application's own variable, so that setting it serves both sides; the default is public.
    token = os.environ.get("SARALI_MOOV_TOKEN") or "sandbox"
    bank = Bank(clock=utc_now)
    serve(create_app(bank, token), port_named("SIM_MOOV_PORT"), bank.advance)


if __name__ == "__main__":
    main()
