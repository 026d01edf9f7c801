"""Taking up a session does nothing twice and nothing unseen, whatever is raced, lost or broken."""

from collections.abc import Mapping
from functools import partial

import pytest
from sqlalchemy import text

from menus.protocol import SESSION_VERSION, Session
from tests.integration.conftest import Servers
from tests.integration.web.citizen import Door, Phone, at_once, keys, rows
from tests.integration.web.outages import only_reading, without_notes
from tests.integration.web.till import Clock, attempts_of
from tests.integration.web.words import HOME, OFFER, SENT, UNDER_WAY, confirm
from ussd_app.usecases import journeys


@pytest.fixture
def cut(door: Door, known: Phone) -> str:
    """The bill that was shown when the session of `known` was cut."""
    number = door.fine()
    known.dial()
    known.type("1", number)
    return number


def same_turn(door: Door, phone: Phone, typed: str) -> str:
    return door.turn(phone.number, phone.session_id, typed, phone.dialled)


def test_one_turn_that_takes_up_sent_many_times_at_once_is_one(
    door: Door, known: Phone, cut: str
) -> None:
    known.dial()
    screens = at_once([partial(same_turn, door, known, "1")] * 10)
    assert len(set(screens)) == 1
    assert screens[0].startswith(confirm(cut))
    assert not rows(door.context, "attempts")
    assert set(at_once([partial(same_turn, door, known, "1*1")] * 10)) == {known.type("1", "1")}
    assert len(attempts_of(door.context, cut)) == 1


@pytest.mark.parametrize("_round", range(3))
def test_of_taking_up_and_starting_anew_at_once_one_is_done(
    door: Door, known: Phone, cut: str, _round: int
) -> None:
    known.dial()
    screens = at_once([partial(same_turn, door, known, key) for key in "1212"])
    assert len(set(screens)) == 1
    assert screens[0].startswith((confirm(cut), HOME))
    assert not rows(door.context, "attempts")


def test_two_sessions_that_take_up_the_same_pay_once(door: Door, known: Phone, cut: str) -> None:
    phones = [Phone(door, known.number) for _ in range(4)]
    for each in phones:
        assert each.dial() == OFFER
    assert len(set(at_once([partial(each.type, "1") for each in phones]))) == 1
    screens = at_once([partial(each.type, "1") for each in phones])
    assert sum(screen.startswith(SENT) for screen in screens) == 1
    assert sum(screen.startswith(UNDER_WAY) for screen in screens) == 3
    assert len(attempts_of(door.context, cut)) == 1


def test_what_another_session_has_ended_is_taken_up_no_more(
    door: Door, known: Phone, cut: str
) -> None:
    late = Phone(door, known.number)
    late.dial()
    known.type("1")
    assert late.type("1").startswith(HOME)
    assert len(attempts_of(door.context, cut)) == 1


def test_an_offer_lost_with_redis_is_made_again_and_pays_nothing(
    door: Door, known: Phone, cut: str
) -> None:
    known.dial()
    for _ in range(3):
        door.context.redis.client.flushall()
        assert not known.type("1").startswith("END")
    assert not attempts_of(door.context, cut)
    assert known.dial() == OFFER


@pytest.mark.parametrize("way", ["1", "2"])
def test_what_is_taken_up_or_given_up_leaves_no_row(
    door: Door, known: Phone, cut: str, way: str
) -> None:
    assert rows(door.context, "checkpoints") == 1
    known.dial()
    known.type(way)
    if way == "1":
        assert known.type("1").startswith(SENT)
        assert len(attempts_of(door.context, cut)) == 1
    assert not rows(door.context, "checkpoints")


def test_what_has_come_to_an_end_meanwhile_is_offered_once(
    door: Door, known: Phone, other: Phone, cut: str
) -> None:
    other.pay(cut)
    known.dial()
    assert known.type("1").startswith(UNDER_WAY)
    assert not rows(door.context, "checkpoints")
    assert known.dial().startswith(HOME)


