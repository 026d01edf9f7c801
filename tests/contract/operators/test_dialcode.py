"""What a merchant code must be told of itself before anybody is told to dial it."""

from dataclasses import replace

import pytest

from domain.wallet import Way
from payments.operators.base import UnableError
from payments.operators.dialcode import Dialcode
from tests.contract.operators.case import KEY, ORDER, TOKEN
from tests.contract.operators.dialcode import ACCOUNT, CASE


@pytest.mark.parametrize(
    "dial",
    [
        "",
        "#199*5*000000#",
        "#199*5*000000*{montant}#",
        "#199*5*{amount}*{amount}#",
        "#199*5*000000*{amount}*PIN#",
        "{amount} au 199",
        "#199*" + "5" * 20 + "*{amount}#",
    ],
)
def test_a_code_that_does_not_fix_the_amount_or_cannot_be_dialled_is_refused(dial: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        replace(ACCOUNT, dial=dial)


def test_the_wallet_is_the_accounts_and_two_accounts_are_two_wallets() -> None:
    other = replace(ACCOUNT, brand="Other Money", dial="*1*{amount}#")
    wallet, another = CASE.operator.wallet, Dialcode(other, timeout=1.0, expiry=1.0).wallet
    assert (wallet.name, wallet.dial, wallet.way) == (ACCOUNT.brand, ACCOUNT.dial, Way.DIAL)
    assert (another.name, another.dial) == ("Other Money", "*1*{amount}#")
    assert wallet.serves(ORDER.payer)


def test_nothing_is_opened_and_nothing_can_be_asked() -> None:
    operator = CASE.operator
    assert operator.prepare(ORDER, TOKEN) is None
    assert operator.collect(ORDER, KEY, TOKEN) is None
    assert operator.inquire(ORDER, KEY, TOKEN) is None
    with pytest.raises(UnableError):
        operator.cancel(KEY, TOKEN)
