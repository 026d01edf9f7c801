"""The books of one bill, kept as the application keeps them: after each fact, all of it again."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from domain.bill import Bill, BillStatus
from domain.payment import Evidence
from payments.evidence import Standing, fold
from payments.ledger import Book, Entry, Sum, allocate, corrections, entries_for
from tests.unit.payments.facts import bill

Fact = tuple[str, str, Evidence]  # attempt, operator, evidence


class Books:
    """What is known of a bill and what is posted for it; `paying` is the sum of its receipt."""

    def __init__(self, owed: Bill | None = None) -> None:
        self.bill = owed or bill()
        self.facts: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
        self.posted: list[Entry] = []
        self.paying: Sum | None = None

    def learn(self, *facts: Fact) -> "Books":
        """Take the facts one after another, and settle after each."""
        for attempt, operator, evidence in facts:
            self.facts[attempt, operator].append(evidence)
            self.settle()
        return self

    def cancel(self) -> None:
        """The issuing authority gives the bill up, as it may while nothing is paid."""
        if self.paying is None:
            self.bill = replace(self.bill, status=BillStatus.CANCELLED)
            self.settle()

    def settle(self) -> list[Entry]:
        """Post what is missing and return it."""
        self.paying = allocate(self.bill, self.sums, self.paying)
        new = corrections(self.wanted, self.posted)
        self.posted += new
        if self.bill.status is not BillStatus.CANCELLED:
            status = BillStatus.DUE if self.paying is None else BillStatus.PAID
            self.bill = replace(self.bill, status=status)
        return new

    @property
    def standings(self) -> dict[tuple[str, str], Standing]:
        return {who: fold(self.bill.amount.francs, known) for who, known in self.facts.items()}

    @property
    def sums(self) -> list[Sum]:
        """The money alive."""
        return [
            Sum(operator, debit.operator_ref, debit.francs)
            for (_attempt, operator), standing in self.standings.items()
            for debit in standing.debits
            if not debit.reversed
        ]

    @property
    def wanted(self) -> list[Entry]:
        return entries_for(self.bill, self.sums, self.paying)

    @property
    def totals(self) -> dict[Book, int]:
        """The balance of each kind of account."""
        return by_book(self.posted)


def by_book(entries: Iterable[Entry]) -> dict[Book, int]:
    totals: Counter[Book] = Counter()
    for account, francs in balances(entries).items():
        totals[Book(account.partition(":")[0])] += francs
    return {book: totals[book] for book in Book}


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the balance of each account, in francs; they sum to zero."""
    totals: Counter[str] = Counter()
    for entry in entries:
        totals[entry.source] -= entry.francs
        totals[entry.destination] += entry.francs
    return {account: francs for account, francs in totals.items() if francs}
