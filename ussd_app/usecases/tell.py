"""Telling citizens by SMS: who hears which fact, and with which words filled in.

Each function only queues, inside the transaction of the fact; being told twice is impossible,
for a message is unique by event, template and recipient.
"""

import math
from dataclasses import replace

from domain.bill import Bill, BillStatus
from domain.money import Money
from domain.msisdn import Msisdn
from domain.payment import Failure
from payments.ledger import Sum
from payments.reconciliation import Line
from receipts.record import Receipt
from sms import notices
from sms.notices import Notice
from ussd_app.store import messages
from ussd_app.store.attempts import Attempt
from ussd_app.store.database import Tx
from ussd_app.store.expectations import Expectation
from ussd_app.usecases import wording
from ussd_app.usecases.context import Context

# How operators name the end of what was given up.
_ENDS_OF_A_CANCELLATION = {Failure.EXPIRED, Failure.NOT_SENT, Failure.REFUSED}


def heads_up(context: Context, tx: Tx, attempt: Attempt, bill: Bill) -> None:
    """Warn the telephone that will be prompted for somebody else's bill."""
    values = _values(context, attempt, bill) | {"caller": attempt.caller.national}
    notice = notices.heads_up(attempt.attempt_id, values)
    _queue(context, tx, notice, attempt, attempt.payer)


def heads_up_left(tx: Tx, attempt: Attempt) -> bool:
    """Whether the warning has left, as far as we know."""
    event = notices.heads_up(attempt.attempt_id, {}).event
    return messages.left(tx, event, attempt.payer)


def receipt(context: Context, tx: Tx, attempt: Attempt, bill: Bill, issued: Receipt) -> None:
    """Send the proof to whoever paid and to whoever asked."""
    values = _proof(context, attempt, bill, issued)
    _queue(context, tx, notices.receipt(issued.receipt_number, values), attempt, *_both(attempt))


def receipt_again(  # a receipt, and to whom
    context: Context, tx: Tx, attempt: Attempt, bill: Bill, issued: Receipt, *,
    to: Msisdn, lang: str, wish: str,
) -> None:  # fmt: skip
    """Send the same proof once more, because of `wish`, in the language of whoever wishes it."""
    values = _proof(context, attempt, bill, issued)
    notice = notices.receipt_again(issued.receipt_number, wish, values)
    _queue(context, tx, notice, replace(attempt, lang=lang), to)


def link(context: Context, tx: Tx, attempt: Attempt, bill: Bill, address: str) -> None:
    """Send whoever pays the address where they do."""
    notice = notices.link(attempt.attempt_id, _values(context, attempt, bill) | {"link": address})
    _queue(context, tx, notice, attempt, attempt.payer)


def what_to_dial(
    context: Context, tx: Tx, expected: Expectation, bill: Bill, dial_code: str
) -> None:
    """Send whoever pays what the screen said, or would have said."""
    values = _values(context, expected, bill) | {"dial_code": dial_code}
    turn = f"{expected.channel}-{expected.session_key}-{expected.turn}"
    notice = notices.dial(bill.bill_number, turn, values)
    _queue(context, tx, notice, expected, expected.payer)


def under_way(context: Context, tx: Tx, attempt: Attempt, bill: Bill) -> None:
    """Say what the screen would have said that the network did not show."""
    notice = notices.under_way(attempt.attempt_id, _values(context, attempt, bill))
    _queue(context, tx, notice, attempt, attempt.caller)


def busy(context: Context, tx: Tx, attempt: Attempt, bill: Bill) -> None:
    """Say that the prompt could not be shown, to the telephone that was busy, and what to dial."""
    expiry = context.operators[attempt.operator].capabilities.expiry
    minutes = {"minutes": str(max(1, math.ceil(expiry / 60)))}
    notice = notices.busy(attempt.attempt_id, _values(context, attempt, bill) | minutes)
    _queue(context, tx, notice, attempt, attempt.payer)


