from collections.abc import Callable

import pytest
from flask import Flask

from tests.integration.web.citizen import Door, Phone

MakePhone = Callable[[int], Phone]


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
