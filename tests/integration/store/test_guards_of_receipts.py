"""A receipt can only be cancelled, once; and the Treasury's series has no hole."""

import pytest
from sqlalchemy import text

from tests.integration.store.rows import (
    APPEND_ONLY,
    CHECK,
    OTHER_ATTEMPT,
    OTHER_BILL,
    UNIQUE,
    insert,
    refused,
    refused_insert,
    write,
)
from ussd_app.store.tables import receipts
from ussd_app.usecases.context import Context

LATER = "2026-11-13 12:00+00"
SECOND = {"receipt_number": "1234567890123482", "quittance_number": 2}
ALTERED: dict[str, object] = {
    "receipt_number": "1234567890123482",
    "bill_number": OTHER_BILL["bill_number"],
    "attempt_id": OTHER_ATTEMPT["attempt_id"],
    "service": "cni",
    "subject": "cni",
    "francs": 1,
    "operator": "moov",
    "operator_ref": "MP2",
    "paid_at": LATER,
    "quittance_post": "KATI",
    "quittance_year": 2027,
    "quittance_number": 2,
}


@pytest.fixture
def issued(context: Context) -> Context:
    """One paid bill with its valid receipt, and another bill with an attempt that failed."""
    write(context, "bills", "intents", "attempts", "quittance_counters", "receipts")
    with context.db.begin() as tx:
        insert(tx, "bills", OTHER_BILL)
        insert(tx, "intents", {**OTHER_BILL, "intent_id": "other"})
        failed = {**OTHER_ATTEMPT, **OTHER_BILL, "intent_id": "other", "status": "failed"}
        insert(tx, "attempts", failed)
    return context


def test_every_column_of_a_receipt_is_tried() -> None:
    assert set(ALTERED) == {column.name for column in receipts.c} - {"cancelled_at"}


@pytest.mark.parametrize("column", ALTERED)
def test_a_receipt_is_not_altered(issued: Context, column: str) -> None:
    alone = f"UPDATE receipts SET {column} = :value"  # noqa: S608  # our own names
    values = {"value": ALTERED[column]}
    assert refused(issued, alone, values) == APPEND_ONLY
    cancelling = f"UPDATE receipts SET {column} = :value, cancelled_at = '{LATER}'"  # noqa: S608  # same
    assert refused(issued, cancelling, values) == APPEND_ONLY


def test_a_receipt_is_not_deleted(issued: Context) -> None:
    assert refused(issued, "DELETE FROM receipts") == APPEND_ONLY


def test_a_receipt_is_cancelled_once_and_for_ever(issued: Context) -> None:
    _cancel(issued)
    assert refused(issued, "UPDATE receipts SET cancelled_at = NULL") == APPEND_ONLY
    assert refused(issued, "UPDATE receipts SET cancelled_at = now()") == APPEND_ONLY
    assert refused(issued, "DELETE FROM receipts") == APPEND_ONLY


def test_a_bill_has_one_valid_receipt(issued: Context) -> None:
    _count(issued)
    assert refused_insert(issued, "receipts", {**SECOND, "operator_ref": "MP2"}) == UNIQUE


def test_a_transaction_of_the_operator_proves_one_payment(issued: Context) -> None:
    _count(issued)
    other = {**SECOND, **OTHER_BILL, "attempt_id": OTHER_ATTEMPT["attempt_id"]}
    assert refused_insert(issued, "receipts", other) == UNIQUE


def test_a_cancelled_receipt_lets_another_be_issued(issued: Context) -> None:
    _cancel(issued)
    _count(issued)
    with issued.db.begin() as tx:
        insert(tx, "receipts", {**SECOND, "operator_ref": "MP2"})


def test_a_quittance_is_given_once(issued: Context) -> None:
    _cancel(issued)
    again = {**SECOND, "quittance_number": 1}
    assert refused_insert(issued, "receipts", again) == UNIQUE


@pytest.mark.parametrize("last", [0, 1, 3, 100])
def test_a_series_of_quittances_only_counts_up_by_one(issued: Context, last: int) -> None:
    change = "UPDATE quittance_counters SET last = :last"
    assert refused(issued, change, {"last": last}) == APPEND_ONLY


@pytest.mark.parametrize("last", [-1, 2, 100])
def test_a_series_of_quittances_starts_at_its_first(context: Context, last: int) -> None:
    assert refused_insert(context, "quittance_counters", {"last": last}) in {APPEND_ONLY, CHECK}


def test_a_series_of_quittances_is_not_forgotten(issued: Context) -> None:
    assert refused(issued, "DELETE FROM quittance_counters") == APPEND_ONLY


def test_a_quittance_is_the_one_its_series_has_come_to(issued: Context) -> None:
    _cancel(issued)
    ahead = {**SECOND, "operator_ref": "MP2", "quittance_number": 7}
    assert refused_insert(issued, "receipts", ahead) in {APPEND_ONLY, CHECK}


@pytest.mark.parametrize("number", ["653756776260077", "65375677626007770", "653756776260077x"])
def test_a_receipt_number_is_sixteen_digits(context: Context, number: str) -> None:
    write(context, "bills", "intents", "attempts", "quittance_counters")
    assert refused_insert(context, "receipts", {"receipt_number": number}) == CHECK


def _cancel(context: Context) -> None:
    with context.db.begin() as tx:
        tx.execute(text("UPDATE receipts SET cancelled_at = '2026-11-12 13:00+00'"))


def _count(context: Context) -> None:
    """Draw the second quittance of the series, as the issuing of a receipt does."""
    with context.db.begin() as tx:
        tx.execute(text("UPDATE quittance_counters SET last = 2"))
