"""Handing one queued message to a provider, and again with the same text until one has taken it.

`SENDING` is committed before the call: found again, it means the call's outcome is unknown. What
may have left is waited for (a delivery report ends the doubt), then sent again by another provider
where the text may be read twice; where it may not, only a report ends the doubt. What cannot have
left goes to another provider soon.
"""

from datetime import datetime, timedelta

from domain import gsm7
from sms import failover, notices
from sms.gateway import Refused, Result, Sent, Unknown
from ussd_app.store import messages, outbox, sendings, weights
from ussd_app.store.database import Tx
from ussd_app.store.messages import Message, MessageStatus
from ussd_app.store.outbox import Claim
from ussd_app.store.sendings import Handing
from ussd_app.usecases.carry import carry
from ussd_app.usecases.context import Context

_WAITS_S = (2, 5, 15, 60, 300)  # after each failed try; the last one repeats
_TRIES_MAX = 48
_OVER = frozenset({MessageStatus.SENT, MessageStatus.REFUSED})


def send(context: Context, claim: Claim) -> None:
    """Send the message of `claim` once.

    Raises:
        LostClaimError: another worker has taken over.
    """
    now = context.now()
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        message = messages.get(tx, int(claim.ref))
        if message.status in _OVER or not _is_wanted(tx, message, now):
            return outbox.release(tx, claim, None)
        morning = context.sms.night and context.sms.night.end(now)
        if morning and notices.can_wait(message.template):
            return outbox.release(tx, claim, morning)
        chosen = _choose(context, tx, message)
        provider = context.sms.by_code[chosen]
        key = context.keys.of("sms", claim.ref, str(claim.version))
        name = key if provider.named else None
        handing = Handing(message.message_id, chosen, name, gsm7.segments(message.text))
        sending_id = sendings.begin(tx, handing, now)
        messages.set_status(tx, message.message_id, MessageStatus.SENDING)
    result = carry(context, provider, message.recipient, message.text, key)
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        sendings.end(tx, sending_id, result, provider.price)
        return outbox.release(tx, claim, _record(context, tx, claim, message, result))


def _is_wanted(tx: Tx, message: Message, now: datetime) -> bool:
    """Whether the message is still to be sent: not if it arrived, or must not be sent again."""
    if message.status is MessageStatus.QUEUED:
        return True
    provider_id = sendings.arrived(tx, message.message_id)
    if provider_id is not None:
        messages.set_status(
            tx, message.message_id, MessageStatus.SENT, now=now, provider_id=provider_id
        )
        return False
    last = sendings.last(tx, message.message_id)
    if notices.may_repeat(message.template) or last is None or not last.may_have_left:
        return True
    messages.set_status(tx, message.message_id, MessageStatus.UNKNOWN, reason="not repeated")
    return False


def _choose(context: Context, tx: Tx, message: Message) -> str:
    configured = context.sms.weights
    if len(configured) == 1:
        return next(iter(configured))
    silent = sendings.last(tx, message.message_id)
    return failover.choose(
        weights.read(tx, configured), context.below, silent.provider if silent else ""
    )


def _record(
    context: Context, tx: Tx, claim: Claim, message: Message, result: Result
) -> datetime | None:
    """Write how it went; return when the message is looked at again."""
    now, message_id = context.now(), message.message_id
    match result:
        case Sent(provider_id):
            messages.set_status(
                tx, message_id, MessageStatus.SENT, now=now, provider_id=provider_id
            )
        case Refused(reason):
            messages.set_status(tx, message_id, MessageStatus.REFUSED, reason=reason)
        case Unknown(reason, left):
            messages.set_status(tx, message_id, MessageStatus.UNKNOWN, reason=reason)
            if claim.tries < _TRIES_MAX:
                wait = float(_WAITS_S[min(claim.tries, len(_WAITS_S)) - 1])
                if left:
                    wait = max(wait, context.sms.policy.patience)
                return now + timedelta(seconds=wait)
    return None
