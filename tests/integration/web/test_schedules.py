"""Random schedules of everything gateways do wrong: nothing twice, nothing foreign, same bytes.

Ten thousand of them: `pytest --hypothesis-profile=long tests/integration/web/test_schedules.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.integration.web.citizen import SESSIONS, Door
from tests.integration.web.schedule import OFFERS, Handset, World, strangers

EXAMPLES = max(200, settings().max_examples)  # the profile's, where it asks for more
FIRST = count()
KEYS = ("1", "2", "0", "00", "98", "9", "x", "1*1", "1*")
ENDS = ("Incomplete", "Failed", "Success")

Deed = Callable[[World, Handset, int], None]


def likely(world: World, handset: Handset, choice: int) -> None:
    world.send(handset.type(handset.likely_key(choice)))


def any_key(world: World, handset: Handset, choice: int) -> None:
    world.send(handset.type(*KEYS[choice % len(KEYS)].split("*")))


def repeat(world: World, handset: Handset, _choice: int) -> None:
    world.send(handset.type())


def late(world: World, handset: Handset, choice: int) -> None:
    world.send(replace(handset.type(), inputs=handset.typed[: choice % (len(handset.typed) + 1)]))


def run_ahead(world: World, handset: Handset, choice: int) -> None:
    world.send(handset.type("1", handset.bills[choice % 2], "1"))


def crowd(world: World, handset: Handset, choice: int) -> None:
    older = None if handset.taken is None else handset.taken[:choice]
    turn = handset.type(handset.likely_key(choice))
    world.send(replace(turn, copies=3, late=older))


def both(world: World, handset: Handset, choice: int) -> None:
    others = [one for one in world.handsets if one is not handset]
    pair = (handset, others[choice % len(others)])
    world.send(*(one.type(one.likely_key(choice)) for one in pair))


def dial(world: World, handset: Handset, choice: int) -> None:
    deep = ("1", handset.bills[choice % 2], "1")
    world.send(handset.dial(f"session {next(SESSIONS)}", *deep[: choice % 4]))


def redial(world: World, handset: Handset, choice: int) -> None:
    turn = handset.dial(f"session {next(SESSIONS)}")
    world.send(replace(turn, copies=1 + choice % 3))
    if handset.screen.startswith(OFFERS):
        world.send(replace(handset.type("1" if choice else "2"), copies=1 + choice % 2))


def dial_with_an_old_id(world: World, handset: Handset, choice: int) -> None:
    deep = ("1", handset.bills[choice % 2])
    world.send(handset.dial(handset.session_id, *deep[: choice % 3]))


def hang_up(world: World, handset: Handset, choice: int) -> None:
    world.hang_up(handset, ENDS[choice % len(ENDS)])


def cut_off(world: World, handset: Handset, choice: int) -> None:
    turn = handset.type(handset.likely_key(choice))
    world.send(replace(turn, cut=ENDS[choice % len(ENDS)]))


def lose(world: World, _handset: Handset, _choice: int) -> None:
    world.lose()


def fail(world: World, _handset: Handset, _choice: int) -> None:
    world.fail()


DEEDS: dict[Deed, int] = {  # how often each
    likely: 7, crowd: 4, both: 3, redial: 3, repeat: 2, late: 2, dial: 2, lose: 2, hang_up: 2,
    cut_off: 2, fail: 1, any_key: 1, run_ahead: 1, dial_with_an_old_id: 1,
}  # fmt: skip
STEPS = st.tuples(
    st.sampled_from([deed for deed, often in DEEDS.items() for _ in range(often)]),
    st.integers(0, 2),
    st.integers(0, 9),
)


@pytest.mark.timeout(2 * EXAMPLES)  # seconds
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(schedule=st.lists(STEPS, min_size=6, max_size=24))
def test_whatever_gateways_do_nothing_is_paid_twice_or_unseen(
    door: Door, schedule: list[tuple[Deed, int, int]]
) -> None:
    door.context.redis.client.flushall()
    with door.context.db.begin() as tx:  # each example searches all messages
        tx.execute(text("TRUNCATE messages CASCADE"))
    world = strangers(door, next(FIRST))
    for deed, handset, choice in schedule:
        deed(world, world.handsets[handset], choice)
    world.close()


def test_the_model_lets_a_citizen_pay(door: Door) -> None:
    """A model that forbade everything would find no fault in anything."""
    world = strangers(door, next(FIRST))
    for _ in range(2):
        for handset in world.handsets[:2]:
            for _ in range(4):
                crowd(world, handset, 0)
        world.fail()
        for handset in world.handsets:
            dial(world, handset, 0)
    world.close()
    assert sum(world.known.values()) == 4


def test_the_model_lets_a_citizen_take_up_a_session_and_pay(door: Door) -> None:
    world = strangers(door, next(FIRST))
    handset = world.handsets[0]
    for _ in range(3):
        likely(world, handset, 0)
    hang_up(world, handset, 0)
    redial(world, handset, 1)
    cut_off(world, handset, 0)
    world.close()
    assert world.known == {(handset.bills[0], handset.number): 1}
