"""What is said twice is written once, and whoever writes is told which of the two it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.bill import Bill
from domain.money import Money
from domain.msisdn import Msisdn
from domain.payment import Evidence, Kind, Source
from payments.operators.base import Token
from payments.reconciliation import Line, LineKind, Statement
from registries import number
from tests.integration.store.rows import OTHER_ATTEMPT, insert, write
from ussd_app.store import attempts, evidence, operators, statements, subscribers
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.evidence import ForeignTransactionError
from ussd_app.usecases.context import Context

CALLER = Msisdn("+22370000001")
NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
PAID = Evidence(Kind.PAID, Source.INQUIRY, "MP1", 3000)


@pytest.fixture
def two_attempts(context: Context) -> tuple[Attempt, Attempt]:
    """Two attempts of one bill, the first of which failed."""
    write(context, "bills", "intents")
    with context.db.begin() as tx:
        insert(tx, "attempts", {"status": "failed"})
        insert(tx, "attempts", OTHER_ATTEMPT)
    with context.db.begin() as tx:
        first, second = attempts.of_bill(tx, "4821937028")
    return first, second


def bill(drawn: int) -> Bill:
    drawn_number = number.draw(lambda _below: drawn)
    return Bill(drawn_number, "fine", "demo_parking", Money(3000), "basis", date(2026, 11, 12))


def language(tx: Tx, subscriber: str) -> str | None:
    return subscribers.greeting(tx, subscriber, CALLER, results_since=NOON, cut_since=NOON).lang


def test_a_bill_number_already_taken_is_drawn_again(context: Context) -> None:
    draws = iter([7, 7, 7, 8])
    with context.db.begin() as tx:
        issued = [
            Register(tx).issue(lambda: bill(next(draws)), NOON, {"plate": plate})
            for plate in ("first", "second")
        ]
    assert [one.bill_number for one in issued] == [bill(7).bill_number, bill(8).bill_number]
    with context.db.begin() as tx:
        found = tx.execute(text("SELECT bill_number, details ->> 'plate' FROM bills ORDER BY 2"))
        written = [tuple(row) for row in found]
    assert written == [(bill(7).bill_number, "first"), (bill(8).bill_number, "second")]


def test_a_dice_that_always_falls_alike_is_an_error(context: Context) -> None:
    with context.db.begin() as tx:
        Register(tx).issue(lambda: bill(7), NOON, {})
    with pytest.raises(RuntimeError), context.db.begin() as tx:
        Register(tx).issue(lambda: bill(7), NOON, {})


def test_a_line_of_a_statement_is_new_once(context: Context) -> None:
    line = Line("MP1", LineKind.CREDIT, "MP1", "a" * 32, 3000, NOON)
    for fresh in (True, False):
        with context.db.begin() as tx:
            assert statements.add_line(tx, "orange_mp", line) is fresh
    with context.db.begin() as tx:
        assert statements.add_line(tx, "moov", line)


def test_a_fact_is_new_once(context: Context, two_attempts: tuple[Attempt, Attempt]) -> None:
    first, _ = two_attempts
    for fact in (PAID, Evidence(Kind.PENDING, Source.REPLY)):
        for fresh in (True, False):
            with context.db.begin() as tx:
                assert evidence.add(tx, first, fact, NOON) is fresh
    with context.db.begin() as tx:
        assert len(evidence.of(tx, [first.attempt_id])[first.attempt_id]) == 2


def test_a_transaction_of_one_attempt_is_not_believed_of_another(
    context: Context, two_attempts: tuple[Attempt, Attempt]
) -> None:
    first, second = two_attempts
    with context.db.begin() as tx:
        evidence.add(tx, first, PAID, NOON)
    with pytest.raises(ForeignTransactionError), context.db.begin() as tx:
        evidence.add(tx, second, PAID, NOON)
    with context.db.begin() as tx:
        assert evidence.of(tx, [second.attempt_id]) == {second.attempt_id: []}


def test_only_a_due_bill_is_cancelled_and_its_version_grows(context: Context) -> None:
    write(context, "bills")
    for done in (True, False):
        with context.db.begin() as tx:
            assert Register(tx).cancel("4821937028") is done
    with context.db.begin() as tx:
        found = Register(tx).find_bill("4821937028")
        assert not Register(tx).cancel("1234567842")
    assert found is not None
    assert found.version == 2


def test_a_period_imported_twice_is_one_period(context: Context) -> None:
    with context.db.begin() as tx:
        assert statements.closed(tx, "orange_mp") is None
    with context.db.begin() as tx:
        for hour in (0, 0, 1):
            since = NOON + timedelta(hours=hour)
            statements.add(tx, "orange_mp", Statement(since, since + timedelta(hours=1), ()))
    with context.db.begin() as tx:
        assert statements.closed(tx, "orange_mp") == (NOON, NOON + timedelta(hours=2))


def test_the_last_language_chosen_is_remembered(context: Context) -> None:
    with context.db.begin() as tx:
        assert language(tx, "somebody") is None
        for lang in ("fr", "bm"):
            subscribers.set_language(tx, "somebody", lang, NOON)
        assert language(tx, "somebody") == "bm"
        assert language(tx, "somebody else") is None


def test_a_bearer_is_kept_while_it_lives(context: Context) -> None:
    with context.db.begin() as tx:
        assert operators.token(tx, "orange_mp", NOON) is None
        operators.keep_token(tx, "orange_mp", Token("old", 3600), NOON)
        operators.keep_token(tx, "orange_mp", Token("new", 3600), NOON)
        kept = operators.token(tx, "orange_mp", NOON)
        assert operators.token(tx, "orange_mp", NOON + timedelta(hours=1)) is None
        operators.forget_token(tx, "orange_mp")
        assert operators.token(tx, "orange_mp", NOON) is None
    assert kept is not None
    assert (kept.bearer, kept.lifetime) == ("new", 3600)
