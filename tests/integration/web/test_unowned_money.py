"""Money that came and is nobody's: in the books, told to whom we told to dial, seen by people."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from domain.payment import Evidence, Kind, Source
from tests.integration.web.bank import Bank
from tests.integration.web.bazaar import dialling
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.reports import credit, report, reversal
from tests.integration.web.till import Clock, attempts_of, messages_of
from ussd_app import wiring
from ussd_app.cli import doubts
from ussd_app.store import books
from ussd_app.usecases import settle
from ussd_app.usecases.import_statement import import_statement

FRANCS, WRONG = 3000, 3500


@pytest.fixture
def bank(door: Door, clock: Clock) -> Bank:
    """The operators, which are asked nothing; one is paid by its code."""
    bank = Bank()
    door.give(replace(door.context, now=clock, transport=bank))
    dialling(door)
    return bank


@pytest.fixture
def told(door: Door, bank: Bank, phone: Phone) -> Phone:
    """Who was told what to dial."""
    assert not bank.heard
    phone.pay(door.fine())
    return phone


def state(door: Door, clock: Clock, *lines: str, operator: str = "dialcode") -> None:
    since = clock()
    clock.advance(hours=1)
    import_statement(door.context, operator, report(since, clock(), *lines))


def balances(door: Door) -> dict[str, int]:
    with door.context.db.begin() as tx:
        return books.totals(tx)


def kept(francs: int, operator: str = "dialcode") -> dict[str, int]:
    return {f"operator_clearing:{operator}": -francs, f"suspense:{operator}": francs}


def test_another_amount_stands_in_suspense_and_its_payer_is_told_once(
    door: Door, clock: Clock, told: Phone
) -> None:
    line = credit(clock(), "MP1", francs=WRONG)
    state(door, clock, line)
    state(door, clock, line)
    assert balances(door) == kept(WRONG)
    ((to, said),) = messages_of(door.context, "sms.unowned")
    assert (to, "3 500 F CFA" in said) == (told.number, True)


def test_a_second_credit_is_kept_beside_the_one_that_paid(
    door: Door, clock: Clock, told: Phone
) -> None:
    state(door, clock, *(credit(clock(), ref, francs=FRANCS) for ref in ("MP1", "MP2")))
    assert balances(door)["suspense:dialcode"] == FRANCS
    assert balances(door)["operator_clearing:dialcode"] == -2 * FRANCS
    assert [to for to, _ in messages_of(door.context, "sms.unowned")] == [told.number]


def test_who_pays_the_code_without_us_is_sent_nothing(
    door: Door, clock: Clock, bank: Bank, phone: Phone
) -> None:
    assert not bank.heard
    state(door, clock, credit(clock(), "MP1", payer=phone.number, francs=FRANCS))
    assert balances(door) == kept(FRANCS)
    assert not messages_of(door.context)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("together", [True, False])
def test_what_goes_back_leaves_the_books(door: Door, clock: Clock, *, together: bool) -> None:
    came, went = credit(clock(), "MP1", francs=WRONG), reversal(clock(), "MP2", "MP1", francs=WRONG)
    if together:
        state(door, clock, went, came)
    else:
        state(door, clock, came)
        state(door, clock, went)
    assert balances(door) == {}


def test_money_that_turns_out_to_be_an_attempts_is_counted_once(
    door: Door, clock: Clock, phone: Phone
) -> None:
    number = door.fine()
    phone.pay(number)
    state(door, clock, credit(clock(), "MP1", francs=FRANCS), operator="orange_mp")
    assert balances(door) == kept(FRANCS, "orange_mp")
    (attempt,) = attempts_of(door.context, number)
    with door.context.db.begin() as tx:
        fact = Evidence(Kind.PAID, Source.INQUIRY, "MP1", FRANCS)
        settle.record(door.context, tx, attempt, [fact])
    found = balances(door)
    assert (found["operator_clearing:orange_mp"], sum(found.values())) == (-FRANCS, 0)
    assert "suspense:orange_mp" not in found


@pytest.mark.usefixtures("told")
def test_people_see_what_is_nobodys_and_no_number(
    door: Door, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(door, clock, *(credit(clock(), ref, francs=WRONG) for ref in ("MP1", "MP2")))
    state(door, clock, reversal(clock(), "MP3", "MP1", francs=WRONG))
    monkeypatch.setattr(wiring, "context", lambda: door.context)
    printed = CliRunner().invoke(doubts.list_unowned).output
    assert "MP2 3500 F from ****0001" in printed
    assert ("MP1" in printed, "70000001" in printed) == (False, False)
