"""What a new fact changes: status, ledger, bill, receipt, messages; all of it in one transaction.

Everything is computed again from the evidence of all the attempts of the bill, so it does not
matter which fact came first or how often. The bill's row is locked for the while.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from domain.bill import Bill, BillStatus
from domain.payment import MONEY_KINDS, Evidence, Failure, Status
from payments.evidence import Standing, fold
from payments.ledger import Sum, allocate, corrections, entries_for
from receipts import number
from receipts.record import Receipt
from ussd_app.store import alarms, attempts, books, evidence
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.evidence import ForeignTransactionError
from ussd_app.usecases import tell, unowned
from ussd_app.usecases.context import Context

_log = structlog.get_logger(__name__)
FOREIGN = "one transaction, two attempts"


@dataclass(frozen=True, slots=True)
class _Case:
    """One attempt of the bill and where its evidence puts it."""

    attempt: Attempt
    standing: Standing

    @property
    def sums(self) -> list[Sum]:
        return [
            Sum(self.attempt.operator, debit.operator_ref, debit.francs)
            for debit in self.standing.debits
            if not debit.reversed
        ]


def record(context: Context, tx: Tx, attempt: Attempt, facts: Iterable[Evidence]) -> Standing:
    """Append `facts` to an attempt and settle its bill; return where the attempt stands.

    Raises:
        ForeignTransactionError: a transaction of these facts belongs to another attempt.
    """
    bill = Register(tx).lock_bill(attempt.bill_number)
    if bill is None:
        message = "an attempt without a bill"
        raise LookupError(message)
    now = context.now()
    for fact in facts:
        if evidence.add(tx, attempt, fact, now) and fact.kind in MONEY_KINDS:
            ref = str(fact.operator_ref)
            for stated in unowned.release(context, tx, attempt.operator, ref):
                evidence.add(tx, attempt, stated, now)
    cases = _settle_all(context, tx, bill, now)
    return next(c.standing for c in cases if c.attempt.attempt_id == attempt.attempt_id)


def settle(context: Context, tx: Tx, bill: Bill) -> None:
    """Settle a bill, locked by the caller, by what is known of its attempts already."""
    _settle_all(context, tx, bill, context.now())


def _settle_all(context: Context, tx: Tx, bill: Bill, now: datetime) -> Sequence[_Case]:
    cases = _cases(tx, bill)
    for case in cases:
        _keep_status(tx, case, now)
    _settle(context, tx, bill, cases, now)
    return cases


def learn(context: Context, tx: Tx, attempt: Attempt, facts: Iterable[Evidence]) -> None:
    """Record what the operator says; one transaction said of two attempts is a human's matter."""
    try:
        with tx.begin_nested():
            record(context, tx, attempt, facts)
    except ForeignTransactionError:
        _raise(tx, attempt, FOREIGN, context.now())


def _cases(tx: Tx, bill: Bill) -> list[_Case]:
    found = attempts.of_bill(tx, bill.bill_number)
    facts = evidence.of(tx, (attempt.attempt_id for attempt in found))
    return [_Case(a, fold(a.francs, facts[a.attempt_id])) for a in found]


def _keep_status(tx: Tx, case: _Case, now: datetime) -> None:
    for alarm in case.standing.alarms:
        _raise(tx, case.attempt, alarm, now)
    status = case.standing.status
    if status is not case.attempt.status:
        attempts.set_status(tx, case.attempt.attempt_id, status)
        _log.info("attempt", attempt_id=case.attempt.attempt_id, status=status.value)


def _raise(tx: Tx, attempt: Attempt, alarm: str, now: datetime) -> None:
    if alarms.raise_(tx, attempt.operator, attempt.attempt_id, alarm, now):
        _log.error("alarm", attempt_id=attempt.attempt_id, alarm=alarm)


def _settle(context: Context, tx: Tx, bill: Bill, cases: Sequence[_Case], now: datetime) -> None:
    sums = [sum_ for case in cases for sum_ in case.sums]
    held = books.valid_receipt(tx, bill.bill_number)
    paying = allocate(bill, sums, _sum_of(held) if held else None)
    wanted = entries_for(bill, sums, paying)
    books.post(tx, corrections(wanted, books.posted(tx, bill.bill_number)), now)
    bill = _mark(tx, bill, paying, now)
    if held is not None and _sum_of(held) != paying:
        books.cancel(tx, held.receipt_number, now)
        owner = _owner(cases, held.attempt_id)
        tell.reversed_(context, tx, owner, bill, held)
        held = None
    if held is None and paying is not None:
        _issue(context, tx, bill, cases, paying)
    _tell(context, tx, bill, cases, paying)


def _mark(tx: Tx, bill: Bill, paying: Sum | None, now: datetime) -> Bill:
    if bill.status is BillStatus.CANCELLED or (paying is not None) == _is_paid(bill):
        return bill
    status = BillStatus.DUE if paying is None else BillStatus.PAID
    marked = replace(bill, status=status, settled_at=None if paying is None else now)
    Register(tx).mark_paid(marked)
    return marked


def _issue(context: Context, tx: Tx, bill: Bill, cases: Sequence[_Case], paying: Sum) -> None:
    owner = next(case.attempt for case in cases if paying in case.sums)
    draft = Receipt(
        receipt_number="",
        bill_number=bill.bill_number,
        attempt_id=owner.attempt_id,
        service=bill.service,
        subject=bill.subject,
        francs=paying.francs,
        operator=paying.operator,
        operator_ref=paying.operator_ref,
        paid_at=context.now(),
        quittance="",
    )
    issued = books.issue(tx, draft, lambda: number.draw(context.below), context.treasury_post)
    tell.receipt(context, tx, owner, bill, issued)


def _tell(context: Context, tx: Tx, bill: Bill, cases: Sequence[_Case], paying: Sum | None) -> None:
    for case in cases:
        if (failure := _failure(case.standing)) is not None:
            tell.failed(context, tx, case.attempt, bill, failure)
        if _came_and_went(tx, case):
            tell.returned(context, tx, case.attempt, bill)
        for sum_ in case.sums:
            if sum_ != paying:
                tell.set_aside(context, tx, case.attempt, bill, sum_)


def _came_and_went(tx: Tx, case: _Case) -> bool:
    """All the money came back, and no receipt was there to be cancelled."""
    gone = case.standing.status is Status.REVERSED
    return gone and not books.had_receipt(tx, case.attempt.attempt_id)


def _failure(standing: Standing) -> Failure | None:
    """Why nothing was paid; what the statement closed unpaid never got an answer."""
    return Failure.EXPIRED if standing.status is Status.CLOSED_UNPAID else standing.failure


def _owner(cases: Sequence[_Case], attempt_id: str) -> Attempt:
    return next(c.attempt for c in cases if c.attempt.attempt_id == attempt_id)


def _sum_of(receipt: Receipt) -> Sum:
    return Sum(receipt.operator, receipt.operator_ref, receipt.francs)


def _is_paid(bill: Bill) -> bool:
    return bill.status is BillStatus.PAID
