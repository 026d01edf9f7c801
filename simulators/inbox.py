"""The SMS of all simulated citizens, as those who open a link or dial a code read them."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import urllib3

from simulators.serving import HOST

Message = dict[str, Any]
EVERY: Final = timedelta(seconds=0.5)
_TIMEOUT_SECONDS = 1.0


class Inbox:
    """Each message once, and a look now and then: `listed` says all delivered so far, in order."""

    def __init__(
        self, clock: Callable[[], datetime], listed: Callable[[], Sequence[Message]]
    ) -> None:
        self._clock = clock
        self._listed = listed
        self._looked = clock() - EVERY
        self._read = 0

    def is_due(self) -> bool:
        """Whether it is time to look again."""
        return self._clock() - self._looked >= EVERY

    def unread(self) -> Iterator[Message]:
        """Look, and yield what has come since the last time."""
        self._looked = self._clock()
        messages = self._listed()
        if len(messages) < self._read:  # the centre has begun anew
            self._read = 0
        yield from messages[self._read :]
        self._read = len(messages)


def outbox_of(port: int) -> Callable[[], Sequence[Message]]:
    """Return what lists the SMS delivered by the centre on a port of 127.0.0.1, oldest first."""
    http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)

    def listed() -> Sequence[Message]:
        with suppress(urllib3.exceptions.HTTPError, ValueError):
            messages = json.loads(http.request("GET", f"http://{HOST}:{port}/outbox").data)
            return messages if isinstance(messages, list) else ()
        return ()

    return listed
