"""Finding out whose money is that names no attempt of ours.

A citizen who was told what to dial pays without our opening anything. The credit is theirs only if
one due bill, and no other, was expected from that number for exactly that amount; else it is kept
apart, for people.
"""

from datetime import timedelta

from domain.msisdn import Msisdn
from domain.payment import Status
from payments.reconciliation import Line, LineKind
from ussd_app.store import attempts, expectations
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.expectations import Expectation
from ussd_app.usecases.context import Context

WAITED_FOR = timedelta(days=7)  # between being told what to dial and dialling it
CLOCKS_DIFFER = timedelta(minutes=5)  # the operator's from ours


def claim(context: Context, tx: Tx, operator: str, line: Line) -> Attempt | None:
    """Return the attempt this credit is now known to be, or None when nobody can tell."""
    known = attempts.of_transaction(tx, operator, line.operator_ref)
    if known is not None or line.kind is not LineKind.CREDIT:
        return known
    try:
        payer = Msisdn.parse(line.payer)
    except ValueError:
        return None
    within = (line.at - WAITED_FOR, line.at + CLOCKS_DIFFER)
    found = expectations.matching(tx, operator, payer, line.francs, within)
    return _attempt(context, tx, found[0]) if len(found) == 1 else None


def _attempt(context: Context, tx: Tx, expected: Expectation) -> Attempt | None:
    """Write down what was paid as an attempt; the statement's line will be its evidence."""
    bill = Register(tx).lock_bill(expected.bill_number)
    if bill is None or attempts.open_of(tx, bill.bill_number):
        return None
    attempt = Attempt(
        attempt_id=context.new_id(),
        intent_id=attempts.intend(tx, bill, context.new_id(), context.now()),
        bill_number=expected.bill_number,
        operator=expected.operator,
        francs=expected.francs,
        payer=expected.payer,
        caller=expected.caller,
        lang=expected.lang,
        callback_token=context.new_id(),
        channel=expected.channel,
        session_key=expected.session_key,
        turn=expected.turn,
        status=Status.CREATED,
        operator_key=None,
        otp=None,
        prompted=False,
        cancel_wanted=False,
        created_at=expected.created_at,
        submitted_at=None,
    )
    attempts.add(tx, attempt)
    expectations.fulfil(tx, expected.bill_number)
    return attempt
