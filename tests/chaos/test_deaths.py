"""The worker, the sweeper and the web are killed at every point around the operator's call.

The labels are those of ussd_app/usecases/collect.py. The deaths of one process are arranged one
after the other, and all that they left behind recovers together: a dead process's lease takes 15 s
to run out, and a debit that was announced but never sent is closed by the statement, 40 s later.
"""

from dataclasses import dataclass

import pytest

from sandbox.world import World
from tests.chaos.citizens import RECOVERY, Citizen, Town
from tests.chaos.plugs import dying_at, plugs_back
from tests.e2e.audit import Audit
from tests.e2e.invariants import broken

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

# "marked": the attempt says that the debit is asked for, and the process dies before asking. No
# machine may ask again, so this one is not paid: the citizen is told, and may dial again. It comes
# first, while no other attempt waits to be submitted; the others are in an order in which what
# recovers from an earlier death does not reach the next label before its own citizen does.
PAID_AFTER = {
    "marked": False,
    "before_call": True,
    "inquired": True,
    "before_commit": True,
    "committed": True,
    "called": True,
    "key_received": True,
}


@pytest.fixture(scope="module")
def after_worker_deaths(world: World, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    town = Town(Audit(world))
    marks = tmp_path_factory.mktemp("marks")
    victims = {}
    for label in PAID_AFTER:
        with dying_at(world["worker"], label, marks / label):
            (victims[label],) = town.pay("00")
    return Aftermath(world, town, victims)


@pytest.fixture(scope="module")
def after_sweeper_deaths(world: World, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """Nobody else can do it: the worker is dead, and so is Valkey, which would wake it."""
    town = Town(Audit(world))
    marks = tmp_path_factory.mktemp("marks")
    victims = {}
    for name in ("worker", "sweeper"):
        world[name].kill()
    for label in PAID_AFTER:
        start_valkey(world)
        (victims[label],) = town.pay("00")
        world["valkey"].kill()
        with dying_at(world["sweeper"], label, marks / label):
            pass
    return Aftermath(world, town, victims)


@pytest.mark.parametrize("label", PAID_AFTER)
def test_a_worker_that_dies_loses_and_doubles_nothing(
    after_worker_deaths: Aftermath, label: str
) -> None:
    after_worker_deaths.check(label)


@pytest.mark.parametrize("label", PAID_AFTER)
def test_a_sweeper_that_dies_alone_loses_and_doubles_nothing(
    after_sweeper_deaths: Aftermath, label: str
) -> None:
    after_sweeper_deaths.check(label)


def test_a_web_server_that_dies_after_its_answer_has_kept_its_word(world: World, town: Town) -> None:
    payers = town.pay(*PAYING)
    world["web"].kill()
    town.wait_for_debits_without_web(payers)
    plugs_back(world)
    town.recovers()
