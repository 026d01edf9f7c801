"""Money of a statement that nobody can be found for: kept in suspense, for people.

It is in the books from the moment it is known, or they would not say what the operator holds. If
it turns out to be an attempt's, or goes back, its entry is answered by the inverse.
"""

from datetime import timedelta

from domain.payment import Evidence
from payments.ledger import corrections, unowned_entries
from payments.reconciliation import Line, LineKind, evidence_of
from ussd_app.store import alarms, attempts, books, expectations, statements
from ussd_app.store.database import Tx
from ussd_app.store.statements import Stated
from ussd_app.usecases import expected, tell
from ussd_app.usecases.context import Context

_LATE = 4  # who dials long after it was expected is still told, for so many times as long
ALARM = "money without an attempt"


class OwnedError(RuntimeError):
    """An attempt was found to be the owner at this very moment."""


def keep(context: Context, tx: Tx, operator: str, line: Line) -> bool:
    """Book a line of nobody's; whether people hear of it for the first time.

    Raises:
        OwnedError: the line is to be taken again, as its owner's.
    """
    _one_at_a_time(context, tx, operator, line.operator_ref)
    if attempts.of_transaction(tx, operator, line.operator_ref) is not None:
        raise OwnedError(operator)
    first = alarms.raise_(tx, operator, line.line_key, ALARM, context.now())
    lines = statements.of_nobody(tx, operator, line.operator_ref)
    reversed_ = any(one.kind is LineKind.REVERSAL for one in lines)
    credits_ = [one for one in lines if one.kind is LineKind.CREDIT]
    live = credits_[0].francs if credits_ and not reversed_ else 0
    wanted = unowned_entries(operator, line.operator_ref, live)
    posted = books.unowned(tx, operator, line.operator_ref)
    books.post(tx, corrections(wanted, posted), context.now())
    if live:
        _tell(context, tx, operator, line)
    return first


def release(context: Context, tx: Tx, operator: str, operator_ref: str) -> list[Evidence]:
    """Take out of the books what turns out to be an attempt's, which books it itself.

    Return what statements have said of it already: a reversal may be told before its payment.
    """
    _one_at_a_time(context, tx, operator, operator_ref)
    posted = books.unowned(tx, operator, operator_ref)
    books.post(tx, corrections([], posted), context.now())
    return [evidence_of(line) for line in statements.of_nobody(tx, operator, operator_ref)]


def listed(context: Context) -> list[Stated]:
    """Return what is kept apart for nobody, oldest first."""
    with context.db.begin() as tx:
        return statements.unowned(tx)


def _one_at_a_time(context: Context, tx: Tx, operator: str, operator_ref: str) -> None:
    """Let nobody find an owner while another finds none: each would book the same money."""
    context.db.one_at_a_time(tx, f"transaction {operator} {operator_ref}")


def _tell(context: Context, tx: Tx, operator: str, line: Line) -> None:
    """Tell whoever was told to dial; others paid without us, and expect no message of ours."""
    payer = expected.printed(line.payer)
    if payer is None or operator not in context.operators:
        return
    patience = _LATE * timedelta(seconds=context.operators[operator].capabilities.expiry)
    lang = expectations.told_in(tx, operator, payer, line.at - patience)
    if lang is not None:
        tell.unowned(context, tx, operator, line, payer=payer, lang=lang)
