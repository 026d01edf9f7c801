"""More callers than a channel may bring at once: each is answered, and asked to call again."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ussd_app.store.redis import Unreachable
from ussd_app.usecases.context import Context

_SECONDS = 2  # that a second's counter is kept for
_inside: Counter[str] = Counter()  # turns of this process now, by channel
_door = Lock()


@contextmanager
def place(context: Context) -> Iterator[bool]:
    """Say whether there is room for one more turn on the channel, and hold its place."""
    channel = context.channel
    with _door:
        room = not channel.at_once or _inside[channel.name] < channel.at_once
        _inside[channel.name] += room
    try:
        yield room and _in_time(context)
    finally:
        with _door:
            _inside[channel.name] -= room


def _in_time(context: Context) -> bool:
    """Whether this second has room; nobody is sent away for want of a counter."""
    channel = context.channel
    if not channel.rate:
        return True
    second = int(context.now().timestamp())
    try:
        return context.redis.count(f"rate:{channel.name}:{second}", _SECONDS) <= channel.rate
    except Unreachable:
        return True
