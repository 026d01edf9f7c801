"""How much is answered: enough for whoever pays, too little for two machines to talk for ever.

Each answer costs a segment, and the sender's number is what the network says it is, no more: a
flood of messages must not become a flood of ours to somebody who never wrote.
"""

from enum import Enum, auto

from sms import keywords
from ussd_app.store.inbound import Waiting
from ussd_app.usecases.context import Context

AN_HOUR = 30  # messages of one number: a payment takes two, the longest request eight
SAME_AN_HOUR = 5  # of them in the same words; a machine that answers us has no others
UNKNOWN_AN_HOUR = 2  # answers to what we do not understand
ABROAD_AN_HOUR = 200  # to numbers of other countries altogether: some cost a hundred times more
_HOUR_S = 3_600


class Leave(Enum):
    """Whether to answer."""

    ANSWER = auto()
    SAY_SO = auto()  # that it was too much: once
    SILENCE = auto()


def leave(context: Context, message: Waiting) -> Leave:
    """Count a message, once, and say whether it is answered.

    Raises:
        Unreachable: nobody can count now.
    """
    if _count(context, "message", str(message.inbound_id)) > 1:
        return Leave.ANSWER  # it could not be answered when it was counted
    sender = context.keys.subscriber(message.sender)
    came = _count(context, "hour", sender)
    if came > AN_HOUR:
        return Leave.SAY_SO if came == AN_HOUR + 1 else Leave.SILENCE
    if not message.sender.malian and _count(context, "abroad") > ABROAD_AN_HOUR:
        return Leave.SILENCE
    words = keywords.plain(message.text)
    if not words.isdigit() and _count(context, "same", sender, words) > SAME_AN_HOUR:
        return Leave.SILENCE
    return Leave.ANSWER


def explains(context: Context, message: Waiting) -> bool:
    """Whether what we do not understand is answered once more.

    Raises:
        Unreachable: nobody can count now.
    """
    return _count(context, "unknown", context.keys.subscriber(message.sender)) <= UNKNOWN_AN_HOUR


def _count(context: Context, what: str, *parts: str) -> int:
    return context.redis.count(f"sms:{context.keys.of('sms', what, *parts)}", _HOUR_S)
