"""A closed report that comes as a file: each line once, all or nothing, and no more proved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.bill import BillStatus
from domain.payment import Evidence, Kind, Source, Status
from payments.operators.base import Answer
from tests.integration.web.bank import LOST, Bank, work
from tests.integration.web.citizen import Door, Phone, everything, rows
from tests.integration.web.reports import credit, instant, newest, report, reversal
from tests.integration.web.till import Clock, attempts_of, bill_of, learn, messages_of
from ussd_app.store import alarms, statements
from ussd_app.usecases import drain
from ussd_app.usecases.import_statement import (
    Imported,
    ImportRefusedError,
    Reach,
    import_statement,
)

HOUR = timedelta(hours=1)
OPERATOR = "orange_mp"


@pytest.fixture
def start(door: Door, clock: Clock) -> datetime:
    """When the story begins; the operator answers nothing about debits."""
    bank = Bank()
    bank.say(LOST, "pay", "paymentstatus")
    door.give(replace(door.context, now=clock, transport=bank))
    return clock().replace(microsecond=0)  # reports know milliseconds


@pytest.fixture
def number(door: Door, clock: Clock, start: datetime, phone: Phone) -> str:
    """A bill whose debit was asked for, and read about five hours later."""
    number = door.fine()
    phone.pay(number)
    work(door, clock, 2)
    clock.advance(hours=5)
    assert start < clock()
    return number


def take(door: Door, body: bytes) -> Imported:
    return import_statement(door.context, OPERATOR, body)


def status(door: Door, number: str) -> Status:
    return attempts_of(door.context, number)[-1].status


def raised(door: Door) -> list[str]:
    with door.context.db.begin() as tx:
        return [alarm.alarm for alarm in alarms.newest(tx, 10)]


def closed(door: Door) -> tuple[datetime, datetime] | None:
    with door.context.db.begin() as tx:
        return statements.closed(tx, OPERATOR)


def test_a_credit_pays_the_bill(door: Door, start: datetime, number: str) -> None:
    line = credit(start, "MP1", order=newest(door.context, number))
    taken = take(door, report(start - HOUR, start + HOUR, line))
    assert taken == Imported(1, 1, Reach.FURTHER, start + HOUR)
    assert status(door, number) is Status.SUCCEEDED
    assert bill_of(door.context, number).status is BillStatus.PAID
    assert len(messages_of(door.context, "sms.receipt")) == 1


def test_the_same_file_again_takes_nothing(door: Door, start: datetime, number: str) -> None:
    line = credit(start, "MP1", order=newest(door.context, number))
    body = report(start - HOUR, start + HOUR, line)
    take(door, body)
    before = everything(door.context)
    with pytest.raises(ImportRefusedError, match="taken before"):
        take(door, body)
    assert everything(door.context) == before


def test_the_same_line_in_another_file_counts_once(
    door: Door, start: datetime, number: str
) -> None:
    line = credit(start, "MP1", order=newest(door.context, number))
    take(door, report(start - HOUR, start + HOUR, line))
    again = report(start - HOUR, start + 2 * HOUR, line, credit(start, "MP2"))
    assert take(door, again) == Imported(2, 1, Reach.FURTHER, start + 2 * HOUR)
    # What paid went to suspense and to revenue; what is nobody's, to suspense.
    assert (rows(door.context, "receipts"), rows(door.context, "entries")) == (1, 3)
    assert raised(door) == ["money without an attempt"]


def test_a_longer_file_closes_further_though_it_begins_alike(door: Door, start: datetime) -> None:
    since = start - 3 * HOUR
    for hours in (1, 2, 3):
        take(door, report(since, since + hours * HOUR))
        assert closed(door) == (since, since + hours * HOUR)
    older = report(since - HOUR, start, credit(since, "MP9"))
    assert take(door, older) == Imported(1, 1, Reach.OLD, start)
    assert closed(door) == (since, start)


def test_the_worker_closes_further_though_each_report_begins_alike(
    door: Door, clock: Clock, start: datetime
) -> None:
    bank = Bank()
    door.give(replace(door.context, transport=bank))
    drain.arm(door.context)
    for _ in range(3):
        bank.say(Answer(200, report(start - 72 * HOUR, clock())), "reports")
        now = clock().replace(microsecond=clock().microsecond // 1000 * 1000)
        work(door, clock, 1, seconds=door.context.pace.statement_every)
        assert closed(door) == (start - 72 * HOUR, now)


def mutilated(start: datetime) -> Iterator[tuple[str, bytes]]:
    whole = report(start - HOUR, start, credit(start, "MP1"))
    yield "nothing", b""
    yield "no text", b"\xff\xfe" + whole
    yield "a page", b"%PDF-1.7\n1 0 obj\n"
    yield "another bank's", b"Date;Libelle;Debit;Credit\n22/11/2026;VIR;;3000\n"
    yield "not closed", whole.replace(b";closed", b";open")
    yield "no header", whole.splitlines()[0]
    yield "a line cut", whole[:-8]
    yield "half an amount", whole.replace(b";3000;", b";;")
    yield "an amount below nothing", whole.replace(b";3000;", b";-3000;")
    yield "centimes", whole.replace(b";3000;", b";3000.50;")
    yield "an unknown kind", whole.replace(b"CREDIT", b"GIFT")
    yield "no transaction", whole.replace(b"MP1", b"")
    yield "what no text holds", whole.replace(b"MP1", b"MP\x001")
    good = credit(start, "MP0")
    yield "a bad line after a good one", report(start - HOUR, start, good, "CREDIT;x;MP1;;;1;")
    yield "no time zone", whole.replace(instant(start).encode(), b"2026-11-22T03:10:04")
    yield "a period backwards", report(start, start - HOUR, good)
    yield "a period of nothing", report(start, start, good)
    yield "a period not over", report(start - HOUR, start + 24 * HOUR, good)


def test_a_broken_or_foreign_file_takes_nothing(
    door: Door, clock: Clock, start: datetime, number: str
) -> None:
    assert number
    assert clock() > start
    before = everything(door.context)
    for about, body in mutilated(start):
        with pytest.raises(ImportRefusedError):
            take(door, body)
        assert everything(door.context) == before, about


def test_a_file_of_an_operator_we_do_not_know_takes_nothing(
    door: Door, start: datetime, number: str
) -> None:
    line = credit(start, "MP1", order=newest(door.context, number))
    before = everything(door.context)
    with pytest.raises(ImportRefusedError, match="no such operator"):
        import_statement(door.context, "nobody", report(start - HOUR, start + HOUR, line))
    assert everything(door.context) == before


def test_absence_from_a_file_without_a_gap_closes_what_was_open(
    door: Door, start: datetime, number: str
) -> None:
    assert take(door, report(start - HOUR, start + HOUR)).reach is Reach.FURTHER
    assert status(door, number) is Status.CLOSED_UNPAID
    assert len(messages_of(door.context, "sms.failed")) == 1


def test_absence_before_patience_is_over_proves_nothing(
    door: Door, start: datetime, number: str
) -> None:
    take(door, report(start - HOUR, start + timedelta(seconds=30)))
    assert status(door, number) is Status.UNKNOWN


def test_a_file_after_a_gap_is_read_for_its_money_and_proves_no_absence(
    door: Door, clock: Clock, start: datetime, *, number: str, other: Phone
) -> None:
    take(door, report(start - 3 * HOUR, start - 2 * HOUR))
    with door.context.db.begin() as tx:
        kept = statements.closed(tx, OPERATOR)
    second = door.fine()
    other.pay(second)
    work(door, clock, 2)
    clock.advance(hours=1)
    line = credit(start, "MP2", order=newest(door.context, second), payer="70000002")
    late = report(start - HOUR, clock(), line)
    for new in (1, 0):
        assert take(door, late) == Imported(1, new, Reach.GAP, start - 2 * HOUR)
    assert (status(door, second), status(door, number)) == (Status.SUCCEEDED, Status.UNKNOWN)
    assert closed(door) == kept
    assert take(door, report(start - 2 * HOUR, start - HOUR)).reach is Reach.FURTHER
    assert status(door, number) is Status.UNKNOWN
    again = take(door, late)
    assert (again.new, again.reach) == (0, Reach.FURTHER)
    with pytest.raises(ImportRefusedError, match="taken before"):
        take(door, late)
    assert status(door, number) is Status.CLOSED_UNPAID


@pytest.mark.parametrize("named", [True, False])
def test_a_reversal_cancels_the_receipt(
    door: Door, start: datetime, number: str, *, named: bool
) -> None:
    order = newest(door.context, number)
    take(door, report(start - HOUR, start + HOUR, credit(start, "MP1", order=order)))
    back = reversal(start, "MP2", "MP1", order=order if named else "")
    take(door, report(start + HOUR, start + 2 * HOUR, back))
    assert status(door, number) is Status.REVERSED
    assert bill_of(door.context, number).status is BillStatus.DUE
    assert len(messages_of(door.context, "sms.reversed")) == 1
    with door.context.db.begin() as tx:
        cancelled = tx.exec_driver_sql("SELECT cancelled_at FROM receipts").scalars().all()
    assert len(cancelled) == 1
    assert None not in cancelled
    assert not raised(door)


def test_a_line_that_names_nothing_is_known_by_its_transaction(
    door: Door, start: datetime, number: str
) -> None:
    learn(door.context, number, Evidence(Kind.PAID, Source.INQUIRY, "MP1", 3000))
    take(door, report(start - HOUR, start + HOUR, credit(start, "MP1")))
    assert not raised(door)
    assert (rows(door.context, "receipts"), rows(door.context, "entries")) == (1, 2)


def test_money_of_another_operators_attempt_is_kept_apart(
    door: Door, start: datetime, number: str
) -> None:
    with door.context.db.begin() as tx:
        tx.exec_driver_sql("UPDATE attempts SET operator = 'wave'")
    line = credit(start, "MP1", order=newest(door.context, number))
    take(door, report(start - HOUR, start + HOUR, line))
    assert raised(door) == ["money without an attempt"]
    assert not rows(door.context, "receipts")
