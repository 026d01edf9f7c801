"""A provider reports how a message fared: evidence about the message, never about a payment."""

from ussd_app.store import messages
from ussd_app.usecases.context import Context


def take_delivery(context: Context, provider_id: str, word: str, reason: str) -> None:
    """Keep a delivery report, once a word; it may come before our own record of the sending."""
    with context.db.begin() as tx:
        messages.report_delivery(tx, provider_id, word, reason or None, context.now())
