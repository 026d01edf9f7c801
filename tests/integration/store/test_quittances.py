"""The Treasury's quittances are without a gap, however many are issued at once or taken back."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import text

from domain import check_digits
from receipts.record import Receipt
from tests.integration.store.rows import insert
from ussd_app.store import books
from ussd_app.usecases.context import Context

CLERKS, EACH = 8, 12
PAID_AT = datetime(2026, 11, 12, 14, 5, tzinfo=UTC)


class TakenBackError(Exception):
    """The transaction is rolled back, as by any failure."""


@dataclass(frozen=True)
class Clerk:
    """Issues receipts in transactions of its own, some of which fail after the issuing."""

    context: Context
    number: int
    post: Callable[[random.Random], str]

    def work(self, start: Barrier) -> list[str]:
        """Return the quittances of the transactions that were committed."""
        dice = random.Random(self.number)  # noqa: S311  # a schedule, not a secret
        start.wait()
        kept = []
        for n in range(EACH):
            try:
                kept.append(self._issue(self.number * EACH + n, dice))
            except TakenBackError:
                continue
        return kept

    def _issue(self, payment: int, dice: random.Random) -> str:
        with self.context.db.begin() as tx:
            receipt = books.issue(
                tx, draft(payment), lambda: number(dice.randrange(10**14)), self.post(dice)
            )
            if dice.random() < 0.4:
                raise TakenBackError
        return receipt.quittance


@pytest.fixture
def payments(context: Context) -> Context:
    """As many paid attempts as receipts will be tried."""
    with context.db.begin() as tx:
        for payment in range(CLERKS * EACH):
            bill = {"bill_number": draft(payment).bill_number}
            insert(tx, "bills", bill)
            insert(tx, "intents", {**bill, "intent_id": f"intent {payment}"})
            attempt = {
                "attempt_id": draft(payment).attempt_id,
                "intent_id": f"intent {payment}",
                "callback_token": f"token {payment}",
                "session_key": f"session {payment}",
                "status": "succeeded",
            }
            insert(tx, "attempts", {**bill, **attempt})
    return context


def test_quittances_have_no_gap_when_some_are_taken_back(payments: Context) -> None:
    kept = _all_at_work(payments, lambda _dice: "PGT")
    assert 0 < len(kept) < CLERKS * EACH
    assert sorted(kept) == [f"PGT/2026/{n:06d}" for n in range(1, len(kept) + 1)]
    with payments.db.begin() as tx:
        last = tx.execute(text("SELECT post, year, last FROM quittance_counters")).one()
        written = tx.execute(text("SELECT count(*) FROM receipts")).scalar_one()
    assert tuple(last) == ("PGT", 2026, len(kept))
    assert written == len(kept)


def test_each_accounting_post_has_a_series_of_its_own(payments: Context) -> None:
    kept = _all_at_work(payments, lambda dice: dice.choice(["PGT", "KATI"]))
    for post in ("PGT", "KATI"):
        mine = sorted(quittance for quittance in kept if quittance.startswith(post))
        assert mine == [f"{post}/2026/{n:06d}" for n in range(1, len(mine) + 1)]
        assert mine


def test_a_receipt_number_already_drawn_is_drawn_again(payments: Context) -> None:
    draws = iter([7, 7, 8])
    with payments.db.begin() as tx:
        for payment in range(2):
            books.issue(tx, draft(payment), lambda: number(next(draws)), "PGT")
    with payments.db.begin() as tx:
        found = tx.execute(text("SELECT receipt_number, quittance_number FROM receipts ORDER BY 2"))
        assert [tuple(row) for row in found] == [(number(7), 1), (number(8), 2)]


def _all_at_work(context: Context, post: Callable[[random.Random], str]) -> list[str]:
    start = Barrier(CLERKS)
    clerks = [Clerk(context, n, post) for n in range(CLERKS)]
    with ThreadPoolExecutor(CLERKS) as threads:
        each = threads.map(lambda clerk: clerk.work(start), clerks)
        return [quittance for kept in each for quittance in kept]


def draft(payment: int) -> Receipt:
    return Receipt(
        receipt_number="",
        bill_number=f"{payment:010d}",
        attempt_id=f"{payment:032x}",
        service="fine",
        subject="demo_parking",
        francs=3000,
        operator="orange_mp",
        operator_ref=f"MP{payment}",
        paid_at=PAID_AT,
        quittance="",
    )


def number(drawn: int) -> str:
    return check_digits.append(f"{drawn:014d}")
