"""An edition that comes at a bad moment: while somebody types, or while somebody else looks."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Event

import pytest

from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.editions.authority import SERVICE, TENDER, Authority, tender
from tests.integration.web.till import Clock
from tests.integration.web.words import HOME, con, confirm_request, end, words

PLACE = """
[[place]]
slug = "kalabancoro"
name = "Kalabancoro"
kind = "town"
scope = "regions"
key = 80
"""
BIRTH = """
[[service]]
code = "birth_copy"
family = "civil"
authority = "Centre d'état civil"
fee = "per_unit"
enabled = {enabled}
  [[service.tariff]]
  amount = 100
  since = 2006-06-28
  legal_basis = "Loi 2006-024"
  source = "DEMO"
  certainty = "C"
{fields}"""
FIELD = '  [[service.field]]\n  name = "{}"\n  kind = "{}"\n'


def birth(*fields: tuple[str, str], enabled: bool = True) -> str:
    """The copy of a birth certificate, asked for by these fields."""
    written = "".join(FIELD.format(*field) for field in fields)
    return BIRTH.format(enabled=str(enabled).lower(), fields=written)


ACT, YEAR, AT, COPIES = (
    ("act", "digits"),
    ("year", "year"),
    ("place", "place"),
    ("copies", "quantity"),
)


@pytest.fixture
def asked(authority: Authority, known: Phone) -> Phone:
    """Somebody who has typed everything but the number of copies."""
    authority.write("places.toml", PLACE)
    authority.publish()
    known.dial()
    assert known.type("3", "1", "12", "1998", "80").startswith(con("ask.copies"))
    return known


def goes_on(door: Door, phone: Phone) -> None:
    """Whatever it is told, the caller is told something, and pays nothing unseen."""
    assert phone.type("2")[:4] in {"CON ", "END "}
    assert not rows(door.context, "attempts")
    assert phone.dial(typed="3*1*12*1998*1*2").startswith("CON ")


def test_a_place_that_closes_while_somebody_types(
    door: Door, authority: Authority, asked: Phone
) -> None:
    authority.remove("places.toml")
    goes_on(door, asked)


def test_a_field_that_is_added_while_somebody_types(
    door: Door, authority: Authority, asked: Phone
) -> None:
    authority.write("services.toml", birth(ACT, YEAR, AT, ("tender", "digits"), COPIES))
    authority.say({"fr": {"ask.tender": "Volet:"}, "bm": {"ask.tender": "Sɛbɛn:"}})
    authority.publish()
    goes_on(door, asked)


def test_a_field_that_is_dropped_while_somebody_types(
    door: Door, authority: Authority, asked: Phone
) -> None:
    authority.write("services.toml", birth(ACT, AT, COPIES))
    authority.publish()
    goes_on(door, asked)


def test_a_service_that_closes_while_somebody_types(
    door: Door, authority: Authority, asked: Phone
) -> None:
    authority.write("services.toml", birth(ACT, YEAR, AT, COPIES, enabled=False))
    authority.publish()
    assert asked.type("2")[:4] in {"CON ", "END "}
    assert not rows(door.context, "bills")


def test_a_tender_that_closes_while_somebody_types(
    door: Door, authority: Authority, known: Phone
) -> None:
    authority.sell_tenders()
    authority.write("tenders.toml", tender() + tender("99"))
    authority.publish()
    known.dial()
    known.type("5", "1", "1", TENDER)
    authority.write("tenders.toml", tender("99"))
    authority.publish()
    assert known.type("Forage").startswith(end("request.closed"))
    assert not rows(door.context, "bills")


def test_a_screen_that_is_gone_starts_anew_and_pays_nothing(
    door: Door, authority: Authority, known: Phone
) -> None:
    authority.sell_tenders()
    known.dial()
    known.type("5", "1", "1", TENDER)
    authority.write("services.toml", SERVICE.replace("true", "false"))
    authority.write("tenders.toml", "")
    authority.publish()
    assert known.type("Forage").startswith("CON ")
    assert known.type("00").startswith(HOME)
    assert not rows(door.context, "attempts")


def test_what_was_cut_before_a_place_closed_is_taken_up_harmlessly(
    door: Door, authority: Authority, asked: Phone
) -> None:
    assert asked.type("2").startswith(confirm_request("birth_copy"))
    authority.remove("places.toml")
    assert asked.dial().startswith(con("greet.resume"))
    assert asked.type("1")[:4] in {"CON ", "END "}
    assert not rows(door.context, "attempts")


class Held:
    """A clock that holds the second who asks it until it is let go."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked = 0
        self.holds, self.go = Event(), Event()

    def __call__(self) -> datetime:
        self._asked += 1
        now = self._clock()
        if self._asked == 1:
            self.holds.set()
            self.go.wait(5)
        return now


def test_an_edition_taken_by_one_request_is_not_undone_by_an_earlier_one(
    door: Door, authority: Authority, clock: Clock, known: Phone
) -> None:
    """Both begin under the old edition; the slower one must not put it back."""
    authority.sell_tenders()
    assert words("option.others") in known.dial()
    for name in ("services.toml", "tenders.toml", "locales/fr.po", "locales/bm.po"):
        (authority.folder / name).unlink()
    clock.advance(seconds=2)
    held = Held(clock)
    door.give(replace(door.context, now=held))
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(door.request, "GET", "/healthz")
        assert held.holds.wait(5)
        assert words("option.others") not in known.dial()
        held.go.set()
        assert slow.result().status_code == 200
    assert words("option.others") not in known.dial()
    clock.advance(seconds=2)
    assert words("option.others") not in known.dial()
