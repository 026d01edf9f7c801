"""Every dialect through the real door, with a real PostgreSQL and a real Valkey behind it."""

import pytest

from homologation.gateways.all import GATEWAYS
from tests.contract.aggregators.subscriber import Net
from tests.integration.conftest import _app, app, build, context, servers
from tests.integration.web.citizen import Door
from tests.integration.web.conftest import clock, door
from tests.integration.web.till import Clock
from ussd_app.dialects import DIALECTS

__all__ = ["_app", "app", "build", "clock", "context", "door", "servers"]  # fixtures


@pytest.fixture(params=sorted(DIALECTS.keys() | GATEWAYS.keys()))
def dialect(request: pytest.FixtureRequest) -> str:
    """The name of a dialect, one after the other."""
    name: str = request.param
    return name


@pytest.fixture
def net(door: Door, clock: Clock, dialect: str) -> Net:
    """The network whose gateway speaks the dialect."""
    return Net(door, clock, dialect)
