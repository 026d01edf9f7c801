from dataclasses import replace

import pytest
from flask import Flask

from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import Clock


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
def known(phone: Phone) -> Phone:
    """A subscriber who has chosen a language before."""
    phone.dial()
    phone.choose("Francais")
    return phone