def reversed_(context: Context, tx: Tx, attempt: Attempt, bill: Bill, cancelled: Receipt) -> None:
    """Say that the operator took the money back and the receipt proves nothing any more."""
    values = _values(context, attempt, bill) | {
        "amount": str(Money(cancelled.francs)),
        "receipt_number": cancelled.receipt_number,
    }
    notice = notices.reversed_(cancelled.receipt_number, values)
    _queue(context, tx, notice, attempt, *_both(attempt))


def returned(context: Context, tx: Tx, attempt: Attempt, bill: Bill) -> None:
    """Say that money was taken and given back, and that nothing is paid."""
    notice = notices.returned(attempt.attempt_id, _values(context, attempt, bill))
    _queue(context, tx, notice, attempt, *_both(attempt))


def failed(context: Context, tx: Tx, attempt: Attempt, bill: Bill, failure: Failure) -> None:
    """Say that nothing was paid, and why, to whoever asked."""
    if attempt.cancel_wanted and failure in _ENDS_OF_A_CANCELLATION:
        failure = Failure.CANCELLED
    notice = notices.failed(attempt.attempt_id, failure, _values(context, attempt, bill))
    _queue(context, tx, notice, attempt, attempt.caller)


def unknown(context: Context, tx: Tx, attempt: Attempt, bill: Bill) -> None:
    """Say that we are still waiting for the operator."""
    notice = notices.unknown(attempt.attempt_id, _values(context, attempt, bill))
    _queue(context, tx, notice, attempt, attempt.caller)


def set_aside(context: Context, tx: Tx, attempt: Attempt, bill: Bill, sum_: Sum) -> None:
    """Say that money came which the bill could not take, and that it is kept."""
    values = _values(context, attempt, bill)
    # A bill that is still due has another amount by now than what was asked for.
    due = bill.amount.francs if bill.status is BillStatus.DUE else attempt.francs
    if sum_.francs == due:
        notice = notices.surplus(attempt.attempt_id, sum_.operator_ref, values)
    else:
        sums = {"paid": str(Money(sum_.francs)), "amount": str(Money(due))}
        notice = notices.mismatch(attempt.attempt_id, values | sums)
    _queue(context, tx, notice, attempt, *_both(attempt))


def unowned(  # a line, and to whom
    context: Context, tx: Tx, operator: str, line: Line, *, payer: Msisdn, lang: str
) -> None:
    """Say that money came and that we do not know for which bill."""
    values = {
        "amount": str(Money(line.francs)),
        "wallet_name": context.operators[operator].wallet.name,
    }
    notice = notices.unowned(operator, line.operator_ref, values)
    text = notices.write(notice, lang, context.texts)
    messages.queue(tx, notice, payer, text, context.now())


def dial(context: Context, *parts: str) -> str:
    """Return the string that dials straight to a screen, as `*789*9*…#`."""
    return "*".join([context.channel.code.removesuffix("#"), *parts]) + "#"


def _values(context: Context, attempt: Attempt | Expectation, bill: Bill) -> dict[str, str]:
    operator = context.operators.get(attempt.operator)  # None: it was taken out since
    return {
        "service_id": f"service.{bill.service}",
        "bill_number": bill.bill_number,
        "amount": str(Money(attempt.francs)),
        "wallet_name": operator.wallet.name if operator else attempt.operator,
        "dial": dial(context, "1", bill.bill_number),
    }


def _proof(context: Context, attempt: Attempt, bill: Bill, issued: Receipt) -> dict[str, str]:
    return _values(context, attempt, bill) | {
        "amount": str(Money(issued.francs)),  # the bill may have become what was debited
        "paid_at": wording.instant(issued.paid_at),
        "payer": attempt.payer.masked,
        "verify": dial(context, "9", issued.receipt_number),
    }


def _both(attempt: Attempt) -> tuple[Msisdn, ...]:
    return tuple(dict.fromkeys((attempt.payer, attempt.caller)))


def _queue(
    context: Context, tx: Tx, notice: Notice, attempt: Attempt | Expectation, *to: Msisdn
) -> None:
    text = notices.write(notice, attempt.lang, context.texts)
    for number in to:
        messages.queue(tx, notice, number, text, context.now())
