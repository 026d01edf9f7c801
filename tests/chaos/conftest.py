from collections.abc import Iterator

import pytest

from sandbox.world import World
from tests.chaos.citizens import Town
from tests.chaos.plugs import plugs_back
from tests.e2e.audit import Audit
from ussd_app.store.redis import Store


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("chaos") / "home") as world:
        yield world


@pytest.fixture
def audit(world: World) -> Audit:
    return Audit(world)


@pytest.fixture
def town(world: World, audit: Audit) -> Iterator[Town]:
    yield Town(audit)
    plugs_back(world)
    Store(world.environ["REDIS_URL"]).begins()  # nobody is in the middle of a session
