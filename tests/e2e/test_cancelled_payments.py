"""A link that nobody opens, given up, and the bill paid with another wallet."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from domain import gsm7
from sandbox.phone import Phone
from sandbox.world import World
from tests.e2e.audit import Audit, wait_for
from tests.e2e.invariants import broken
from tests.e2e.wallets import Case, pay

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CANCELLED = gsm7.to_wire("NON PAYÉ. Le paiement Wave a été annulé.")
IDLE = Case("wave", "12")  # opens no link
PAYER = "+22370000001"
SETTLED_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Lived:
    """A world where it has happened, the last screens seen, and what the SMS said."""

    audit: Audit
    bill_number: str
    offer: str
    end: str
    told: list[str]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARALI_OPERATORS", "orange_mp,wave")
        world = World(tmp_path_factory.mktemp("cancelled") / "home")
        world.start()
    try:
        yield live(Audit(world), world.base_url)
    finally:
        world.stop()


def live(audit: Audit, base_url: str) -> Lived:
    def told() -> list[str]:
        return [sms.text for sms in audit.inbox(IDLE.number)]

    bill_number = audit.fine().bill_number
    assert pay(IDLE, base_url, bill_number).over
    phone = Phone(base_url, IDLE.number)
    wait_for("the link", lambda: len(told()) == 1, SETTLED_WITHIN)
    offer = phone.dial(f"*789*1*{bill_number}#").text
    end = phone.answer("1").text
    wait_for("the end", lambda: len(told()) == 2, SETTLED_WITHIN)
    payer = Phone(base_url, PAYER)
    assert "1 Payer: Orange Money" in payer.dial(f"*789*1*{bill_number}#").text
    payer.answer("1")
    wait_for("a receipt", lambda: bool(audit.receipts(bill_number)), SETTLED_WITHIN)
    audit.wait_until_settled(SETTLED_WITHIN)
    return Lived(audit, bill_number, offer, end, told())


def test_giving_up_is_offered_and_asked_for(lived: Lived) -> None:
    assert "1 Annuler ce paiement" in lived.offer
    assert lived.end.startswith(gsm7.to_wire("Annulation demandée."))


def test_the_message_says_that_nothing_is_debited_and_what_to_dial(lived: Lived) -> None:
    assert CANCELLED in lived.told[1]
    assert f"*789*1*{lived.bill_number}#" in lived.told[1]


def test_the_other_wallet_pays_once(lived: Lived) -> None:
    charges = lived.audit.charges(lived.bill_number)
    assert [charge.payer for charge in charges] == [PAYER]
    assert broken(lived.audit) == {}
