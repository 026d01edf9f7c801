"""Messages on their way and messages delivered, and the faults that await the next sends."""

import threading
from bisect import insort
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain import gsm7
from simulators.clock import iso

DELIVERY_DELAY: Final = timedelta(seconds=0.3)
SLOW_DELAY: Final = timedelta(minutes=10)
AFRICASTALKING: Final = "africastalking"
INFOBIP: Final = "infobip"
ORANGE: Final = "orange"
PROVIDERS: Final = (AFRICASTALKING, INFOBIP, ORANGE)


class Fault(StrEnum):
    """What can befall a send."""

    BREAKS = "500"  # HTTP 500, nothing is sent
    TIMEOUT = "timeout"  # no answer in useful time, yet the message is delivered
    SILENT = "silent"  # no answer in useful time, and nothing is sent
    SLOW = "slow"  # taken as ever, delivered SLOW_DELAY later
    REJECT = "reject"  # answered, but the recipient has asked for no more messages
    DOWN = "down"  # 503 for this send and all others, until `up`


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one number; `due` and `delivered` (UTC) are when it should and did arrive.

    `report_to` is where the sender wants its delivery report, where the provider lets it say so.
    """

    id: str
    to: str
    sender: str
    text: str
    due: datetime
    delivered: datetime | None = None
    provider: str = AFRICASTALKING
    report_to: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "to": self.to,
            "from": self.sender,
            "text": self.text,
            "at": self.delivered and iso(self.delivered),
            "encoding": gsm7.encoding(self.text),
            "segments": gsm7.segments(self.text),
        }


@dataclass(frozen=True, slots=True)
class Handed:
    """A text as one provider took it; without an id of its sender's, the centre makes one."""

    to: str
    sender: str
    text: str
    provider: str = AFRICASTALKING
    id: str = ""
    report_to: str = ""
    fault: Fault | None = None


class Centre:
    """All state of the simulated centre, behind one lock; the providers' faults are their own."""

    def __init__(self, clock: Callable[[], datetime], mint: Callable[[], str]) -> None:
        """Take the clock (UTC) and the source of message ids."""
        self.clock = clock
        self.mint = mint
        self._lock = threading.Lock()
        self._under_way: list[Message] = []
        self._outbox: list[Message] = []
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._lasting: dict[str, Fault] = {}

    def accept(self, handed: Handed) -> str:
        """Take charge of one message, delivered a moment later; return its id."""
        delay = SLOW_DELAY if handed.fault is Fault.SLOW else DELIVERY_DELAY
        with self._lock:
            message = Message(
                handed.id or self.mint(),
                handed.to,
                handed.sender,
                handed.text,
                self.clock() + delay,
                provider=handed.provider,
                report_to=handed.report_to,
            )
            insort(self._under_way, message, key=lambda one: one.due)
            return message.id

    def advance(self) -> list[Message]:
        """Deliver what is due by now, in order of acceptance; return it."""
        with self._lock:
            now = self.clock()
            arrived = []
            while self._under_way and self._under_way[0].due <= now:
                arrived.append(replace(self._under_way.pop(0), delivered=now))
            self._outbox += arrived
            return arrived

    def outbox(self, to: str | None = None) -> list[dict[str, object]]:
        """Return what was delivered, to one number or to all, oldest first."""
        with self._lock:
            return [message.as_json() for message in self._outbox if to in {None, message.to}]

    def expect(self, faults: Sequence[Fault], provider: str = AFRICASTALKING) -> None:
        """Let `faults` befall the next sends by a provider, one each, after those expected."""
        with self._lock:
            self._faults[provider].extend(faults)

    def remain(self, fault: Fault, provider: str = AFRICASTALKING) -> None:
        """Let `fault` befall every send by a provider, until `up`."""
        with self._lock:
            self._lasting[provider] = fault

    def up(self) -> None:
        """End the faults that last; those still expected stay."""
        with self._lock:
            self._lasting.clear()

    def next_fault(self, provider: str = AFRICASTALKING) -> Fault | None:
        """Consume the fault of the send that has just begun."""
        with self._lock:
            if provider not in self._lasting and self._faults[provider]:
                fault = self._faults[provider].popleft()
                if fault is Fault.DOWN:
                    self._lasting[provider] = fault
                return fault
            return self._lasting.get(provider)
