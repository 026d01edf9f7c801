from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.integration.conftest import Build
from tests.integration.web.bazaar import Market, enabling
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import Clock
from ussd_app.usecases.context import Context


@pytest.fixture
def door(app: Flask) -> Door:
    return Door(app)


@pytest.fixture
def phone(door: Door) -> Phone:
    """An Orange subscriber who never called before."""
    return Phone(door, "+22370000001")


@pytest.fixture
def other(door: Door) -> Phone:
    return Phone(door, "+22370000002")


@pytest.fixture
def clock(door: Door) -> Clock:
    """The application's clock, in the test's hand."""
    clock = Clock(door.context.now)
    door.give(replace(door.context, now=clock))
    return clock


@pytest.fixture
def market(door: Door, clock: Clock) -> Market:
    """Every operator, in the test's hand."""
    market = Market()
    door.give(replace(door.context, now=clock, transport=market))
    return market


@pytest.fixture
def known(phone: Phone) -> Phone:
    """A subscriber who has chosen a language before."""
    phone.dial()
    phone.choose("Francais")
    return phone


@pytest.fixture(scope="session")
def _bazaar(build: Build) -> Flask:
    return build(enabling())


@pytest.fixture
def bazaar(_bazaar: Flask, app: Flask) -> Iterator[Door]:
    """A door with the wallets of several operators, over empty servers."""
    assert app is not _bazaar
    own: Context = _bazaar.extensions["sarali"]
    own.db.dispose()  # connections that rested here while another test ended them all
    yield Door(_bazaar)
    _bazaar.extensions["sarali"] = own
