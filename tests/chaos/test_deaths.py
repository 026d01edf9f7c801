"""The worker and the sweeper are killed, at every point around the operator's call.

The labels are those of ussd_app/usecases/collect.py. The deaths of one process are arranged one
after the other, and all that they left behind recovers together: a dead process's lease takes 15 s
to run out, and a debit that was announced but never sent is closed by the statement, 40 s later.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.world import World
from tests.chaos.citizens import DUE, RECOVERY, Citizen, Town
from tests.chaos.plugs import dying_at, kill, plugs_back, start_valkey
from tests.e2e.audit import Audit
from tests.e2e.invariants import broken

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

WORKING = ("worker", "sweeper")

# "marked": the attempt says that the debit is asked for, and the process dies before asking. No
# machine may ask again, so this one is not paid: the citizen is told, and may dial again.
# The order matters, for a death takes along whatever else the process was doing. First come the
# labels that an earlier victim, recovering, would reach; then those that only a first request does.
PAID_AFTER = {
    "inquired": True,
    "before_commit": True,
    "committed": True,
    "marked": False,
    "called": True,
    "key_received": True,
    "before_call": True,
}


@dataclass(frozen=True)
class Aftermath:
    """All deaths have happened, and what was to be done has been done by those who live."""

    town: Town
    audit: Audit
    victims: dict[str, Citizen]


@pytest.fixture(scope="module")
def aftermaths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Aftermath]]:
    """Two worlds at a time, since most of it is waiting; their threads outlive them."""
    folder = tmp_path_factory.mktemp("deaths")
    worlds = {name: World(folder / name) for name in WORKING}
    with ThreadPoolExecutor(len(worlds)) as threads:
        try:
            ends = {name: threads.submit(deaths, worlds[name], name, folder) for name in worlds}
            yield {name: end.result() for name, end in ends.items()}
        finally:
            for world in worlds.values():
                world.stop()


def deaths(world: World, name: str, folder: Path) -> Aftermath:
    """Let this process die at each label, while nobody else can do its work."""
    world.start()
    aftermath = Aftermath(Town(Audit(world)), Audit(world), {})
    for working in WORKING:
        kill(world[working])
    for label in PAID_AFTER:
        start_valkey(world)
        (aftermath.victims[label],) = aftermath.town.pay("00")
        if name == "sweeper":  # its own work: what is due when Valkey wakes no worker
            kill(world["valkey"])
        time.sleep(DUE)
        with dying_at(world[name], label, folder / f"{name}-{label}"):
            pass
    plugs_back(world)
    aftermath.audit.wait_until_settled(RECOVERY)
    return aftermath


@pytest.mark.parametrize("label", PAID_AFTER)
@pytest.mark.parametrize("dead", WORKING)
def test_a_death_around_the_call_loses_and_doubles_nothing(
    aftermaths: dict[str, Aftermath], dead: str, label: str
) -> None:
    aftermath = aftermaths[dead]
    aftermath.town.check(aftermath.victims[label], paid=PAID_AFTER[label])


@pytest.mark.parametrize("dead", WORKING)
def test_the_world_is_in_order_after_all_these_deaths(
    aftermaths: dict[str, Aftermath], dead: str
) -> None:
    assert broken(aftermaths[dead].audit) == {}
