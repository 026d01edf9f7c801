"""Handing one queued message to the provider, and again with the same text until it is taken.

`SENDING` is committed before the call: found again, it means the call's outcome is unknown, and
the text may simply be sent again, for every text of ours may be read twice.
"""

from datetime import timedelta

from sms.gateway import Refused, Sent, Unknown
from ussd_app.store import messages, outbox
from ussd_app.store.messages import MessageStatus
from ussd_app.store.outbox import Claim
from ussd_app.usecases.context import Context

_WAITS_S = (2, 5, 15, 60, 300)  # after each failed try; the last one repeats
_TRIES_MAX = 48


def send(context: Context, claim: Claim) -> None:
    """Send the message of `claim` once.

    Raises:
        LostClaimError: another worker has taken over.
    """
    message_id = int(claim.ref)
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        message = messages.get(tx, message_id)
        if message.status in {MessageStatus.SENT, MessageStatus.REFUSED}:
            return outbox.release(tx, claim, None)
        messages.set_status(tx, message_id, MessageStatus.SENDING)
    outcome = context.gateway.send(message.recipient, message.text)
    return _record(context, claim, message_id, outcome)


def _record(
    context: Context, claim: Claim, message_id: int, outcome: Sent | Refused | Unknown
) -> None:
    now = context.now()
    due_at = None
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        match outcome:
            case Sent(provider_id):
                messages.set_status(
                    tx, message_id, MessageStatus.SENT, now=now, provider_id=provider_id
                )
            case Refused(reason):
                messages.set_status(tx, message_id, MessageStatus.REFUSED, reason=reason)
            case Unknown(reason):
                messages.set_status(tx, message_id, MessageStatus.UNKNOWN, reason=reason)
                if claim.tries < _TRIES_MAX:
                    wait = _WAITS_S[min(claim.tries, len(_WAITS_S)) - 1]
                    due_at = now + timedelta(seconds=wait)
        outbox.release(tx, claim, due_at)
