"""SMS that citizens write, over SMPP, against the simulated centre."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from smpp import segments
from smpp.pdu import Address
from tests.integration.simulators.harness import wait_for
from tests.integration.smpp.holding import CHANNEL, holding
from tests.integration.smpp.telephone import Centre, Handset, open_centre
from tests.integration.web.citizen import Door
from tests.integration.web.till import Clock
from ussd_app.links.desk import Desk
from ussd_app.links.session import Session
from ussd_app.store.database import DatabaseError


def inbound_of(door: Door, handset: Handset) -> list[str]:
    """What was taken in from a handset."""
    query = "SELECT text FROM inbound_messages WHERE sender = :sender ORDER BY inbound_id"
    with door.context.db.begin() as tx:
        rows = tx.execute(sql(query), {"sender": f"+{handset.number}"})
        return [row[0] for row in rows]


def wait_for_words(door: Door, handset: Handset, words: list[str]) -> None:
    wait_for(lambda: inbound_of(door, handset) == words)


@pytest.mark.parametrize(
    "fault", ["", "duplicate", "duplicate_anew", "split", "drop_sent", "drop_answered"]
)
@pytest.mark.parametrize("text", ["VERIF 4821937028482161", "ߒߞߏ " * 40], ids=["short", "parts"])
def test_what_a_citizen_writes_is_taken_once(
    door: Door, centre: Centre, handset: Handset, fault: str, text: str
) -> None:
    centre.expect(*filter(None, [fault]))
    handset.write(text)
    wait_for(lambda: inbound_of(door, handset))
    handset.write("AIDE")  # it comes after whatever has come twice
    wait_for(lambda: inbound_of(door, handset)[-1] == "AIDE")
    assert inbound_of(door, handset) == [text, "AIDE"]


def test_the_same_words_again_are_another_message(
    door: Door, handset: Handset, session: Session
) -> None:
    assert session.is_bound
    for count in (1, 2, 3):
        handset.write("1")
        wait_for_words(door, handset, ["1"] * count)
        wait_for(lambda: not door.context.redis.client.keys("smpp-text:*"))


@pytest.mark.parametrize("text", ["AIDE", "ߒߞߏ " * 40], ids=["short", "parts"])
def test_a_message_that_could_not_be_kept_comes_again_and_was_typed_the_first_time(
    door: Door, handset: Handset, text: str
) -> None:
    clock = Clock(door.context.now)
    door.give(replace(door.context, now=clock))
    with unkept(door):
        handset.write(text)
        wait_for(lambda: door.context.redis.client.keys("smpp-text:*"))
        clock.advance(minutes=1)
    wait_for_words(door, handset, [text])
    with door.context.db.begin() as tx:
        delay = tx.execute(sql("SELECT received_at - typed_by FROM inbound_messages")).scalar_one()
    assert delay == timedelta(seconds=59)  # in the second that followed


def test_the_parts_of_a_text_that_could_not_be_kept_stay(door: Door) -> None:
    desk, text = Desk(lambda: door.context, CHANNEL), "ߒߞߏ " * 20
    one, two = segments.write(Address("22376000001", 1, 1), "789", text, 7)
    desk.sms(one, desk.now())
    with unkept(door):
        with pytest.raises(DatabaseError):
            desk.sms(two, desk.now())
        desk.settled(one)  # the centre knows that we have this one, and will not bring it again
    desk.sms(two, desk.now())
    desk.settled(two)
    with door.context.db.begin() as tx:
        assert tx.execute(sql("SELECT text FROM inbound_messages")).scalar_one() == text
    assert not door.context.redis.client.keys("smpp-parts:*")


def test_on_a_link_without_ussd_what_is_dialled_is_no_text(door: Door) -> None:
    with open_centre() as centre, holding(door, centre, None):
        handset = Handset(centre, "22376000009")
        centre.post(f"/handsets/{handset.number}/dial", code="*789#")
        handset.write("AIDE")
        wait_for(lambda: "AIDE" in inbound_of(door, handset))
        assert inbound_of(door, handset) == ["AIDE"]


@contextmanager
def unkept(door: Door) -> Iterator[None]:
    """Let no SMS be kept until the block ends."""
    with door.context.db.begin() as tx:
        tx.execute(sql("ALTER TABLE inbound_messages RENAME TO gone"))
    try:
        yield
    finally:
        with door.context.db.begin() as tx:
            tx.execute(sql("ALTER TABLE gone RENAME TO inbound_messages"))
