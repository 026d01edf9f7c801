"""What a crawl meets only after something has happened in the world: payments, cuts, limits.

Each scene says what must be shown; the screens it meets are written in the log as all others.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from menus.screens import HOME
from payments.intent import STRANGER_PROMPTS_A_DAY
from sandbox.phone import Phone
from tests.e2e import additions
from tests.e2e.atlas import Atlas, LostError
from tests.e2e.audit import wait_for
from tests.e2e.land import OTHER_NUMBER, OVERCHARGED, PAYS, POOR, REFUSES, REVERSED, SILENT, Land
from tests.e2e.traveller import CODE, Traveller

_GUESSES_A_DAY = 10
_MOOV = "6"  # the first digit of numbers that Orange Money does not serve


@dataclass(frozen=True)
class Payers:
    """Those who have pressed the key before everything else, for some ends take a while."""

    paid: Traveller
    poor: Traveller
    reversed: Traveller
    overcharged: Traveller
    requester: Traveller
    bill_number: str  # of what `paid` has paid


def begin(land: Land, lang: str) -> Payers:
    """Let payments begin that will all have ended otherwise."""
    requester = land.resident(lang)
    requester.dial()
    assert [requester.type(key) for key in ("2", "1", "1", "1")][-1] == "pay.sent"
    bill_number = land.due()
    return Payers(
        paid=land.payer(lang, PAYS, bill_number),
        poor=land.payer(lang, POOR),
        reversed=land.payer(lang, REVERSED),
        overcharged=land.payer(lang, OVERCHARGED),
        requester=requester,
        bill_number=bill_number,
    )


def play(land: Land, lang: str, payers: Payers) -> None:
    """Play every scene of one language."""
    a_payment_is_under_way(land, lang)
    the_next_dial_tells_how_it_ended(land, payers)
    a_request_was_paid_before(land, payers.requester)
    receipts_come_on_demand(land, payers.paid)
    for goes_on in (the_gateway_cuts, the_citizen_dials_again):
        a_session_is_taken_up(land, lang, goes_on)
    a_session_is_left_behind(land, lang)
    a_relative_pays(land, lang)
    guessing_has_a_limit(land, lang)
    strangers_have_a_limit(land, lang)


def a_payment_is_under_way(land: Land, lang: str) -> None:
    traveller = land.payer(lang, SILENT)
    assert traveller.dial() == "greet.under_way"
    assert traveller.type("1") == "home"


def the_next_dial_tells_how_it_ended(land: Land, payers: Payers) -> None:
    told = [
        (payers.paid, "greet.paid", 1),
        (payers.poor, "greet.unpaid", 1),
        (payers.overcharged, "greet.doubt", 1),
        (payers.reversed, "greet.doubt", 2),  # the receipt, then that it is cancelled
    ]
    for traveller, greeting, messages in told:
        land.messages(traveller, messages)
        assert traveller.dial() == greeting
        assert traveller.type("1") == "home"
        assert traveller.dial() == "home", "it is told once"


def a_request_was_paid_before(land: Land, requester: Traveller) -> None:
    land.messages(requester, 1)
    assert requester.dial() == "greet.paid"
    for key in ("1", "2", "1"):
        requester.type(key)
    assert requester.type("1") == "request.paid_before"
    assert requester.type("1") == "request.confirm"


def receipts_come_on_demand(land: Land, payer: Traveller) -> None:
    number = land.receipt_number(payer)
    payer.dial()
    assert [payer.type(key) for key in ("4", "4", "1")][-1] == "receipts.sent"
    first, again = land.messages(payer, 2)
    assert again == first
    friend = land.newcomer(payer.atlas.lang)
    payer.dial()
    typed = ("4", "4", "2", number, friend.phone.number)
    assert [payer.type(text) for text in typed][-1] == "copy.sent"
    assert number in land.messages(friend, 1)[0]


def the_gateway_cuts(traveller: Traveller) -> None:
    traveller.phone.cut()


def the_citizen_dials_again(_traveller: Traveller) -> None:
    """The gateway says nothing."""


def a_session_is_taken_up(land: Land, lang: str, happens: Callable[[Traveller], None]) -> None:
    traveller = land.resident(lang)
    traveller.dial()
    traveller.type("1")
    assert traveller.type(land.due()) == "bill.confirm"
    before = traveller.text
    happens(traveller)
    assert traveller.dial() == "greet.resume"
    assert traveller.type("1") == "bill.confirm"
    assert traveller.text == before
    assert traveller.type("1") == "pay.sent"


def a_session_is_left_behind(land: Land, lang: str) -> None:
    traveller = land.resident(lang)
    traveller.dial()
    for typed in ("3", "1", "1234"):
        traveller.type(typed)
    assert traveller.dial() == "greet.resume"
    assert traveller.type("2") == "home"
    assert traveller.dial() == "home"


def a_relative_pays(land: Land, lang: str) -> None:
    """Asked at once of whoever has no wallet on the calling number."""
    traveller = land.resident(lang, prefix=_MOOV)
    assert traveller.dial("1", land.due()) == "bill.confirm"
    assert traveller.type("1") == "bill.number"
    assert traveller.type(OTHER_NUMBER) == "bill.confirm_other"
    assert OTHER_NUMBER in traveller.text
    assert traveller.type("1") == "pay.sent_other"


def guessing_has_a_limit(land: Land, lang: str) -> None:
    traveller = land.resident(lang)
    traveller.dial()
    traveller.type("1")
    for _ in range(_GUESSES_A_DAY):
        traveller.wrong(land.no_bill())
    assert traveller.type(land.due()) == "too_many"


def strangers_have_a_limit(land: Land, lang: str) -> None:
    traveller = land.resident(lang)
    for asked in range(STRANGER_PROMPTS_A_DAY + 1):
        stranger = land.newcomer(lang, REFUSES).phone.number
        traveller.dial("1", land.due())
        screens = [traveller.type(text) for text in ("2", "2", stranger, "1")]
        refused = asked == STRANGER_PROMPTS_A_DAY
        assert screens[-1] == ("pay.stranger_limit" if refused else "pay.sent_other")


def a_new_edition_comes(land: Land, atlases: Mapping[str, Atlas]) -> None:
    """Wait until the home menu is that of these atlases."""
    newcomer = land.newcomer("fr")  # who knows neither edition: it may be there already
    phone = newcomer.phone
    phone.dial(CODE)
    phone.answer(newcomer.atlas.language_key())
    home = atlases["fr"].screens & {HOME}
    wait_for("the new edition", lambda: _is_one_of(atlases["fr"], phone, home))
    land.atlases = atlases


def _is_one_of(atlas: Atlas, phone: Phone, places: Collection[str]) -> bool:
    try:
        atlas.recognise(phone.dial(CODE), places)
    except LostError:
        return False
    return True


def an_amount_is_refused(land: Land, lang: str) -> None:
    """The operator takes no such amount, and is not asked for it."""
    traveller = _asked_for_a_tender(land, lang)
    traveller.type(additions.CHEAP)
    assert traveller.type("SEMA") == "request.confirm"
    assert traveller.type("1") == "pay.amount_refused"


def a_tender_ends(land: Land, folder: Path) -> None:
    """It ends between the answer that names it and the last one."""
    bidders = [_asked_for_a_tender(land, lang) for lang in land.atlases]
    for bidder in bidders:
        bidder.type(additions.ENDING)
    additions.end_a_tender(folder)
    late = _asked_for_a_tender(land, "fr")
    wait_for("its end", lambda: late.type(additions.ENDING) == late.type("0"))
    for bidder in bidders:
        assert bidder.type("SEMA") == "request.closed"


def _asked_for_a_tender(land: Land, lang: str) -> Traveller:
    traveller = land.resident(lang)
    traveller.dial()
    for goto in ("others", "other", "request.tender_documents.tender"):
        assert traveller.choose(goto) == goto
    return traveller


def the_operator_does_not_respond(land: Land) -> None:
    """A few calls find that out, and then nobody is sent to it, in any language."""
    operator = land.world["orange"]
    operator.kill()
    for lang in land.atlases:
        wait_for("the operator to be known to be down", partial(_is_down, land, lang))
    operator.start()
    land.world.wait_until_ready()
    wait_for("the operator to be back", lambda: not _is_down(land, "fr"))


def _is_down(land: Land, lang: str) -> bool:
    traveller = land.resident(lang)
    traveller.dial("1", land.due())
    return traveller.type("1") == "pay.wallet_down"
