"""What must be true of the whole world at rest, whatever happened to it.

Each sentence is one that a lawyer would accept; each function returns what contradicts it.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.e2e.audit import OPEN, Audit

Wrongs = list[object]


def no_attempt_is_left_open(audit: Audit) -> Wrongs:
    return [*audit.rows("SELECT attempt_id, status FROM attempts WHERE status = ANY(%s)", [*OPEN])]


def no_bill_was_debited_twice(audit: Audit) -> Wrongs:
    live = Counter(charge.bill_number for charge in audit.charges() if not charge.reversed)
    return [bill for bill, times in live.items() if times > 1]


def each_valid_receipt_is_one_debit_and_each_exact_debit_one_receipt(audit: Audit) -> Wrongs:
    owed = {row["bill_number"]: row["francs"] for row in audit.rows("SELECT * FROM bills")}
    debits = {
        (charge.bill_number, charge.operator_ref, charge.amount)
        for charge in audit.charges()
        if not charge.reversed and charge.amount == owed[charge.bill_number]
    }
    proofs = [(r["bill_number"], r["operator_ref"], r["francs"]) for r in _valid(audit)]
    return [*(debits ^ set(proofs)), *(n for n in Counter(proofs).values() if n > 1)]


def a_bill_is_paid_when_a_valid_receipt_says_so(audit: Audit) -> Wrongs:
    paid = {row["bill_number"] for row in audit.rows("SELECT * FROM bills WHERE status = 'paid'")}
    return [*(paid ^ {receipt["bill_number"] for receipt in _valid(audit)})]


def every_franc_the_operator_holds_for_us_is_in_the_books(audit: Audit) -> Wrongs:
    ledger = audit.ledger()
    held = sum(charge.amount for charge in audit.charges() if not charge.reversed)
    proved = sum(receipt["francs"] for receipt in _valid(audit))
    expected = {"operator_clearing": -held, "suspense": held - proved, "revenue": proved}
    found = Counter[str]()
    for account, francs in ledger.items():
        found[account.partition(":")[0]] += francs
    wrong = [] if sum(ledger.values()) == 0 else [ledger]
    return [*wrong, *({book: n for book, n in expected.items() if n}.items() ^ found.items())]


def quittances_have_no_gap(audit: Audit) -> Wrongs:
    issued = audit.rows("SELECT quittance_number FROM receipts ORDER BY 1")
    numbers = [row["quittance_number"] for row in issued]
    counters = [row["last"] for row in audit.rows("SELECT last FROM quittance_counters")]
    good = numbers == [*range(1, len(numbers) + 1)] and sum(counters) == len(numbers)
    return [] if good else [numbers, counters]


def each_text_arrived_and_no_other(audit: Audit) -> Wrongs:
    """The same text may come twice (a provider's silence proves nothing), never another one."""
    written = audit.rows("SELECT event, recipient, text, status FROM messages")
    told = {(row["recipient"], row["text"]) for row in written}
    told_twice = Counter((row["event"], row["recipient"]) for row in written)
    return [
        *(told ^ {(sms.to, sms.text) for sms in audit.inbox()}),
        *(event for event, texts in told_twice.items() if texts > 1),
        *(row for row in written if row["status"] != "sent"),
    ]


INVARIANTS: tuple[Callable[[Audit], Wrongs], ...] = (
    no_attempt_is_left_open,
    no_bill_was_debited_twice,
    each_valid_receipt_is_one_debit_and_each_exact_debit_one_receipt,
    a_bill_is_paid_when_a_valid_receipt_says_so,
    every_franc_the_operator_holds_for_us_is_in_the_books,
    quittances_have_no_gap,
    each_text_arrived_and_no_other,
)


def broken(audit: Audit) -> dict[str, Wrongs]:
    """Return the invariants that do not hold, with what contradicts each."""
    found = {invariant.__name__: invariant(audit) for invariant in INVARIANTS}
    return {name: wrongs for name, wrongs in found.items() if wrongs}


def _valid(audit: Audit) -> list[dict[str, Any]]:
    return audit.rows("SELECT * FROM receipts WHERE cancelled_at IS NULL")
