"""Seeds of trouble. A seed that fails is printed with its story, and stays in `SEEDS` for ever."""

import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.simulation.play import Stage, play

STEPS = int(os.environ.get("SIMULATE_STEPS", "100"))
COUNT = int(os.environ.get("SIMULATE_SEEDS", "1000"))
FIRST = int(os.environ.get("SIMULATE_FIRST", "1"))
PART = 100
_SEEDS, _DEBITS = "seeds", "debits"
# Those that once failed, and within how many steps.
SEEDS = ((24, 100), (63, 100), (86, 100), (103, 100), (100_141, 200))


@pytest.mark.parametrize(("seed", "steps"), SEEDS)
def test_a_seed_that_once_failed_holds(stage: Stage, seed: int, steps: int) -> None:
    play(stage, seed, steps)


@pytest.fixture(scope="module")
def survived() -> Iterator[Counter[str]]:
    """What all the seeds have met, told in the end."""
    survived: Counter[str] = Counter()
    yield survived
    seeds, debits = survived.pop(_SEEDS), survived.pop(_DEBITS)
    report = [f"{seeds} seeds of {STEPS} steps, {debits} debits, {survived.total()} faults:"]
    report += [f"  {times:7} {fault}" for fault, times in survived.most_common()]
    sys.stderr.write("\n" + "\n".join(report) + "\n")


def parts() -> Iterator[object]:
    """The seeds by the part, so that two processes may share them."""
    for first in range(FIRST, FIRST + COUNT, PART):
        seeds = range(first, min(first + PART, FIRST + COUNT))
        group = pytest.mark.xdist_group(f"seeds-{first}")
        yield pytest.param(seeds, marks=group, id=f"{seeds[0]}-{seeds[-1]}")


@pytest.mark.timeout(0)
@pytest.mark.parametrize("seeds", [*parts()])
def test_no_seed_loses_doubles_or_invents_money(
    stage: Stage, survived: Counter[str], seeds: range
) -> None:
    debits = 0
    for seed in seeds:
        played = play(stage, seed, STEPS)
        survived.update({_SEEDS: 1, _DEBITS: played.debits})
        survived.update({fault.value: times for fault, times in played.met.items()})
        debits += played.debits
    assert debits > len(seeds) / 2, "a world in which nobody pays proves nothing"


def test_the_same_seed_is_the_same_story(stage: Stage) -> None:
    for seed in range(1000, 1005):
        assert play(stage, seed, 60).trace == play(stage, seed, 60).trace
