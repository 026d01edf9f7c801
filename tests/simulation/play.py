"""Playing a seed: some steps of trouble, then peace, then the reckoning."""

from collections import Counter
from dataclasses import dataclass

from flask import Flask

from tests.simulation import invariants
from tests.simulation.faults import Fault
from tests.simulation.steps import heal, step
from tests.simulation.world import World
from ussd_app.usecases.context import Context

_REST = (*(3.0,) * 20, *(30.0,) * 20, *(600.0,) * 12)  # until the statements have closed on all


@dataclass(frozen=True)
class Stage:
    """The application that seeds are played on."""

    app: Flask
    context: Context


@dataclass(frozen=True)
class Played:
    """What came of a seed."""

    seed: int
    trace: str
    met: Counter[Fault]
    debits: int
    receipts: int


class ViolationError(AssertionError):
    """An invariant did not hold: the seed, the step and the end of the story."""


def play(stage: Stage, seed: int, steps: int) -> Played:
    """Play a seed.

    Raises:
        ViolationError: an invariant did not hold.
    """
    world = World(stage.app, stage.context, seed)
    done = 0
    try:
        while done < steps:
            done += 1
            step(world)
            invariants.always(world)
        heal(world)
        _come_to_rest(world)
        invariants.always(world)
        invariants.at_rest(world)
    except AssertionError as error:
        story = "\n".join(world.story[-60:])
        raise ViolationError(f"seed {seed}, step {done}: {error}\n{story}") from error
    receipts = sum("REÇU" in words or "RECU" in words for _, words in world.delivered)
    debits = sum(bool(one.attempt_id) for one in world.bank.charges)
    return Played(seed, world.trace, world.met, debits, receipts)


def _come_to_rest(world: World) -> None:
    for seconds in _REST:
        world.advance(seconds)
        world.sweep()
        world.work()
        if not world.unrest():
            break
