"""The citizen: opens the link found in an SMS, and types there the number it was sent to."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import urllib3

from simulators.orange_web.bank import Bank
from simulators.serving import HOST

Message = dict[str, Any]
EVERY: Final = timedelta(seconds=0.5)
_TIMEOUT_SECONDS = 1.0


class Citizen:
    """Everybody who has a telephone: `inbox` lists the SMS delivered so far, oldest first."""

    def __init__(
        self,
        bank: Bank,
        clock: Callable[[], datetime],
        inbox: Callable[[], Sequence[Message]],
    ) -> None:
        self._bank = bank
        self._clock = clock
        self._inbox = inbox
        self._looked = clock() - EVERY
        self._read = 0

    def look(self) -> None:
        """Read the new messages: now and then, and if there is a page to be opened at all."""
        now = self._clock()
        if now - self._looked < EVERY or not (waiting := self._bank.waiting()):
            return
        self._looked = now
        messages = self._inbox()
        if len(messages) < self._read:  # the centre has begun anew
            self._read = 0
        for message in messages[self._read :]:
            for pay_token in waiting:
                if pay_token in message["text"]:
                    self._bank.pay(pay_token, message["to"].removeprefix("+223"))
        self._read = len(messages)


def outbox_of(port: int) -> Callable[[], Sequence[Message]]:
    """Return the inbox of all telephones of the SMS centre on a port of 127.0.0.1."""
    http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)

    def inbox() -> Sequence[Message]:
        with suppress(urllib3.exceptions.HTTPError, ValueError):
            messages = json.loads(http.request("GET", f"http://{HOST}:{port}/outbox").data)
            return messages if isinstance(messages, list) else ()
        return ()

    return inbox
