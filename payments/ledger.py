"""Double entry over whole francs.

An entry moves money from one account to another, so the books balance by construction; nothing is
ever changed or taken back, only answered by its inverse.

What must be posted is computed from what is known, and compared with what is posted. After each
event all the money of the bill is allocated again: looking only at the attempt that moved makes
balances depend on the order of arrival (162 of 795 evidence sets, reference 3.3).

success      operator_clearing -> suspense
allocation   suspense          -> revenue
reversal     the inverse, entry by entry
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.bill import Bill, BillStatus

UNOWNED = ""


class Book(StrEnum):
    """The kinds of account. An account is a book, and an operator or a service in it."""

    CLEARING = "operator_clearing"
    SUSPENSE = "suspense"
    REVENUE = "revenue"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """`francs` (more than 0) from `source` to `destination`, for one transaction of one bill.

    `bill_number` is `UNOWNED` of money that no attempt of ours is known to have asked for.
    """

    source: str
    destination: str
    francs: int
    bill_number: str
    operator: str
    operator_ref: str

    def __post_init__(self) -> None:
        if self.francs <= 0 or self.source == self.destination:
            message = "an entry moves a positive amount between two accounts"
            raise ValueError(message)

    def inverse(self) -> "Entry":
        """Return the entry that answers this one."""
        return Entry(
            self.destination, self.source, self.francs, self.bill_number,
            self.operator, self.operator_ref,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Sum:
    """Live money received for a bill: one operator transaction not reversed."""

    operator: str
    operator_ref: str
    francs: int


def allocate(bill: Bill, sums: Iterable[Sum], allocated: Sum | None) -> Sum | None:
    """Return the one sum that pays `bill`, or None.

    Only an exact amount pays, and a cancelled bill takes nothing. The sum already allocated is
    kept while it lives, so that a receipt is not exchanged for another without cause.
    """
    exact = sorted(sum_ for sum_ in sums if sum_.francs == bill.amount.francs)
    if bill.status is BillStatus.CANCELLED or not exact:
        return None
    return allocated if allocated in exact else exact[0]


def entries_for(bill: Bill, sums: Iterable[Sum], paying: Sum | None) -> list[Entry]:
    """Return all the entries the books of `bill` should hold, net of inverses."""
    wanted = []
    for sum_ in sorted(sums):
        clearing = f"{Book.CLEARING}:{sum_.operator}"
        suspense = f"{Book.SUSPENSE}:{sum_.operator}"
        names = (sum_.francs, bill.bill_number, sum_.operator, sum_.operator_ref)
        wanted.append(Entry(clearing, suspense, *names))
        if sum_ == paying:
            wanted.append(Entry(suspense, f"{Book.REVENUE}:{bill.service}", *names))
    return wanted


def unowned_entries(operator: str, operator_ref: str, francs: int) -> list[Entry]:
    """Return what the books should hold of money that is nobody's; none when it is gone (0)."""
    if not francs:
        return []
    clearing, suspense = f"{Book.CLEARING}:{operator}", f"{Book.SUSPENSE}:{operator}"
    return [Entry(clearing, suspense, francs, UNOWNED, operator, operator_ref)]


def corrections(wanted: Sequence[Entry], posted: Iterable[Entry]) -> list[Entry]:
    """Return the entries to post so that `posted`, netted, becomes `wanted`."""
    balance: Counter[Entry] = Counter()
    for entry in posted:
        if balance[entry.inverse()] > 0:
            balance[entry.inverse()] -= 1
        else:
            balance[entry] += 1
    missing = Counter(wanted)
    missing.subtract(balance)
    undo = [entry.inverse() for entry, n in sorted(missing.items()) for _ in range(-n)]
    post = [entry for entry, n in sorted(missing.items()) for _ in range(n)]
    return [*reversed(undo), *post]
