"""What is told of money in another order than it moved, by two roads, or to two people."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest

from domain.bill import BillStatus
from domain.payment import Evidence, Kind, Source
from payments.reconciliation import Line, LineKind, Statement
from tests.integration.web.bank import Bank
from tests.integration.web.bazaar import dialling
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.reports import credit, report, reversal
from tests.integration.web.till import Clock, bill_of, learn, messages_of
from ussd_app.store import alarms, attempts, books, statements
from ussd_app.store.database import Tx
from ussd_app.usecases import reconcile, settle, unowned
from ussd_app.usecases.import_statement import import_statement

FRANCS = 3000
HOUR = timedelta(hours=1)
MEANWHILE = 0.5  # seconds in which the other does what it can


@pytest.fixture
def bank(door: Door, clock: Clock) -> Bank:
    """The operators, which are asked nothing; one is paid by its code."""
    bank = Bank()
    door.give(replace(door.context, now=clock, transport=bank))
    dialling(door)
    return bank


@pytest.fixture
def number(door: Door, bank: Bank) -> str:
    assert not bank.heard
    return door.fine()


def state(
    door: Door, since: datetime, *lines: str, hours: int = 1, operator: str = "dialcode"
) -> None:
    import_statement(door.context, operator, report(since, since + hours * HOUR, *lines))


def raised(door: Door) -> set[str]:
    with door.context.db.begin() as tx:
        return {alarm.alarm for alarm in alarms.newest(tx, 100)}


def balances(door: Door) -> dict[str, int]:
    with door.context.db.begin() as tx:
        return books.totals(tx)


def paid(door: Door, number: str) -> bool:
    return bill_of(door.context, number).status is BillStatus.PAID


def test_a_credit_stated_after_its_reversal_pays_nothing(
    door: Door, clock: Clock, number: str, phone: Phone
) -> None:
    start = clock()
    state(door, start - HOUR)
    phone.pay(number)
    clock.advance(hours=3)
    gone = reversal(start + 2 * HOUR, "MP2", "MP1", francs=FRANCS)
    state(door, start + HOUR, gone, hours=2)
    state(door, start, credit(start + timedelta(minutes=5), "MP1", francs=FRANCS))
    assert not paid(door, number)
    assert balances(door) == {}
    assert not messages_of(door.context, "sms.receipt")


def test_a_reversal_that_named_nobody_counts_once_its_payment_is_known(
    door: Door, clock: Clock, phone: Phone
) -> None:
    number = door.fine()
    phone.pay(number)
    start = clock()
    clock.advance(hours=1)
    gone = reversal(start + HOUR / 2, "MP2", "MP1", francs=FRANCS)
    state(door, start, gone, operator="orange_mp")
    learn(door.context, number, Evidence(Kind.PAID, Source.INQUIRY, "MP1", FRANCS))
    assert not paid(door, number)
    assert balances(door) == {}


def test_what_was_stated_before_it_was_known_is_stated(
    door: Door, clock: Clock, phone: Phone
) -> None:
    number = door.fine()
    phone.pay(number)
    start = clock() - HOUR + timedelta(seconds=20)
    clock.advance(seconds=20)
    state(door, start, credit(start, "MP1", francs=FRANCS), operator="orange_mp")
    learn(door.context, number, Evidence(Kind.PAID, Source.INQUIRY, "MP1", FRANCS))
    clock.advance(hours=3)
    state(door, start + HOUR, hours=2, operator="orange_mp")
    assert raised(door) == {unowned.ALARM}


def test_two_who_were_told_to_dial_for_one_bill_are_both_answered(
    door: Door, clock: Clock, number: str, *, phone: Phone, other: Phone
) -> None:
    start = clock()
    phone.pay(number)
    other.pay(number)
    clock.advance(hours=1)
    payers = ("70000001", "70000002")
    lines = [credit(start, f"MP{payer}", payer=payer, francs=FRANCS) for payer in payers]
    state(door, start, *lines)
    assert [to for to, _ in messages_of(door.context, "sms.receipt")] == [phone.number]
    assert [to for to, _ in messages_of(door.context, "sms.unowned")] == [other.number]
    assert balances(door)["suspense:dialcode"] == FRANCS


def test_the_second_pays_what_the_first_took_back(
    door: Door, clock: Clock, number: str, *, phone: Phone, other: Phone
) -> None:
    start = clock()
    phone.pay(number)
    other.pay(number)
    clock.advance(hours=2)
    back = reversal(start, "MP2", "MP1", francs=FRANCS)
    state(door, start, credit(start, "MP1", francs=FRANCS), back)
    state(door, start + HOUR, credit(start + HOUR, "MP3", payer="70000002", francs=FRANCS))
    assert paid(door, number)


@pytest.mark.parametrize("printed", ["70\u00a000\u00a000\u00a001", "70\u202f00\u202f00\u202f01"])
def test_a_number_printed_with_the_spaces_of_a_typesetter_is_known(
    door: Door, clock: Clock, number: str, *, phone: Phone, printed: str
) -> None:
    start = clock()
    phone.pay(number)
    clock.advance(hours=1)
    state(door, start, credit(start, "MP1", payer=printed, francs=FRANCS))
    assert paid(door, number)


@pytest.fixture
def line(door: Door, clock: Clock, phone: Phone) -> Line:
    """What a statement says, without naming it, of the one payment there is."""
    phone.pay(door.fine())
    at = clock()
    clock.advance(hours=1)
    return Line("MP1", LineKind.CREDIT, "MP1", "", FRANCS, at)


def tell(door: Door, tx: Tx) -> None:
    """Let an answer say that the payment was made."""
    (attempt,) = attempts.open_at(tx, "orange_mp")
    settle.record(door.context, tx, attempt, [Evidence(Kind.PAID, Source.INQUIRY, "MP1", FRANCS)])


def counted_once(door: Door) -> bool:
    found = balances(door)
    ours = {account: francs for account, francs in found.items() if "revenue" not in account}
    return ours == {"operator_clearing:orange_mp": -FRANCS} and not sum(found.values())


def test_money_that_is_told_of_while_it_is_stated_is_counted_once(door: Door, line: Line) -> None:
    def learn_it() -> None:
        with door.context.db.begin() as tx:
            tell(door, tx)

    late = Thread(target=learn_it)
    with door.context.db.begin() as tx:
        statements.add_line(tx, "orange_mp", line)
        unowned.keep(door.context, tx, "orange_mp", line)
        late.start()
        late.join(MEANWHILE)
    late.join()
    assert counted_once(door)


def test_money_that_is_stated_while_it_is_told_of_is_counted_once(door: Door, line: Line) -> None:
    statement = Statement(line.at, line.at + HOUR, (line,))
    late = Thread(target=reconcile.take_lines, args=(door.context, "orange_mp", statement))
    with door.context.db.begin() as tx:
        tell(door, tx)
        late.start()
        late.join(MEANWHILE)
    late.join()
    assert counted_once(door)
    assert rows(door.context, "statement_lines") == 1
    assert not raised(door)


def test_what_goes_back_is_its_payments_whatever_else_the_line_names(
    door: Door, clock: Clock, phone: Phone
) -> None:
    phone.pay(door.fine())
    with door.context.db.begin() as tx:
        (another,) = attempts.open_at(tx, "orange_mp")
    dialling(door)
    number, start = door.fine(), clock()
    phone.pay(number)
    clock.advance(hours=2)
    state(door, start, credit(start, "MP1", francs=FRANCS))
    assert paid(door, number)
    back = reversal(start + HOUR, "MP2", "MP1", order=another.attempt_id, francs=FRANCS)
    state(door, start + HOUR, back)
    assert not paid(door, number)
    assert balances(door) == {}
