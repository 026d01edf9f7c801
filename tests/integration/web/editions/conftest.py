from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Build
from tests.integration.web.citizen import Door
from tests.integration.web.editions.authority import Authority
from tests.integration.web.till import Clock
from ussd_app.usecases.context import Context


@pytest.fixture
def door(context: Context, build: Build, tmp_path: Path) -> Iterator[Door]:
    """An application that reads a folder of an authority's own."""
    app = build({"SARALI_CATALOGUE": str(tmp_path)})
    own: Context = app.extensions["sarali"]
    assert own.db is not context.db  # which has emptied the servers
    yield Door(app)
    own.db.dispose()
    own.redis.client.close()


@pytest.fixture
def authority(door: Door, clock: Clock, tmp_path: Path) -> Authority:
    return Authority(tmp_path, door, clock)
