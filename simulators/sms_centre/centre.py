"""Messages on their way and messages delivered, and the faults that await the next sends."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain import gsm7
from simulators.clock import iso

DELIVERY_DELAY: Final = timedelta(seconds=0.3)


class Fault(StrEnum):
    """What can befall a send."""

    BREAKS = "500"  # HTTP 500, nothing is sent
    TIMEOUT = "timeout"  # no answer in useful time, yet the message is delivered
    REJECT = "reject"  # 201, but the recipient has asked for no more messages
    DOWN = "down"  # 503 for this send and all others, until `up`


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one number; `due` and `delivered` (UTC) are when it should and did arrive."""

    id: str
    to: str
    sender: str
    text: str
    due: datetime
    delivered: datetime | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "to": self.to,
            "from": self.sender,
            "text": self.text,
            "at": self.delivered and iso(self.delivered),
            "encoding": gsm7.encoding(self.text),
            "segments": gsm7.segments(self.text),
        }


class Centre:
    """All state of the simulated centre, behind one lock."""

    def __init__(self, clock: Callable[[], datetime], mint: Callable[[], str]) -> None:
        """Take the clock (UTC) and the source of message ids."""
        self._clock = clock
        self._mint = mint
        self._lock = threading.Lock()
        self._under_way: deque[Message] = deque()
        self._outbox: list[Message] = []
        self._faults: deque[Fault] = deque()
        self._down = False

    def accept(self, to: str, sender: str, text: str) -> str:
        """Take charge of one message, delivered DELIVERY_DELAY later; return its id."""
        with self._lock:
            message = Message(self._mint(), to, sender, text, self._clock() + DELIVERY_DELAY)
            self._under_way.append(message)
            return message.id

    def advance(self) -> list[Message]:
        """Deliver what is due by now, in order of acceptance; return it."""
        with self._lock:
            now = self._clock()
            arrived = []
            while self._under_way and self._under_way[0].due <= now:
                due = self._under_way.popleft()
                arrived.append(Message(due.id, due.to, due.sender, due.text, due.due, now))
            self._outbox += arrived
            return arrived

    def outbox(self, to: str | None = None) -> list[dict[str, object]]:
        """Return what was delivered, to one number or to all, oldest first."""
        with self._lock:
            return [message.as_json() for message in self._outbox if to in {None, message.to}]

    def expect(self, faults: Sequence[Fault]) -> None:
        """Let `faults` befall the next sends, one each, after those already expected."""
        with self._lock:
            self._faults.extend(faults)

    def up(self) -> None:
        """End `down`; the faults still expected stay."""
        with self._lock:
            self._down = False

    def next_fault(self) -> Fault | None:
        """Consume the fault of the send that has just begun."""
        with self._lock:
            if not self._down and self._faults:
                fault = self._faults.popleft()
                self._down = fault is Fault.DOWN
                return fault
            return Fault.DOWN if self._down else None
