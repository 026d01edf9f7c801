"""One row a session: how long, how far, why it ended; never a number or what was typed."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.engine import RowMapping

from homologation.gateways.all import GATEWAYS
from homologation.gateways.base import Session
from tests.integration.web.citizen import Door, Phone, at_once
from tests.integration.web.till import Clock, paid
from ussd_app.store import journeys as rows_of
from ussd_app.usecases import funnel, journeys

LIFETIME_S = 180  # the longest a gateway keeps a session open
NINA = "19001011234567A"


@pytest.fixture
def started(clock: Clock) -> datetime:
    """The whole second at which the sessions of a test begin."""
    return clock().replace(microsecond=0)


def collected(door: Door) -> list[RowMapping]:
    """Collect what is over by now; return every row there is, oldest first."""
    journeys.collect_over(door.context)
    with door.context.db.begin() as tx:
        return list(tx.execute(text("SELECT * FROM journeys ORDER BY started_at")).mappings())


def the_one(door: Door) -> RowMapping:
    (journey,) = collected(door)
    return journey


def test_a_payment_is_a_journey_that_is_over_at_once(
    door: Door, clock: Clock, started: datetime, phone: Phone
) -> None:
    number = door.fine()
    phone.dial(typed="1")
    clock.advance(seconds=20)
    phone.type(number)
    clock.advance(seconds=11)
    phone.type("1")
    assert dict(the_one(door)) | {"session_key": ""} == {
        "session_key": "",
        "channel": "africastalking",
        "lang": "fr",
        "errand": "fine",
        "screen": "pay.sent",
        "reason": "payment",
        "turns": 3,
        "seconds": 31,
        "started_at": started.astimezone(UTC),
    }


def test_what_nobody_answers_any_more_is_over_after_three_minutes(
    door: Door, clock: Clock, phone: Phone
) -> None:
    phone.dial(typed="3*1")
    clock.advance(seconds=30)
    phone.type("12")
    clock.advance(seconds=LIFETIME_S - 1)
    assert not collected(door)
    clock.advance(seconds=1)
    journey = the_one(door)
    assert (journey["errand"], journey["screen"]) == ("birth_copy", "request.birth_copy.year")
    assert (journey["reason"], journey["turns"], journey["seconds"]) == ("timed_out", 2, 30)


@pytest.mark.parametrize(
    ("typed", "errand", "screen", "reason"),
    [
        ("1*BILL*1", "fine", "pay.sent", "payment"),
        ("2*1*1*1", "cni", "pay.sent", "payment"),
        ("1*BILL*2*2*72000001*1", "fine", "pay.sent_other", "payment"),
        ("1*PAID", "fine", "bill.paid", "answered"),
        ("9*6537567762600777", "verify", "receipt.unknown", "answered"),
        ("4*4*1", "information", "receipts.sent", "answered"),
        ("", "none", "home", "timed_out"),
        ("4*1", "information", "tariffs", "timed_out"),
        ("1*BILL", "fine", "bill.confirm", "timed_out"),
        ("3", "none", "civil", "timed_out"),
    ],
)
def test_each_journey_says_what_it_was_about_and_why_it_ended(
    door: Door, clock: Clock, known: Phone, *, typed: str, errand: str, screen: str, reason: str
) -> None:
    settled = door.fine()
    Phone(door, "+22370000088").pay(settled)
    paid(door.context, settled)
    clock.advance(seconds=LIFETIME_S)
    before = len(collected(door))
    clock.advance(seconds=1)
    known.dial()
    for key in typed.replace("BILL", door.fine()).replace("PAID", settled).split("*"):
        if key:
            known.type(key)
    clock.advance(seconds=0 if known.screen.startswith("END") else LIFETIME_S)
    journey = collected(door)[before]
    assert (journey["errand"], journey["screen"]) == (errand, screen)
    assert journey["reason"] == reason


@pytest.mark.parametrize(
    ("status", "reason"), [("Incomplete", "hung_up"), ("Failed", "failed"), ("", "hung_up")]
)
def test_what_the_gateway_said_of_the_end_is_kept(
    door: Door, clock: Clock, phone: Phone, status: str, reason: str
) -> None:
    phone.dial(typed="1")
    clock.advance(seconds=7)
    phone.hang_up(status)
    assert (the_one(door)["reason"], the_one(door)["seconds"]) == (reason, 7)
    clock.advance(seconds=LIFETIME_S)
    assert (the_one(door)["reason"], the_one(door)["seconds"]) == (reason, 7)
    clock.advance(hours=1)
    assert the_one(door)["reason"] == reason


def test_a_clean_end_keeps_the_reason_of_the_last_screen(door: Door, phone: Phone) -> None:
    phone.pay(door.fine())
    phone.hang_up("Success")
    assert the_one(door)["reason"] == "payment"


def test_repeated_late_and_foreign_turns_do_not_count(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.dial(typed="1")
    phone.type(number)
    at_once([phone.again] * 5)
    for stray in ("", "1", "2*2", f"2*{number}*1"):
        door.turn(phone.number, phone.session_id, stray)
    phone.type("1")
    phone.again()
    phone.type("1")
    assert the_one(door)["turns"] == 3


def test_a_session_that_goes_on_after_it_seemed_over_is_one_journey(
    door: Door, clock: Clock, phone: Phone
) -> None:
    number = door.fine()
    phone.show(number)
    phone.hang_up()
    clock.advance(seconds=LIFETIME_S + 1)
    assert len(collected(door)) == 1
    phone.type("1")
    journey = the_one(door)
    assert (journey["screen"], journey["reason"]) == ("pay.sent", "payment")
    assert (journey["turns"], journey["seconds"]) == (2, LIFETIME_S + 1)


def test_an_id_that_the_gateway_uses_again_is_another_journey(
    door: Door, clock: Clock, phone: Phone
) -> None:
    for _ in range(2):
        phone.dial(typed="4", session_id="used again")
        clock.advance(seconds=LIFETIME_S)
        journeys.collect_over(door.context)
        for key in door.context.redis.client.keys("ussd:*"):
            door.context.redis.client.delete(key)  # its time in Redis has run out
    first, second = collected(door)
    assert first["session_key"] != second["session_key"]


def test_two_numbers_in_one_session_id_are_two_journeys(
    door: Door, clock: Clock, phone: Phone, other: Phone
) -> None:
    phone.dial(typed="1", session_id="shared")
    other.dial(typed="9", session_id="shared")
    clock.advance(seconds=LIFETIME_S)
    assert {journey["errand"] for journey in collected(door)} == {"fine", "verify"}


def test_a_row_holds_no_number_and_nothing_that_was_typed(door: Door, phone: Phone) -> None:
    number = door.fine(plate="AB123MD")
    phone.dial(typed="2*1", session_id="77777777 a session of theirs")
    phone.type(NINA, "2", "2", "72000001", "1")
    phone.ask_another(number, "72000002")
    for journey in collected(door):
        written = " ".join(str(value) for value in journey.values())
        for secret in (NINA, number, "70000001", "72000001", "72000002", "AB123MD", "77777777"):
            assert secret not in written
        assert re.fullmatch(r"[\w-]+", journey["session_key"])


def test_sessions_lost_with_redis_are_lost_figures_and_nothing_else(
    door: Door, clock: Clock, phone: Phone
) -> None:
    phone.dial(typed="1")
    door.context.redis.client.flushall()
    clock.advance(seconds=LIFETIME_S)
    assert not collected(door)
    phone.dial(typed="1")
    door.context.redis.client.delete(*door.context.redis.client.keys("ussd:*"))
    clock.advance(seconds=LIFETIME_S)
    assert not collected(door)
    assert not door.context.redis.over(int(clock().timestamp()), 10)


def test_the_figures_of_the_day_are_shown(door: Door, clock: Clock, known: Phone) -> None:
    known.pay(door.fine())
    clock.advance(seconds=40)
    known.dial(typed="4")
    known.hang_up()
    known.dial(typed="9")
    clock.advance(seconds=LIFETIME_S)
    journeys.collect_over(door.context)
    for reason, count in (("payment", 1), ("hung_up", 1), ("timed_out", 2), ("failed", 0)):
        labels = {"channel": "africastalking", "lang": "fr", "reason": reason}
        assert door.figure("sarali_day_journeys", **labels) == count
    assert door.figure("sarali_day_session_turns_count") == 4
    assert door.figure("sarali_day_session_turns_sum") == 6
    assert door.figure("sarali_day_session_turns_bucket", le="1") == 2
    assert door.figure("sarali_day_session_turns_bucket", le="2") == 4
    assert door.figure("sarali_day_session_seconds_bucket", le="5") == 4
    assert door.figure("sarali_day_session_seconds_bucket", le="+Inf") == 4
    clock.advance(hours=24)
    assert not door.figure("sarali_day_journeys", reason="payment")


def test_the_funnel_says_how_many_reached_a_screen_and_ended_there(
    door: Door, clock: Clock, phone: Phone
) -> None:
    for keys in (["1"], ["1", "BILL"], ["1", "BILL", "1"], ["1", "BILL", "1"]):
        number = door.fine()
        phone.dial(typed=keys[0])
        phone.type(*[key.replace("BILL", number) for key in keys[1:]])
    clock.advance(seconds=LIFETIME_S)
    journeys.collect_over(door.context)
    with door.context.db.read() as tx:
        ends = rows_of.ends(tx, clock().replace(year=2000))
    told = list(funnel.lines(door.context.dialogue, ends))
    assert told[0] == "fine: 4 sessions (payment 2, timed_out 2)"
    assert [line.split() for line in told[1:]] == [
        ["fine.number", "reached", "4", "100%", "ended", "1"],
        ["bill.confirm", "reached", "3", "75%", "ended", "1"],
        ["pay.sent", "reached", "2", "50%", "ended", "2"],
    ]


def test_a_journey_tells_its_channel(door: Door, clock: Clock) -> None:
    for channel in ("africastalking", "nalo"):
        call = GATEWAYS[channel].open(Session("+22370000001", f"on {channel}"))
        answer = door.request("POST", f"/ussd/{channel}", call.headers, body=call.body)
        assert answer.status_code == 200
    clock.advance(seconds=LIFETIME_S)
    assert {journey["channel"] for journey in collected(door)} == {"africastalking", "nalo"}