def test_what_is_too_old_is_purged_with_what_was_typed(
    door: Door, clock: Clock, known: Phone, other: Phone
) -> None:
    nina = "19001011234567A"
    for caller in (known, other):
        caller.dial(typed="2*1")
        caller.type(nina)
        clock.advance(minutes=6)
    assert rows(door.context, "checkpoints") == 2
    journeys.collect_over(door.context)
    assert rows(door.context, "checkpoints") == 1
    clock.advance(minutes=5)
    journeys.collect_over(door.context)
    assert not rows(door.context, "checkpoints")


def test_no_number_stands_beside_what_was_typed(door: Door, known: Phone, cut: str) -> None:
    with door.context.db.begin() as tx:
        (row,) = tx.execute(text("SELECT * FROM checkpoints")).all()
    assert cut in row.session
    assert known.number.removeprefix("+223") not in str(row)
    assert not [key for key in keys(door.context.redis.client) if cut in key]


def stood(
    node: str, answers: Mapping[str, str], *trail: str, version: int = SESSION_VERSION
) -> str:
    """A session as another edition, another version or somebody's hand may have written it."""
    session = Session(node, "fr", ("home", *trail), dict(answers), version=version)
    return session.to_json().decode()


WALLET = {"wallet": "orange_mp", "wallet_name": "Orange Money", "payer": ""}
SHOWN = {"bill_number": "BILL", "version": "1", **WALLET}
ASKED = {"service": "birth_copy", "act": "12", "year": "1998", "place": "bamako_1", "copies": "3"}
BROKEN: Mapping[str, str] = {
    "empty": "",
    "null": "null",
    "a list": "[]",
    "an object": "{}",
    "no JSON": "home",
    "nested": "[" * 5000,
    "too short": '["home"]',
    "another version": stood("bill.confirm", SHOWN, version=SESSION_VERSION - 1),
    "a screen of another edition": stood("request.passport.city", {"service": "passport"}),
    "a past of another edition": stood("fine.number", {}, "passport"),
    "the paying of a bill": stood("bill.open", SHOWN, "fine.number", "bill.confirm"),
    "the paying of a bill never shown": stood("bill.open", SHOWN, "fine.number"),
    "the paying of a request": stood("request.open", {**ASKED, **SHOWN}, "request.confirm"),
    "the paying of a request never shown": stood("request.open", {**ASKED, **SHOWN}),
    "a bill without its number": stood("bill.confirm", {}, "fine.number"),
    "a bill that is not": stood("bill.confirm", {"bill_number": "4821937028"}, "fine.number"),
    "a request without answers": stood("request.confirm", {"service": "birth_copy"}),
    "a request for nothing": stood("request.confirm", {"service": "passport"}),
    "a place that is not": stood("request.confirm", {**ASKED, "place": "paris"}),
    "a count that is not": stood("request.confirm", {**ASKED, "copies": "many"}),
    "the last words": stood("pay.sent", SHOWN, "bill.confirm"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_row_that_nobody_of_us_wrote_harms_nothing(
    door: Door, known: Phone, cut: str, kind: str
) -> None:
    with door.context.db.begin() as tx:
        tx.execute(
            text("UPDATE checkpoints SET session = :session"),
            {"session": BROKEN[kind].replace("BILL", cut)},
        )
    assert known.dial() == OFFER
    assert known.type("1")[:4] in {"CON ", "END "}
    assert not rows(door.context, "attempts")
    assert known.show(cut).startswith(confirm(cut))
    assert known.type("1").startswith(SENT)


def test_a_note_that_cannot_be_written_does_not_fail_the_turn(
    door: Door, known: Phone, servers: Servers
) -> None:
    number, context = door.fine(), door.context
    with without_notes(context, servers.database_url) as noteless:
        door.give(noteless)
        known.dial()
        assert known.type("1", number).startswith(confirm(number))
        assert known.again().startswith(confirm(number))
        assert known.type("1").startswith(SENT)
        assert known.again().startswith(SENT)
    assert len(attempts_of(context, number)) == 1


def test_a_row_that_cannot_be_deleted_does_not_fail_the_turn(
    door: Door, known: Phone, cut: str, servers: Servers
) -> None:
    context = door.context
    with only_reading(context, servers.database_url) as read_only:
        door.give(read_only)
        assert known.type("00").startswith(HOME)
        assert known.dial() == OFFER
        assert known.type("2").startswith(HOME)
    assert rows(context, "attempts") == len(attempts_of(context, cut)) == 0
