"""The wallets a citizen may pay with, as the dialogue, the money and the messages know them."""

from dataclasses import dataclass
from enum import StrEnum

from domain.msisdn import Msisdn, Network


class Way(StrEnum):
    """What the citizen does to pay, once they have confirmed."""

    PUSH = "push"  # types the code in the prompt the operator opens
    OTP = "otp"  # types in our menu a password obtained from the operator's
    LINK = "link"  # opens a link received by SMS
    REQUEST = "request"  # approves a request in the menu or the application of their wallet
    DIAL = "dial"  # dials the operator's merchant code: nothing is opened with the operator


@dataclass(frozen=True, slots=True)
class Wallet:
    """`code` names the operator connector, `name` is the brand (never translated).

    `network` is the SIM the wallet lives on, or None when it runs on any. `dial` is what the
    citizen dials on the operator's own menu: for a password, or to pay a merchant code, where
    `{amount}` stands for the francs. `cancels`: a payment can be given up before it ends.
    """

    code: str
    name: str
    network: Network | None
    way: Way = Way.PUSH
    dial: str = ""
    cancels: bool = False

    def serves(self, number: Msisdn) -> bool:
        """Whether `number` can hold this wallet, as far as its prefix tells."""
        return self.network is None or number.network is self.network
