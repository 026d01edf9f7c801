"""Finding out whose money is that names no attempt of ours.

A citizen who was told what to dial pays without our opening anything. The credit is theirs only if
one due bill, and no other, was expected from that number for exactly that amount; else it is kept
apart, for people.
"""

import re
from contextlib import suppress
from datetime import timedelta

from domain.bill import BillStatus
from domain.msisdn import Msisdn
from domain.payment import Status
from payments.reconciliation import Line, LineKind
from ussd_app.store import attempts, expectations
from ussd_app.store.attempts import Attempt
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.store.expectations import Expectation
from ussd_app.usecases.context import Context

CLOCKS_DIFFER = timedelta(minutes=5)  # the operator's from ours
_GAPS = re.compile(r"[\s.-]")  # a space may be one that breaks no line


def claim(context: Context, tx: Tx, operator: str, line: Line) -> Attempt | None:
    """Return the attempt this credit is now known to be, or None when nobody can tell."""
    known = attempts.of_transaction(tx, operator, line.operator_ref)
    if known is not None or line.kind is not LineKind.CREDIT:
        return known
    payer = printed(line.payer)
    if payer is None:
        return None
    patience = timedelta(seconds=context.operators[operator].capabilities.expiry)
    within = (line.at - patience, line.at + CLOCKS_DIFFER)
    found = expectations.matching(tx, operator, payer, line.francs, within)
    return _attempt(context, tx, found[0]) if len(found) == 1 else None


def printed(payer: str) -> Msisdn | None:
    """Read a number as operators print it: `76123400`, `22376123400`, `+223 76 12 34 00`.

    None when it is no telephone's.
    """
    digits = _GAPS.sub("", payer).removeprefix("+").removeprefix("00")
    for written in (digits, f"+{digits}"):  # without and with the country's
        with suppress(ValueError):
            return Msisdn.parse(written)
    return None


def _attempt(context: Context, tx: Tx, expected: Expectation) -> Attempt | None:
    """Write down what was paid as an attempt; the statement's line will be its evidence."""
    bill = Register(tx).lock_bill(expected.bill_number)
    if bill is None or bill.status is not BillStatus.DUE or attempts.open_of(tx, bill.bill_number):
        return None  # it was due a moment ago
    if not expectations.fulfil(tx, bill.bill_number, expected.payer):
        return None  # another credit came first
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
    return attempt
