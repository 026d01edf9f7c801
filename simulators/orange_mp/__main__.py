"""`python -m simulators.orange_mp`: the simulated operator on 127.0.0.1:$SIM_ORANGE_PORT."""

import os
import secrets
from typing import NoReturn

from simulators.clock import utc_now
from simulators.orange_mp.access import Access, Account
from simulators.orange_mp.bank import Bank
from simulators.orange_mp.server import create_app
from simulators.postman import post_json
from simulators.serving import port_named, serve


def main() -> NoReturn:
    account = Account.from_environment(os.environ)
    bank = Bank(clock=utc_now, mint=lambda: f"MP{secrets.token_hex(16)}")
    access = Access(account, clock=utc_now, mint=lambda: secrets.token_hex(32))

    def ring() -> None:
        for callback in bank.advance():
            post_json(callback.url, callback.body)

    serve(create_app(bank, access, account), port_named("SIM_ORANGE_PORT"), ring)


if __name__ == "__main__":
    main()
