"""A statement line that names an attempt of another operator: whose the money is, it is once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.payment import Evidence, Kind, Source
from payments.reconciliation import Line, LineKind, Statement
from tests.integration.web.bazaar import Market, confirm_with
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import Clock, attempts_of, learn
from ussd_app.store import books
from ussd_app.usecases import reconcile

FRANCS = 3000


@pytest.fixture
def door(bazaar: Door, clock: Clock) -> Door:
    return bazaar.give(replace(bazaar.context, now=clock, transport=Market()))


@pytest.fixture
def misnamed(door: Door, clock: Clock, other: Phone) -> Statement:
    """What Orange Money states, under the id of a payment that was asked of Wave."""
    number = door.fine()
    confirm_with(other, number, "Wave")
    (wave,) = attempts_of(door.context, number)
    line = Line("MP1", LineKind.CREDIT, "MP1", wave.attempt_id, FRANCS, clock())
    return Statement(line.at, line.at + timedelta(hours=1), (line,))


def suspense(door: Door) -> int:
    with door.context.db.begin() as tx:
        return books.totals(tx).get("suspense:orange_mp", 0)


def test_it_is_its_owners_where_the_transaction_is_known(
    door: Door, phone: Phone, misnamed: Statement
) -> None:
    number = door.fine()
    phone.pay(number)
    learn(door.context, number, Evidence(Kind.PAID, Source.INQUIRY, "MP1", FRANCS))
    assert reconcile.take_lines(door.context, "orange_mp", misnamed) == 1
    assert suspense(door) == 0


def test_it_is_nobodys_where_it_is_not(door: Door, misnamed: Statement) -> None:
    assert reconcile.take_lines(door.context, "orange_mp", misnamed) == 1
    assert suspense(door) == FRANCS
