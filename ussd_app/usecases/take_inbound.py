"""Somebody wrote to us: keep it, and have it answered later, however busy the day is.

Nobody answers a name, a short code or ourselves: two machines would talk to each other for ever.
"""

from domain.msisdn import Msisdn
from sms.inbound import Inbound
from ussd_app.store import inbound, outbox
from ussd_app.usecases.context import Context


def take_inbound(context: Context, message: Inbound) -> None:
    """Keep a message once, however often it is brought.

    Raises:
        DatabaseError: it could not be kept; it has to be brought again.
    """
    sender, now = _answerable(message), context.now()
    subscriber = context.keys.subscriber(sender) if sender else ""
    with context.db.begin() as tx:
        if inbound.take(tx, message, sender, subscriber, now) and sender:
            outbox.put(tx, outbox.Kind.INBOUND, subscriber, now)
    context.redis.wake()


def _answerable(message: Inbound) -> Msisdn | None:
    """The number of a person, as some providers write it without its `+`; None for another."""
    for written in (message.sender, f"+{message.sender}"):
        try:
            sender = Msisdn.parse(written)
        except ValueError:
            continue
        return None if message.to.endswith(sender.national) else sender
    return None
