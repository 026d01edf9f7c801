"""The wallets a citizen may pay with, as the dialogue, the money and the messages know them."""

from dataclasses import dataclass

from domain.msisdn import Msisdn, Network


@dataclass(frozen=True, slots=True)
class Wallet:
    """`code` names the operator connector, `name` is the brand (never translated).

    `network` is the SIM the wallet lives on, or None when it runs on any.
    """

    code: str
    name: str
    network: Network | None

    def serves(self, number: Msisdn) -> bool:
        """Whether `number` can hold this wallet, as far as its prefix tells."""
        return self.network is None or number.network is self.network
