"""Rows written in plain SQL, as a script or a tired human at a prompt would write them."""

from collections.abc import Mapping

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ussd_app.store.database import Tx
from ussd_app.usecases.context import Context

UNIQUE, CHECK, APPEND_ONLY = "23505", "23514", "23001"  # what PostgreSQL calls the refusal

BILL_NUMBER = "4821937028"
NOON = "2026-11-12 12:00+00"

VALID: Mapping[str, Mapping[str, object]] = {
    "bills": {
        "bill_number": BILL_NUMBER,
        "service": "fine",
        "subject": "demo_parking",
        "francs": 3000,
        "legal_basis": "Arrêté 2024-2477",
        "issued_on": "2026-11-12",
        "quantity": 1,
        "status": "due",
        "version": 1,
        "details": "{}",
        "created_at": NOON,
    },
    "intents": {
        "intent_id": "intent",
        "bill_number": BILL_NUMBER,
        "bill_version": 1,
        "francs": 3000,
        "created_at": NOON,
    },
    "attempts": {
        "attempt_id": "a" * 32,
        "intent_id": "intent",
        "bill_number": BILL_NUMBER,
        "operator": "orange_mp",
        "francs": 3000,
        "payer": "+22370000001",
        "caller": "+22370000001",
        "lang": "fr",
        "callback_token": "token-a",
        "channel": "africastalking",
        "session_key": "session-a",
        "turn": 3,
        "status": "created",
        "prompted": False,
        "created_at": NOON,
    },
    "evidence": {
        "attempt_id": "a" * 32,
        "kind": "paid",
        "source": "inquiry",
        "operator_ref": "MP1",
        "francs": 3000,
        "seen_at": NOON,
    },
    "operator_transactions": {
        "operator": "orange_mp",
        "operator_ref": "MP1",
        "attempt_id": "a" * 32,
    },
    "entries": {
        "source": "operator_clearing:orange_mp",
        "destination": "suspense:orange_mp",
        "francs": 3000,
        "bill_number": BILL_NUMBER,
        "operator": "orange_mp",
        "operator_ref": "MP1",
        "posted_at": NOON,
    },
    "quittance_counters": {"post": "PGT", "year": 2026, "last": 1},
    "receipts": {
        "receipt_number": "6537567762600777",
        "bill_number": BILL_NUMBER,
        "attempt_id": "a" * 32,
        "service": "fine",
        "subject": "demo_parking",
        "francs": 3000,
        "operator": "orange_mp",
        "operator_ref": "MP1",
        "paid_at": NOON,
        "quittance_post": "PGT",
        "quittance_year": 2026,
        "quittance_number": 1,
    },
    "callbacks": {
        "operator": "orange_mp",
        "token": "token-a",
        "body": b"{}",
        "received_at": NOON,
    },
    "statement_lines": {
        "operator": "orange_mp",
        "line_key": "MP1",
        "kind": "CREDIT",
        "operator_ref": "MP1",
        "francs": 3000,
        "at": NOON,
        "payer": "",
    },
    "journeys": {
        "session_key": "session-a",
        "channel": "africastalking",
        "lang": "fr",
        "errand": "fine",
        "screen": "pay.sent",
        "reason": "payment",
        "turns": 3,
        "seconds": 31,
        "started_at": NOON,
    },
    "operator_health": {"operator": "orange_mp", "failures": 0},
}
OTHER_BILL = {"bill_number": "1234567842"}
OTHER_ATTEMPT = {
    "attempt_id": "b" * 32,
    "callback_token": "token-b",
    "session_key": "session-b",
}


def insert(tx: Tx, table: str, changes: Mapping[str, object] | None = None) -> None:
    """Insert the valid row of `table` with some columns changed."""
    row = {**VALID[table], **(changes or {})}
    columns = ", ".join(row)
    places = ", ".join(f":{column}" for column in row)
    tx.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), row)  # noqa: S608  # our own names


def write(context: Context, *tables: str) -> None:
    """Commit the valid row of each table, in this order."""
    with context.db.begin() as tx:
        for table in tables:
            insert(tx, table)


def refused(context: Context, sql: str, values: Mapping[str, object] | None = None) -> str:
    """Run `sql`, which a guard must refuse; return the code of the refusal."""
    with pytest.raises(IntegrityError) as refusal, context.db.begin() as tx:
        tx.execute(text(sql), values or {})
    return _code(refusal.value)


def refused_insert(
    context: Context, table: str, changes: Mapping[str, object] | None = None
) -> str:
    """Insert the valid row of `table` changed so that a guard must refuse it; return the code."""
    with pytest.raises(IntegrityError) as refusal, context.db.begin() as tx:
        insert(tx, table, changes)
    return _code(refusal.value)


def _code(error: IntegrityError) -> str:
    return str(getattr(error.orig, "sqlstate", None))
