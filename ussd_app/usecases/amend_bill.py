"""The issuing authority takes a bill back, or changes what is due of it.

Nothing that was paid moves by this. But it is an event as any other: money kept apart for the bill
may be what is due now, and a link for what was due before should be paid no more.
"""

from collections.abc import Callable

from domain.money import Money
from ussd_app.store import attempts, outbox
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.usecases import settle
from ussd_app.usecases.context import Context


def cancel(context: Context, bill_number: str) -> bool:
    """Cancel a bill that is due; False when there is none."""
    return _amend(context, bill_number, lambda register: register.cancel(bill_number))


def alter(context: Context, bill_number: str, amount: Money) -> bool:
    """Change what is due of a bill; False when nothing is."""
    return _amend(context, bill_number, lambda register: register.alter(bill_number, amount))


def _amend(context: Context, bill_number: str, change: Callable[[Register], bool]) -> bool:
    with context.db.begin() as tx:
        register = Register(tx)
        done = change(register)
        bill = register.lock_bill(bill_number)
        if done and bill is not None:
            _take_back(context, tx, bill_number)
            settle.settle(context, tx, bill)
    context.redis.wake()
    return done


def _take_back(context: Context, tx: Tx, bill_number: str) -> None:
    """Have the open payment of a bill given up, where its operator can close one."""
    attempt = attempts.open_of(tx, bill_number)
    operator = context.operators.get(attempt.operator) if attempt else None
    if attempt is not None and operator is not None and operator.wallet.cancels:
        attempts.want_cancelled(tx, attempt.attempt_id)
        outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, context.now())
