"""A provider reports how messages fared: evidence about them, never about a payment.

A text whose sending was never answered, and that arrived all the same, is not sent again. Where the
report names an id nobody knows, its number tells which text it is, if only one is in question.
"""

from collections.abc import Iterable

from domain.msisdn import Msisdn
from sms.gateway import Report, Verdict
from ussd_app.store import messages, sendings
from ussd_app.store.database import Tx
from ussd_app.usecases.context import Context


def take_delivery(context: Context, provider: str, reports: Iterable[Report]) -> None:
    """Keep delivery reports, once a word; they may come before our own record of the sending."""
    with context.db.begin() as tx:
        for report in reports:
            sendings.keep_report(tx, provider, report, context.now())
            if report.verdict is Verdict.DELIVERED:
                _end_doubt(context, tx, provider, report)


def _end_doubt(context: Context, tx: Tx, provider: str, report: Report) -> None:
    now, provider_id = context.now(), report.provider_id
    message_id = sendings.told_of(tx, provider, provider_id)
    if message_id is None:
        to = _number(report.number)
        message_id = None if to is None else sendings.adopt(tx, provider, provider_id, to, now)
    if message_id is not None:
        messages.known_to_have_left(tx, message_id, provider_id, now)


def _number(text: str) -> Msisdn | None:
    try:
        return Msisdn.parse(text if text.startswith("+") else f"+{text}")
    except ValueError:
        return None
