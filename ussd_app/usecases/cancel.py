"""A citizen gives up a payment that is under way, so as to pay another way.

It is a wish, and the worker's to carry out: a link stays payable until the operator has closed it,
so nothing else is opened before. The SMS that tells how it ended says what to dial.
"""

from menus.protocol import Told
from ussd_app.store import attempts, outbox
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.usecases.context import Context
from ussd_app.usecases.errand import Errand


def offered(context: Context, errand: Errand, attempt: Attempt) -> bool:
    """Whether an open attempt may still be given up, and by this caller."""
    return _may(context, errand, attempt) and not attempt.cancel_wanted


def cancel(context: Context, errand: Errand, bill_number: str) -> Told:
    """Note the wish; the same wish twice is one, and nothing of another caller's is touched."""
    with context.db.begin() as tx:
        Register(tx).lock_bill(bill_number)
        attempt = attempts.open_of(tx, bill_number)
        if attempt is None or not _may(context, errand, attempt):
            return Told("gone", {})
        attempts.want_cancelled(tx, attempt.attempt_id)
        outbox.put(tx, outbox.Kind.ATTEMPT, attempt.attempt_id, context.now())
    context.redis.wake()
    return Told("cancelling", {})


def _may(context: Context, errand: Errand, attempt: Attempt) -> bool:
    """It is theirs, whether they asked for it or are asked to pay, and its operator can close."""
    operator = context.operators.get(attempt.operator)  # None: it was taken out since
    able = operator is not None and operator.wallet.cancels
    return able and errand.caller in {attempt.caller, attempt.payer}
