"""Which wallet is offered first: a prefix is a hint, so it orders the choice, never limits it."""

from collections.abc import Sequence

from domain.msisdn import Msisdn
from domain.wallet import Wallet


def first_choice(wallets: Sequence[Wallet], caller: Msisdn) -> Wallet:
    """Return the wallet the caller's network suggests, else the first of `wallets`."""
    for wallet in wallets:
        if wallet.network is not None and wallet.serves(caller):
            return wallet
    return wallets[0]
