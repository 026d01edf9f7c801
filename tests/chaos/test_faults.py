"""One edge at a time fails in every way, and processes are killed and frozen, while people pay.

What each cell proves stands in docs/chaos.md.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from typing import cast

import pytest

from tests.chaos.edges import Cell, cells
from tests.chaos.processes import TRIALS
from tests.chaos.stages import Trial, played

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Ends = Mapping[str, "Future[None]"]


@pytest.fixture(scope="module")
def ends(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ends]:
    """What came of each trial whose test was chosen."""
    here = [item for item in request.session.items if item.path == request.path]
    parameters = [item.callspec.params for item in here if isinstance(item, pytest.Function)]
    chosen = [cast("Trial", each["trial"]) for each in parameters]
    with played(chosen, tmp_path_factory.mktemp("faults")) as ends:
        yield ends


# First, since they take longest.
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_process(ends: Ends, trial: Trial) -> None:
    ends[trial.name].result()


@pytest.mark.parametrize("trial", cells(), ids=lambda cell: cell.name)
def test_edge(ends: Ends, trial: Cell) -> None:
    ends[trial.name].result()
