"""A crawl of a running sandbox, over HTTP, that meets every screen there is, in every language.

What there is to meet is compiled here (atlas.py); the sandbox is not asked. First comes the
dialogue as it is shipped, then the services that an authority adds while it runs: what they bring,
and what nobody meets without them, an amount that the operator does not take and a service that
closes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain import gsm7
from menus.render import BUDGET_UNKNOWN
from sandbox.world import World
from tests.e2e import additions, scenes
from tests.e2e.atlas import Atlas
from tests.e2e.explorer import Answers, explore
from tests.e2e.land import OTHER_NUMBER, Land
from tests.e2e.traveller import Traveller
from ussd_app.manuscripts import Shelf
from ussd_app.usecases.edition import publish
from ussd_app.wiring import WALLETS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

LANGUAGES = ("fr", "bm")
CHANGED = {"language", "home", "information", "tariffs"}  # the roads to what is added


def atlases(folder: Path) -> dict[str, Atlas]:
    """Compile what is shipped and what is in the folder."""
    shelf = Shelf(sandbox=True, languages=LANGUAGES, added=str(folder))
    edition = publish(shelf.read(), WALLETS, datetime.now(UTC).date())
    return {lang: Atlas(edition, lang) for lang in LANGUAGES}


def answers(land: Land, lang: str, payers: scenes.Payers) -> Answers:
    """Every state a bill and a receipt may be in, and a good answer to all else."""
    paid, withdrawn = land.receipt_number(payers.paid), land.receipt_number(payers.reversed)
    bills = (land.due, payers.bill_number, lambda: land.under_way(lang), land.cancelled)
    return {
        "bill_number": (*bills, land.no_bill),
        "receipt_number": (paid, withdrawn, land.no_receipt),
        "payer": (OTHER_NUMBER,),
        "recipient": (OTHER_NUMBER,),
        "nina": ("12345678901234A",),
        "act": ("1234",),
        "year": ("1998",),
        "copies": ("2",),
        "tender": (additions.OPEN, "77"),
        "company": ("SEMA BTP", "SEMA*BTP"),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's own files: none at first."""
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Land]:
    """A sandbox of the crawl's own: the operator's plug is pulled, the catalogue changes."""
    with World(tmp_path_factory.mktemp("crawl") / "home") as world:
        additions.look_in(world, folder)
        yield Land(world, atlases(folder))


@pytest.fixture(scope="module")
def crawled(land: Land, folder: Path) -> dict[str, set[str]]:
    """Crawl; return the screens there are in each language, shipped and added."""
    shipped = land.atlases
    payers = {lang: scenes.begin(land, lang) for lang in LANGUAGES}
    for lang in LANGUAGES:
        scenes.play(land, lang, payers[lang])
    for lang in LANGUAGES:
        explore(land, lang, answers(land, lang, payers[lang]))
    scenes.the_operator_does_not_respond(land)
    additions.add(folder)
    scenes.a_new_edition_comes(land, atlases(folder))
    for lang in LANGUAGES:
        known = shipped[lang].screens - CHANGED
        explore(land, lang, answers(land, lang, payers[lang]), known)
        scenes.an_amount_is_refused(land, lang)
    scenes.a_tender_ends(land, folder)
    return {lang: {*shipped[lang].screens, *land.atlases[lang].screens} for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_screen_is_met(land: Land, crawled: dict[str, set[str]], lang: str) -> None:
    assert land.logs[lang].screens == crawled[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.usefixtures("crawled")
def test_every_complaint_is_met(land: Land, lang: str) -> None:
    assert land.logs[lang].complaints == land.atlases[lang].complaints


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.usefixtures("crawled")
def test_every_answer_is_gsm7_and_within_the_budget(land: Land, lang: str) -> None:
    texts = {answer.text for answer in land.logs[lang].answers}
    assert len(texts) > len(land.atlases[lang].screens)
    assert [text for text in texts if (gsm7.septets(text) or 999) > BUDGET_UNKNOWN] == []


@pytest.fixture(params=LANGUAGES)
def citizen(request: pytest.FixtureRequest, land: Land) -> Traveller:
    """Somebody who has called before, so that their language is known."""
    return land.resident(request.param)


def pays(land: Land, citizen: Traveller, answers: Sequence[str], amount: int) -> None:
    """Give these answers, which pay: the wallet is debited once, and the receipt says so."""
    assert [citizen.type(text) for text in answers][-1] == "pay.sent"
    assert citizen.over
    (receipt,) = land.messages(citizen, 1)
    assert f"{amount:,} F CFA".replace(",", " ") in receipt
    debits = [c.amount for c in land.audit.charges() if c.payer == citizen.phone.number]
    assert debits == [amount]


def test_a_fine_is_paid_by_deep_dial_in_two_turns(land: Land, citizen: Traveller) -> None:
    assert citizen.dial("1", land.due()) == "bill.confirm"
    pays(land, citizen, ["1"], 3_000)
    assert citizen.turns == 2


def test_a_fine_is_paid_from_the_main_menu_in_four_turns(land: Land, citizen: Traveller) -> None:
    assert citizen.dial() == "home"
    pays(land, citizen, ["1", land.due(), "1"], 3_000)
    assert citizen.turns == 4


def test_a_copy_of_an_act_is_paid_in_eight_turns(land: Land, citizen: Traveller) -> None:
    assert citizen.dial() == "home"
    pays(land, citizen, ["3", "1", "1234", "1998", "commune v", "2", "1"], 200)
    assert citizen.turns == 8
