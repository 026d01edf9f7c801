"""The issuing authority takes a bill back, or changes what is due of it.

Nothing that was paid moves by this. But it is an event as any other: money kept apart for the bill
may be what is due now.
"""

from collections.abc import Callable

from domain.money import Money
from ussd_app.store.bills import Register
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
            settle.settle(context, tx, bill)
    context.redis.wake()
    return done
