from collections.abc import Iterator

import pytest
from flask import Flask

from tests.integration.smpp.holding import holding
from tests.integration.smpp.telephone import Centre, Handset, open_centre
from tests.integration.web.citizen import Door
from ussd_app.links.session import Session


@pytest.fixture
def door(app: Flask) -> Door:
    return Door(app)


@pytest.fixture(scope="session")
def centre() -> Iterator[Centre]:
    with open_centre() as centre:
        yield centre


@pytest.fixture
def session(door: Door, centre: Centre) -> Iterator[Session]:
    with holding(door, centre) as session:
        yield session


_numbers = iter(range(22376000010, 22376000099))


@pytest.fixture
def handset(centre: Centre, session: Session) -> Handset:
    """A telephone nobody has used yet, and a link that is up."""
    assert session.is_bound
    return Handset(centre, str(next(_numbers)))
