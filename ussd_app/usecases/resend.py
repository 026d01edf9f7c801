"""Receipts on demand: the SMS of a receipt again, to whom it belongs or to whom they choose.

A number sees none of its receipts on the screen, and only the number that paid gets them again: a
telephone is shared, a number is given to somebody else after a few months (trust.md T4, T5). A copy
for somebody else needs the receipt's own number, and the answer is the same whether it was theirs.
Who wrote STOP is sent no copies but their own.
"""

from datetime import timedelta

from domain.msisdn import Msisdn
from menus.protocol import Told
from receipts.record import Receipt
from ussd_app.store import attempts, books, optouts
from ussd_app.store.bills import Register
from ussd_app.store.database import Tx
from ussd_app.usecases import tell
from ussd_app.usecases.context import Context
from ussd_app.usecases.errand import Errand

NEWEST = 3
NOT_OLDER = timedelta(days=90)  # then the number may be somebody else's
RESENDS_A_DAY = 3  # of one subscriber, and to one recipient: a message costs, and may annoy
_DAY_S = 86_400


def send_receipts(context: Context, errand: Errand) -> Told:
    """Send the caller the receipts this number has paid for, the newest ones."""
    if _few(context, "resend", errand.caller):
        since = context.now() - NOT_OLDER
        with context.db.begin() as tx:
            for receipt in books.receipts_paid_by(tx, errand.caller, since, NEWEST):
                _send(context, tx, errand, receipt, errand.caller)
        context.redis.wake()
    return Told("sent", {})


def copy_receipt(context: Context, errand: Errand, receipt_number: str, recipient: Msisdn) -> Told:
    """Send `recipient` a receipt that the caller paid for, or asked somebody to pay for."""
    if _few(context, "copies", errand.caller) and _few(context, "copied", recipient):
        with context.db.begin() as tx:
            receipt = books.find_receipt(tx, receipt_number)
            wanted = recipient == errand.caller or not _stopped(context, tx, recipient)
            if receipt is not None and wanted and _is_theirs(tx, errand.caller, receipt):
                _send(context, tx, errand, receipt, recipient)
        context.redis.wake()
    return Told("sent", {})


def _is_theirs(tx: Tx, caller: Msisdn, receipt: Receipt) -> bool:
    attempt = attempts.get(tx, receipt.attempt_id)
    return (
        receipt.cancelled_at is None
        and attempt is not None
        and caller in {attempt.payer, attempt.caller}
    )


def _stopped(context: Context, tx: Tx, recipient: Msisdn) -> bool:
    return optouts.stopped(tx, context.keys.subscriber(recipient))


def _send(context: Context, tx: Tx, errand: Errand, receipt: Receipt, to: Msisdn) -> None:
    attempt = attempts.get(tx, receipt.attempt_id)
    bill = Register(tx).find_bill(receipt.bill_number)
    if attempt is not None and bill is not None:
        wish = f"{errand.session_key}-{errand.turn}"  # the same turn again asks for the same
        tell.receipt_again(context, tx, attempt, bill, receipt, to=to, lang=errand.lang, wish=wish)


def _few(context: Context, what: str, number: Msisdn) -> bool:
    """Each is counted apart: copies that others send must not use up what is one's own."""
    key = f"{what}:{context.keys.subscriber(number)}"
    return context.redis.count(key, _DAY_S) <= RESENDS_A_DAY
