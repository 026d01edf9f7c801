"""Each rule of money that a table can hold bites, whoever writes: here, plain SQL does."""

import pytest

from tests.integration.store.rows import (
    APPEND_ONLY,
    CHECK,
    NOON,
    OTHER_ATTEMPT,
    OTHER_BILL,
    UNIQUE,
    VALID,
    insert,
    refused,
    refused_insert,
    write,
)
from ussd_app.usecases.context import Context

OPEN = ("created", "submitting", "unknown", "pending")
WITH_AMOUNT = ("bills", "intents", "attempts", "evidence", "entries", "receipts", "statement_lines")
APPEND_ONLY_TABLES = {  # a column that a change would touch
    "evidence": "word",
    "entries": "operator_ref",
    "callbacks": "token",
    "statement_lines": "operator_ref",
    "operator_transactions": "operator_ref",
}


@pytest.fixture
def books(context: Context) -> Context:
    """One bill with one open attempt."""
    write(context, "bills", "intents", "attempts")
    return context


@pytest.mark.parametrize("second", OPEN)
@pytest.mark.parametrize("first", OPEN)
def test_a_bill_has_one_open_attempt(context: Context, first: str, second: str) -> None:
    write(context, "bills", "intents")
    with context.db.begin() as tx:
        insert(tx, "attempts", {"status": first})
    assert refused_insert(context, "attempts", {**OTHER_ATTEMPT, "status": second}) == UNIQUE


@pytest.mark.parametrize("status", OPEN)
def test_an_attempt_is_not_reopened_beside_another(books: Context, status: str) -> None:
    with books.db.begin() as tx:
        insert(tx, "attempts", {**OTHER_ATTEMPT, "status": "failed"})
    reopen = "UPDATE attempts SET status = :status WHERE attempt_id = :attempt_id"
    values = {"status": status, "attempt_id": OTHER_ATTEMPT["attempt_id"]}
    assert refused(books, reopen, values) == UNIQUE


@pytest.mark.parametrize("status", ["failed", "closed_unpaid", "reversed"])
def test_an_attempt_that_ended_lets_another_start(context: Context, status: str) -> None:
    write(context, "bills", "intents")
    with context.db.begin() as tx:
        insert(tx, "attempts", {"status": status})
        insert(tx, "attempts", OTHER_ATTEMPT)


@pytest.mark.parametrize("status", ["", "CREATED", "Pending", "paid"])
def test_an_attempt_has_a_status_that_the_one_open_rule_knows(
    context: Context, status: str
) -> None:
    write(context, "bills", "intents")
    assert refused_insert(context, "attempts", {"status": status}) == CHECK


def test_a_turn_opens_one_attempt(books: Context) -> None:
    with books.db.begin() as tx:
        insert(tx, "bills", OTHER_BILL)
        insert(tx, "intents", {**OTHER_BILL, "intent_id": "other"})
    same_turn = {
        **OTHER_ATTEMPT,
        **OTHER_BILL,
        "intent_id": "other",
        "session_key": VALID["attempts"]["session_key"],
    }
    assert refused_insert(books, "attempts", same_turn) == UNIQUE


def test_a_callback_token_names_one_attempt(books: Context) -> None:
    again = {**OTHER_ATTEMPT, "status": "failed", "callback_token": "token-a"}
    assert refused_insert(books, "attempts", again) == UNIQUE


def test_a_version_of_a_bill_is_decided_once(books: Context) -> None:
    assert refused_insert(books, "intents", {"intent_id": "again"}) == UNIQUE


def test_an_attempt_is_not_submitted_before_its_key_is_kept(books: Context) -> None:
    assert refused(books, "UPDATE attempts SET submitted_at = now()") == CHECK


def test_a_key_once_used_is_not_forgotten(books: Context) -> None:
    with books.db.begin() as tx:
        insert(
            tx,
            "attempts",
            {**OTHER_ATTEMPT, "status": "failed", "operator_key": "key", "submitted_at": NOON},
        )
    assert refused(books, "UPDATE attempts SET operator_key = NULL") == CHECK


def test_one_operator_transaction_belongs_to_one_attempt(books: Context) -> None:
    write(books, "operator_transactions")
    with books.db.begin() as tx:
        insert(tx, "attempts", {**OTHER_ATTEMPT, "status": "failed"})
    theirs = {"attempt_id": OTHER_ATTEMPT["attempt_id"]}
    assert refused_insert(books, "operator_transactions", theirs) == UNIQUE


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_what_was_written_stays_written(books: Context, table: str) -> None:
    write(books, table)
    column = APPEND_ONLY_TABLES[table]
    assert refused(books, f"UPDATE {table} SET {column} = 'x'") == APPEND_ONLY  # noqa: S608  # our own names
    assert refused(books, f"UPDATE {table} SET {column} = {column}") == APPEND_ONLY  # noqa: S608  # same
    assert refused(books, f"DELETE FROM {table}") == APPEND_ONLY  # noqa: S608  # same


@pytest.mark.parametrize("francs", [0, -1, -3000])
@pytest.mark.parametrize("table", WITH_AMOUNT)
def test_an_amount_is_more_than_nothing(context: Context, table: str, francs: int) -> None:
    needed = ("bills", "intents", "attempts")
    write(context, *(needed[: needed.index(table)] if table in needed else needed))
    assert refused_insert(context, table, {"francs": francs}) == CHECK


@pytest.mark.parametrize("kind", ["paid", "reversed"])
@pytest.mark.parametrize("missing", ["operator_ref", "francs"])
def test_money_seen_names_its_transaction_and_amount(
    books: Context, kind: str, missing: str
) -> None:
    assert refused_insert(books, "evidence", {"kind": kind, missing: None}) == CHECK


def test_the_same_fact_is_written_once(books: Context) -> None:
    write(books, "evidence")
    assert refused_insert(books, "evidence") == UNIQUE


def test_an_entry_moves_money_between_two_accounts(books: Context) -> None:
    same = {"destination": VALID["entries"]["source"]}
    assert refused_insert(books, "entries", same) == CHECK


@pytest.mark.parametrize("number", ["482193702", "48219370280", "482193702x", "", "٤٨٢١٩٣٧٠٢٨"])
def test_a_bill_number_is_ten_digits(context: Context, number: str) -> None:
    assert refused_insert(context, "bills", {"bill_number": number}) == CHECK


@pytest.mark.parametrize("status", ["", "DUE", "refunded"])
def test_a_bill_is_due_paid_or_cancelled(context: Context, status: str) -> None:
    assert refused_insert(context, "bills", {"status": status}) == CHECK
