"""What operators say about a payment, as the worker learns it: facts, settled as always."""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.bill import Bill
from domain.payment import Evidence, Failure, Kind, Source
from receipts.record import Receipt
from ussd_app.store import attempts, books
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.usecases import settle
from ussd_app.usecases.context import Context

EXPIRED = Evidence(Kind.FAILED, Source.INQUIRY, failure=Failure.EXPIRED)


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now()

    def __call__(self) -> datetime:
        return self._now

    def advance(self, **passed: float) -> None:
        self._now += timedelta(**passed)


def attempts_of(context: Context, bill_number: str) -> list[Attempt]:
    """Return the attempts of a bill, oldest first."""
    with context.db.begin() as tx:
        return attempts.of_bill(tx, bill_number)


def bill_of(context: Context, bill_number: str) -> Bill:
    """Return a bill that exists."""
    with context.db.begin() as tx:
        bill = Register(tx).find_bill(bill_number)
    assert bill is not None
    return bill


def messages_of(context: Context, template: str = "") -> list[tuple[str, str]]:
    """Return the recipient and the words of every message, oldest first."""
    with context.db.begin() as tx:
        found = tx.exec_driver_sql("SELECT template, recipient, text FROM messages ORDER BY 1, 2")
        return [(to, words) for kind, to, words in found if kind.startswith(template)]


def learn(context: Context, bill_number: str, fact: Evidence) -> None:
    """Let the newest attempt of a bill learn `fact`."""
    attempt = attempts_of(context, bill_number)[-1]
    with context.db.begin() as tx:
        settle.record(context, tx, attempt, [fact])


def paid(context: Context, bill_number: str) -> Receipt:
    """Let the operator have debited the newest attempt of a bill; return the receipt."""
    bill = bill_of(context, bill_number)
    learn(context, bill_number, _money(Kind.PAID, bill))
    with context.db.begin() as tx:
        receipt = books.valid_receipt(tx, bill_number)
    assert receipt is not None
    return receipt


def taken_back(context: Context, bill_number: str) -> None:
    """Let the operator have reversed what it debited."""
    learn(context, bill_number, _money(Kind.REVERSED, bill_of(context, bill_number)))


def cancelled(context: Context, bill_number: str) -> None:
    """Let the authority have cancelled a bill."""
    with context.db.begin() as tx:
        assert Register(tx).cancel(bill_number)


def _money(kind: Kind, bill: Bill) -> Evidence:
    return Evidence(kind, Source.STATEMENT, f"MP{bill.bill_number}", bill.amount.francs)
