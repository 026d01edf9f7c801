"""A PostgreSQL of the simulation's own, and the application on it; everything else is simulated."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask

from sandbox.environment import environment
from sandbox.ports import Ports
from tests.integration.conftest import NOBODY, _built, _running
from tests.simulation.play import Stage
from ussd_app.usecases.context import Context


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where seeds are played, one after the other."""
    with _running(tmp_path_factory.mktemp("simulation") / "home") as servers:
        ports = Ports(web=8000, orange=NOBODY, sms=NOBODY)
        app: Flask = _built(environment({}, ports, servers.database_url, servers.redis_url))
        context: Context = app.extensions["sarali"]
        context.db.migrate()
        quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
        structlog.configure(wrapper_class=quiet)  # the story is told by whoever fails
        yield Stage(app, context)
        context.db.dispose()
        structlog.reset_defaults()
