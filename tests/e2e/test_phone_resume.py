"""The browser phone when the network, or the citizen, ends a session in the middle."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from sandbox.world import World
from tests.e2e.audit import Audit
from tests.e2e.handset import Handset

CUT = "Vous n'aviez pas fini."


def asks_for_a_bill(page: Page, world: World, number: str) -> tuple[Handset, str]:
    """Go through the menus up to the confirmation of a new fine."""
    phone = Handset(page, number)
    phone.dial("*789#")
    phone.shows("Langue")
    phone.answers("1")
    phone.shows("1 Payer une amende")
    phone.answers("1")
    phone.shows("(10 chiffres)")
    bill = Audit(world).fine().bill_number
    phone.answers(bill)
    phone.shows(f"Amende {bill}", "1 Payer: Orange Money")
    return phone, bill


def the_network_cuts(phone: Handset) -> None:
    phone.button("Couper la session").click()
    phone.shows("Connexion coupée")
    phone.button("Rappeler").click()


def the_citizen_hangs_up(phone: Handset) -> None:
    phone.click("hang")
    phone.shows("Composez")
    phone.dial("*789#")


@pytest.mark.parametrize(
    ("number", "ends"), [("76020100", the_network_cuts), ("76020200", the_citizen_hangs_up)]
)
def test_a_session_that_was_cut_is_taken_up_and_paid(
    page: Page, world: World, number: str, ends: Callable[[Handset], None]
) -> None:
    phone, bill = asks_for_a_bill(page, world, number)
    ends(phone)
    phone.shows(CUT, "1 Continuer", "2 Nouveau")
    phone.answers("1")
    phone.shows(f"Amende {bill}", "1 Payer: Orange Money")
    phone.answers("1")
    phone.shows("Vous allez recevoir la demande Orange Money")
    phone.opens_its_newest_message()
    phone.shows("REÇU", bill)
    assert [charge.amount for charge in Audit(world).charges(bill)] == [3_000]


def test_a_session_that_was_cut_may_be_left_behind(page: Page, world: World) -> None:
    phone, _bill = asks_for_a_bill(page, world, "76020300")
    the_network_cuts(phone)
    phone.shows(CUT)
    phone.answers("2")
    phone.shows("Sàrali - Trésor Public")
    phone.click("hang")
    phone.dial("*789#")
    phone.shows("Sàrali - Trésor Public")


def test_another_sim_is_not_told(page: Page, world: World) -> None:
    phone, bill = asks_for_a_bill(page, world, "76020400")
    phone.button("Couper la session").click()
    other = Handset(page, "76020500")
    other.dial("*789#")
    other.shows("Langue")
    other.does_not_show(CUT)
    other.does_not_show(bill)


def test_how_a_payment_ended_is_what_the_next_dial_shows_first(page: Page, world: World) -> None:
    phone, _bill = asks_for_a_bill(page, world, "76020600")
    phone.answers("1")
    phone.shows("Vous allez recevoir")
    phone.opens_its_newest_message()
    phone.click("hang")
    phone.dial("*789#")
    phone.shows("Le dernier paiement demandé avec ce téléphone est fait.", "1 Faire autre chose")
    phone.answers("1")
    phone.shows("Sàrali - Trésor Public")
