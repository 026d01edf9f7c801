"""The handsets, their sessions and their messages; what is on its way to the other side."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from domain import gsm7
from simulators.clock import iso
from simulators.smsc import alphabet
from simulators.smsc.wire import (
    BAD_DESTINATION,
    BAD_VALUE,
    FAILED,
    OK,
    OPERATION,
    PAYLOAD,
    RECEIPTED,
    REFERENCE,
    SESSION,
    STATE,
    Text,
)

BEGINS, ANSWERS, ASKS, ENDS, ABORTS = 1, 18, 2, 17, 0x81
AGAIN: Final = timedelta(seconds=0.2)
LATE: Final = timedelta(seconds=1.5)
_PART: Final = {0: 153, 8: 134}
_WHOLE: Final = {0: 160, 8: 140}


class BusyError(Exception):
    """The handset cannot do that now."""


@dataclass(slots=True)
class Handset:
    """A telephone: one session at a time."""

    number: str
    screens: list[str] = field(default_factory=list)
    session: int = 0
    code: str = ""
    is_open: bool = False
    awaits: bool = False  # the other side's screen

    def as_json(self) -> dict[str, object]:
        screen = self.screens[-1] if self.screens else ""
        return {
            "screen": screen,
            "screens": self.screens,
            "open": self.is_open,
            "awaits": self.awaits,
        }


@dataclass(slots=True)
class Delivery:
    """Something for the other side, until it has taken it."""

    text: Text
    due: datetime
    tries: int = 0


class Centre:
    """All state of the centre, behind one lock.

    `names` is the rule by which sessions are named: `its_session_info` (all but its last bit) or
    `user_message_reference`. `receipts` are `text` or `parameters`.
    """

    def __init__(self, clock: Callable[[], datetime], names: str, receipts: str) -> None:
        self._clock = clock
        self._tag = REFERENCE if names == "user_message_reference" else SESSION
        self._receipts = receipts
        self._lock = threading.RLock()
        self._handsets: dict[str, Handset] = {}
        self._deliveries: deque[Delivery] = deque()
        self._parts: dict[tuple[str, int], dict[int, str]] = {}
        self._outbox: list[dict[str, object]] = []
        self._count = 0

    def handset(self, number: str) -> Handset:
        with self._lock:
            return self._handsets.setdefault(number, Handset(number))

    def dial(self, number: str, code: str) -> None:
        """Begin a session; one that is open is forgotten, as when the network has lost it."""
        with self._lock:
            handset = self.handset(number)
            handset.session = handset.session % 1000 + 1
            handset.code, handset.is_open, handset.awaits = code, True, True
            self._say(handset, BEGINS, code)

    def type(self, number: str, answer: str) -> None:
        """Answer the screen.

        Raises:
            BusyError: there is none to answer.
        """
        with self._lock:
            handset = self.handset(number)
            if not handset.is_open or handset.awaits:
                raise BusyError
            handset.awaits = True
            self._say(handset, ANSWERS, answer)

    def hang_up(self, number: str) -> None:
        with self._lock:
            handset = self.handset(number)
            if handset.is_open:
                handset.is_open = handset.awaits = False
                self._say(handset, ABORTS, "")

    def write(self, number: str, to: str, words: str) -> None:
        """Send an SMS to the other side, in as many parts as it takes."""
        coding, octets = alphabet.write(words)
        with self._lock:
            if len(octets) <= _WHOLE[coding]:
                return self._queue(Text(number, to, octets, coding))
            self._count += 1
            size = _PART[coding]
            pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
            for place, piece in enumerate(pieces, 1):
                head = bytes((5, 0, 3, self._count % 256, len(pieces), place))
                self._queue(Text(number, to, head + piece, coding, esm=0x40))
            return None

    def submit(self, text: Text) -> tuple[int, str]:
        """Take a message of the other side's: a screen or an SMS. Return status and id."""
        with self._lock:
            self._count += 1
            if OPERATION in text.more:
                return self._show(text), f"{self._count:08X}"
            try:
                self._arrive(text)
            except (ValueError, IndexError):
                return FAILED, ""
            return OK, f"{self._count:08X}"

    def receipt(self, text: Text, message_id: str, *, late: bool = False) -> None:
        """Say that a message was delivered."""
        now = self._clock()
        words = (
            f"id:{message_id} sub:001 dlvrd:001 submit date:{now:%y%m%d%H%M} "
            f"done date:{now:%y%m%d%H%M} stat:DELIVRD err:000 text:"
        )
        told = Text(text.receiver, text.sender, words.encode("ascii"), 0, esm=0x04)
        if self._receipts == "parameters":
            more = {RECEIPTED: message_id.encode() + b"\0", STATE: b"\x02"}
            told = Text(text.receiver, text.sender, b"", 0, esm=0x04, more=more)
        with self._lock:
            self._deliveries.append(Delivery(told, now + (LATE if late else timedelta())))

    def due(self) -> Delivery | None:
        """Take out the first thing due for the other side."""
        with self._lock:
            for delivery in self._deliveries:
                if delivery.due <= self._clock():
                    self._deliveries.remove(delivery)
                    delivery.tries += 1
                    return delivery
            return None

    def put_back(self, delivery: Delivery) -> None:
        """It was not taken: it goes again, before what came after it."""
        with self._lock:
            delivery.due = self._clock() + AGAIN
            self._deliveries.appendleft(delivery)

    def outbox(self, to: str | None) -> list[dict[str, object]]:
        with self._lock:
            return [message for message in self._outbox if to in {None, message["to"]}]

    def _queue(self, text: Text) -> None:
        self._deliveries.append(Delivery(text, self._clock()))

    def _say(self, handset: Handset, operation: int, words: str) -> None:
        coding, octets = alphabet.write(words)
        more = {OPERATION: bytes((operation,)), self._tag: self._mark(handset, operation == ABORTS)}
        service = handset.code.strip("*#").split("*")[0]
        text = Text(handset.number, service, octets, coding, service="USSD", more=more)
        self._queue(text)

    def _mark(self, handset: Handset, ends: bool) -> bytes:  # noqa: FBT001 - one bit of two octets
        if self._tag == REFERENCE:
            return handset.session.to_bytes(2, "big")
        return (handset.session << 1 | ends).to_bytes(2, "big")

    def _show(self, text: Text) -> int:
        handset = self._handsets.get(text.receiver)
        operation = int.from_bytes(text.more[OPERATION], "big")
        if handset is None:
            return BAD_DESTINATION
        ends = operation == ENDS
        if operation not in {ASKS, ENDS} or text.more.get(self._tag) != self._mark(handset, ends):
            return BAD_VALUE
        if not handset.is_open:
            return FAILED
        try:
            words = alphabet.read(text.coding, text.octets)
        except ValueError:
            return FAILED
        handset.screens.append(words)
        handset.is_open, handset.awaits = not ends, False
        return OK

    def _arrive(self, text: Text) -> None:
        octets = text.octets or text.more.get(PAYLOAD, b"")
        if not text.esm & 0x40:
            return self._keep(text, alphabet.read(text.coding, octets), 1)
        size, _, _, number, total, place = octets[:6]
        if size != 5 or not 1 <= place <= total:  # noqa: PLR2004 - the header we know
            raise ValueError("no header")
        parts = self._parts.setdefault((text.receiver, number), {})
        parts[place] = alphabet.read(text.coding, octets[6:])
        if len(parts) == total:
            del self._parts[text.receiver, number]
            self._keep(text, "".join(parts[at] for at in sorted(parts)), total)
        return None

    def _keep(self, text: Text, words: str, parts: int) -> None:
        self._outbox.append(
            {
                "to": f"+{text.receiver.lstrip('+')}",
                "from": text.sender,
                "text": words,
                "at": iso(self._clock()),
                "encoding": gsm7.encoding(words),
                "segments": parts,
            }
        )
