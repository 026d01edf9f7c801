"""Which wallet is offered first: the prefix is a hint and shuts nobody out."""

import pytest

from domain.msisdn import Msisdn, Network
from domain.wallet import Wallet
from payments.routing import first_choice

ORANGE = Wallet("orange_mp", "Orange Money", Network.ORANGE)
MOOV = Wallet("moov", "Moov Money", Network.MOOV)
ANY_SIM = Wallet("wave", "Wave", None)


@pytest.mark.parametrize(
    ("caller", "wallet"),
    [("76123456", ORANGE), ("66123456", MOOV), ("50123456", ORANGE), ("+33612345678", ORANGE)],
)
def test_the_network_of_the_caller_suggests_else_the_first(caller: str, wallet: Wallet) -> None:
    assert first_choice([ORANGE, MOOV, ANY_SIM], Msisdn.parse(caller)) == wallet


def test_a_wallet_of_the_callers_network_goes_before_one_for_any_sim() -> None:
    assert first_choice([ANY_SIM, MOOV], Msisdn.parse("66123456")) == MOOV


def test_with_no_wallet_of_the_network_the_first_is_offered_all_the_same() -> None:
    assert first_choice([ANY_SIM, ORANGE], Msisdn.parse("66123456")) == ANY_SIM
    assert first_choice([ORANGE], Msisdn.parse("66123456")) == ORANGE


def test_a_wallet_serves_its_network_or_everyone() -> None:
    assert ORANGE.serves(Msisdn.parse("76123456"))
    assert not ORANGE.serves(Msisdn.parse("66123456"))
    assert not ORANGE.serves(Msisdn.parse("+33612345678"))
    assert ANY_SIM.serves(Msisdn.parse("+33612345678"))
