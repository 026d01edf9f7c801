"""An operator that is taken out of the configuration while citizens are in the middle of it."""

from dataclasses import replace

import pytest

from domain.payment import Status
from tests.integration.web.bank import work
from tests.integration.web.bazaar import Market, confirm_with
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.till import Clock, attempts_of
from tests.integration.web.words import UNDER_WAY, con, confirm, words
from ussd_app.manuscripts import Shelf
from ussd_app.usecases.edition import publish

WAVE = "Wave"


@pytest.fixture
def door(bazaar: Door) -> Door:
    return bazaar


def without_wave(door: Door) -> None:
    """Let one operator have been taken out, and the menus been written anew."""
    left = {code: one for code, one in door.context.operators.items() if code != "wave"}
    wallets = tuple(operator.wallet for operator in left.values())
    manuscript = Shelf(sandbox=True, languages=("fr", "bm")).read()
    edition = publish(manuscript, wallets, door.context.now().date())
    door.give(replace(door.context, operators=left, edition=edition))


def test_who_confirms_with_a_wallet_that_is_gone_is_shown_the_bill_again(
    door: Door, market: Market, phone: Phone
) -> None:
    number = door.fine()
    phone.show(number)
    phone.choose(words("option.other_way"))
    phone.choose(WAVE)
    phone.choose(words("option.this_phone"))
    without_wave(door)
    assert phone.type("1").startswith(confirm(number))
    assert WAVE not in phone.screen
    assert not rows(door.context, "attempts")
    phone.type("1")
    assert [one.operator for one in attempts_of(door.context, number)] == ["orange_mp"]
    assert not market.heard


def test_a_payment_under_way_is_told_of_and_waits(
    door: Door, clock: Clock, market: Market, phone: Phone
) -> None:
    number = door.fine()
    confirm_with(phone, number, WAVE)
    without_wave(door)
    work(door, clock, 4)
    assert phone.show(number).startswith(UNDER_WAY)
    assert phone.dial().startswith(con("greet.under_way"))
    assert [one.status for one in attempts_of(door.context, number)] == [Status.CREATED]
    assert not market.heard
