"""The client's side of one bound link, as a machine: octets and the time in, octets and events out.

Rules:
- Nothing is sent before the bind is accepted, and never more than `window` requests of ours wait
  for an answer.
- A message that the centre asks to hold back (throttled, queue full) goes again, later and later,
  a few times. Nothing else is ever sent twice: a message without an answer is left to its owner.
- A deliver_sm is answered when its owner says so. If it comes again on this link, the same octets
  under the same number, nobody hears of it; it gets the same answer, unless that was to come again.
- What the centre answers to a later request of ours proves that it has read the answers before
  it: they are told as `Settled`. Where somebody needs to know, an enquire_link asks for that.
- Silence is asked after with enquire_link; who does not answer that is gone.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from smpp.codec import Frames, decode, encode
from smpp.pdu import Accepted, Body, Command, Pdu, PduError, ShortMessage, Status
from smpp.terms import Answered, Bound, Delivered, Event, Left, Settled, Terms

SEQUENCE_MAX = 0x7FFFFFFF
_REMEMBERED_MAX = 256
_HOLD_BACK = frozenset({Status.THROTTLED, Status.QUEUE_FULL})


@dataclass(slots=True)
class _Submit:
    ticket: int
    message: ShortMessage = field(repr=False)
    tries: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class _Asked:
    """A request of ours that waits for its answer."""

    command: Command
    until: float
    submit: _Submit | None = None


class Conversation:
    """See the module. `dice` returns a number from 0 to 1."""

    def __init__(self, terms: Terms, dice: Callable[[], float]) -> None:
        self._terms = terms
        self._dice = dice
        self._frames = Frames()
        self._out = bytearray()
        self._sequence = 0
        self._asked: dict[int, _Asked] = {}
        self._waiting: deque[_Submit] = deque()
        # What was delivered: its octets, and the answer once there is one.
        self._delivered: OrderedDict[int, tuple[bytes, int | None]] = OrderedDict()
        self._unsettled: deque[tuple[int, int]] = deque()  # our next request then, its sequence
        self._owed = 0
        self._heard_at = 0.0
        self._bound = False
        self._over = False

    @property
    def is_bound(self) -> bool:
        """Whether messages can be sent."""
        return self._bound and not self._over

    def begin(self, now: float) -> None:
        """Ask to be bound."""
        self._heard_at = now
        self._ask(Command.BIND_TRANSCEIVER, now, self._terms.bind)

    def submit(self, ticket: int, message: ShortMessage, now: float) -> bool:
        """Take a message to be sent; its `Answered` bears the ticket. False: there is no room.

        Raises:
            PduError: it does not fit into a PDU.
        """
        encode(Pdu(Command.SUBMIT_SM, 0, message))
        taken = self.is_bound and len(self._waiting) < self._terms.queue
        if taken:
            self._waiting.append(_Submit(ticket, message))
            self._send_waiting(now)
        return taken

    def answer(self, sequence: int, status: int, now: float, *, told: bool = False) -> None:
        """Answer a deliver_sm; `told`: say soon that the centre has read this."""
        known = self._delivered.get(sequence)
        if known is None or self._over:
            return
        self._owed -= known[1] is None
        self._delivered[sequence] = (known[0], status)
        self._respond(Command.DELIVER_SM, sequence, status)
        if told:
            self._unsettled.append((self._sequence + 1, sequence))
            self._hasten(now)

    def leave(self, now: float) -> None:
        if self.is_bound:
            self._bound = False
            self._ask(Command.UNBIND, now)

    def to_send(self) -> bytes:
        out = bytes(self._out)
        self._out.clear()
        return out

    def take(self, data: bytes, now: float) -> list[Event]:
        """Take what has come in."""
        events: list[Event] = []
        self._heard_at = now
        try:
            for frame in self._frames.feed(data):
                if not self._over:
                    self._take(frame, now, events)
        except PduError as error:  # where the next PDU begins is not known any more
            self._put(Command.GENERIC_NACK, error.sequence, None, error.status)
            self._end(str(error), events)
        self._send_waiting(now)
        return events

    def tick(self, now: float) -> list[Event]:
        """Let time pass."""
        events: list[Event] = []
        for sequence in [key for key, one in self._asked.items() if one.until <= now]:
            asked = self._asked.pop(sequence)
            if asked.submit is None:
                self._end(f"no answer to {asked.command.name.lower()}", events)
                return events
            events.append(Answered(asked.submit.ticket, None))
        if now - self._heard_at >= self._terms.enquire_every:
            self._hasten(now)
        self._send_waiting(now)
        return events

    def lose(self, reason: str) -> list[Event]:
        """The link is lost: nobody knows what became of what was sent."""
        events: list[Event] = []
        self._end(reason, events)
        return events

    def _hasten(self, now: float) -> None:
        asked = any(one.command is Command.ENQUIRE_LINK for one in self._asked.values())
        if self.is_bound and not asked:
            self._ask(Command.ENQUIRE_LINK, now)

    def _take(self, frame: bytes, now: float, events: list[Event]) -> None:
        try:
            pdu = decode(frame)
        except PduError as error:
            if not frame[4] & 0x80:  # a response is never answered
                self._put(Command.GENERIC_NACK, error.sequence, None, error.status)
            return
        if pdu.command.answers:
            self._answered(pdu, now, events)
            return
        match pdu.command:
            case Command.DELIVER_SM:
                self._take_delivery(pdu, frame, events)
            case Command.ENQUIRE_LINK:
                self._respond(pdu.command, pdu.sequence, Status.OK)
            case Command.UNBIND:
                self._respond(pdu.command, pdu.sequence, Status.OK)
                self._end("unbound by the centre", events)
            case _:  # the centre has no business asking that
                self._put(Command.GENERIC_NACK, pdu.sequence, None, Status.COMMAND)

    def _take_delivery(self, pdu: Pdu, frame: bytes, events: list[Event]) -> None:
        known = self._delivered.get(pdu.sequence)
        if known is not None and known[0] == frame and known[1] != Status.COME_AGAIN:
            if known[1] is not None:
                self._respond(pdu.command, pdu.sequence, known[1])
            return
        if not isinstance(pdu.body, ShortMessage):
            return
        if self._owed >= self._terms.unanswered:
            self._respond(pdu.command, pdu.sequence, Status.QUEUE_FULL)
            return
        self._owed += known is None or known[1] is not None
        self._delivered[pdu.sequence] = (frame, None)
        self._delivered.move_to_end(pdu.sequence)
        if len(self._delivered) > _REMEMBERED_MAX + self._terms.unanswered:
            self._owed -= self._delivered.popitem(last=False)[1][1] is None
        events.append(Delivered(pdu.sequence, pdu.body))

    def _answered(self, pdu: Pdu, now: float, events: list[Event]) -> None:
        asked = self._asked.get(pdu.sequence)
        refused = pdu.command is Command.GENERIC_NACK
        if asked is None or not (refused or pdu.command is asked.command.response):
            return
        if refused and pdu.status == Status.OK:
            pdu = replace(pdu, status=Status.SYSTEM_ERROR)
        del self._asked[pdu.sequence]
        while self._unsettled and self._unsettled[0][0] <= pdu.sequence:
            events.append(Settled(self._unsettled.popleft()[1]))
        if self._unsettled:
            self._hasten(now)
        if asked.submit is not None:
            self._submitted(asked.submit, pdu, now, events)
        elif asked.command is Command.BIND_TRANSCEIVER and pdu.status == Status.OK:
            self._bound = True
            events.append(Bound())
        elif asked.command is Command.BIND_TRANSCEIVER:
            self._end(f"bind refused: {pdu.status:#x}", events)
        elif asked.command is Command.UNBIND:
            self._end("unbound", events)

    def _submitted(self, submit: _Submit, pdu: Pdu, now: float, events: list[Event]) -> None:
        if pdu.status in _HOLD_BACK and submit.tries < self._terms.tries:
            pause = self._terms.held_back * 2 ** (submit.tries - 1)
            submit.not_before = now + pause * (1 + self._dice())
            self._waiting.appendleft(submit)
            return
        message_id = pdu.body.name if isinstance(pdu.body, Accepted) else ""
        events.append(Answered(submit.ticket, pdu.status, message_id))

    def _send_waiting(self, now: float) -> None:
        """Send in order: what must wait holds up what comes after it, for it is the rate."""
        while self.is_bound and self._waiting and self._waiting[0].not_before <= now:
            if len(self._asked) >= self._terms.window:
                return
            submit = self._waiting.popleft()
            submit.tries += 1
            sequence = self._ask(Command.SUBMIT_SM, now, submit.message)
            self._asked[sequence].submit = submit

    def _ask(self, command: Command, now: float, body: Body = None) -> int:
        self._sequence = self._sequence % SEQUENCE_MAX + 1
        self._asked[self._sequence] = _Asked(command, now + self._terms.answer_within)
        self._put(command, self._sequence, body)
        return self._sequence

    def _respond(self, command: Command, sequence: int, status: int) -> None:
        body = Accepted() if command is Command.DELIVER_SM else None
        self._put(command.response, sequence, body, status)

    def _put(self, command: Command, sequence: int, body: Body, status: int = Status.OK) -> None:
        self._out += encode(Pdu(command, sequence, body, status))

    def _end(self, reason: str, events: list[Event]) -> None:
        if self._over:
            return
        self._over, self._bound = True, False
        sent = [one.submit for one in self._asked.values() if one.submit is not None]
        events.extend(Answered(submit.ticket, None) for submit in sent)
        events.extend(Answered(submit.ticket, None, left=False) for submit in self._waiting)
        self._asked.clear()
        self._waiting.clear()
        events.append(Left(reason))
