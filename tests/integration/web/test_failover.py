"""A provider of SMS in trouble: receipts arrive in time by another one, and none of them twice."""

from datetime import timedelta

import pytest

from simulators.sms_centre.centre import Fault
from tests.integration.web.airwaves import HALF, Airwaves
from tests.integration.web.citizen import Door
from tests.integration.web.till import Clock

SOON = timedelta(seconds=60)
# A slow provider is found out by texts that are late already, a broken or silent one by its
# answers: what is late by then must be few among many.
TROUBLES = [
    ("infobip", Fault.SLOW, 2000),
    *(
        (first, fault, 120)
        for first in HALF
        for fault in (Fault.BREAKS, Fault.SILENT, Fault.TIMEOUT, Fault.DOWN)
    ),
]


@pytest.fixture
def airwaves(door: Door, clock: Clock) -> Airwaves:
    return Airwaves(door, clock)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("first", "fault", "seconds"), TROUBLES)
def test_with_a_provider_in_trouble_receipts_arrive_in_time_and_none_twice(
    airwaves: Airwaves, first: str, fault: Fault, seconds: int
) -> None:
    airwaves.receipts(30)  # some are sent, and reported, while all is well
    airwaves.centre.remain(fault, first)
    airwaves.receipts(seconds)
    airwaves.seconds(60)
    airwaves.clock.advance(minutes=10)  # a slow text arrives in the end
    airwaves.seconds(5)
    arrived = airwaves.arrivals()
    assert not {words for words, times in arrived.items() if len(times) > 1}
    in_time = {words for words, times in arrived.items() if times[0] <= SOON}
    assert len(in_time) >= 0.99 * len(airwaves.sent_at)
