from collections.abc import Iterator

import pytest

from sandbox.phone import Phone
from sandbox.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One running world for all tests. Who pulls a plug puts it back."""
    with World(tmp_path_factory.mktemp("world") / "home") as world:
        yield world


@pytest.fixture
def phone(world: World) -> Phone:
    """A phone whose wallet pays at once."""
    return Phone(world.base_url, "+22370000001")
