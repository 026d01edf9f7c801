"""Random schedules of everything gateways do wrong: nothing twice, nothing foreign, same bytes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.web.citizen import SESSIONS, Door
from tests.integration.web.schedule import Handset, World, strangers

FIRST = count()
KEYS = ("1", "2", "0", "00", "98", "9", "x", "1*1", "1*")

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
    known = handset.taken is not None
    older = handset.typed[:choice] if known else None
    turn = handset.type(handset.likely_key(choice))
    world.send(replace(turn, copies=3, late=older))


def both(world: World, handset: Handset, choice: int) -> None:
    others = [one for one in world.handsets if one is not handset]
    pair = (handset, others[choice % len(others)])
    world.send(*(one.type(one.likely_key(choice)) for one in pair))


def dial(world: World, handset: Handset, choice: int) -> None:
    deep = ("1", handset.bills[choice % 2], "1")
    world.send(handset.dial(f"session {next(SESSIONS)}", *deep[: choice % 4]))


def dial_with_an_old_id(world: World, handset: Handset, choice: int) -> None:
    deep = ("1", handset.bills[choice % 2])
    world.send(handset.dial(handset.session_id, *deep[: choice % 3]))


def lose(world: World, _handset: Handset, _choice: int) -> None:
    world.lose()


def fail(world: World, _handset: Handset, _choice: int) -> None:
    world.fail()


DEEDS: dict[Deed, int] = {  # how often each
    likely: 6, crowd: 4, both: 3, repeat: 2, late: 2, dial: 2, lose: 2, fail: 1, any_key: 1,
    run_ahead: 1, dial_with_an_old_id: 1,
}  # fmt: skip
STEPS = st.tuples(
    st.sampled_from([deed for deed, often in DEEDS.items() for _ in range(often)]),
    st.integers(0, 2),
    st.integers(0, 9),
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(schedule=st.lists(STEPS, min_size=4, max_size=24))
def test_whatever_gateways_do_nothing_is_paid_twice_or_unseen(
    door: Door, schedule: list[tuple[Deed, int, int]]
) -> None:
    door.context.redis.client.flushall()
    world = strangers(door, next(FIRST))
    for deed, handset, choice in schedule:
        deed(world, world.handsets[handset], choice)


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
    assert sum(world.known.values()) == 4
