"""Keeping a link to a centre, and what comes and goes on it.

One thread holds the connection (`run`); a few others do what a message asks for. A deliver_sm is
answered once its handler has returned, that is, committed; if the handler raises, or the process
dies, the centre keeps the message and brings it again. A lost link is opened again, later and
later. A message of ours without an answer is told as unknown, and never sent again from here.
"""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from smpp import delivery, segments, ussd
from smpp.conversation import Conversation
from smpp.pdu import PduError, ShortMessage, Status
from smpp.terms import Answered, Bound, Delivered, Event, Left, Settled
from smpp.ussd import Heard, Rules
from ussd_app.links.port import Handler, Link, Screen
from ussd_app.links.wire import Wire

_CONNECT_S = 10.0
_TICK_S = 0.1
_FAREWELL_S = 3.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 60.0
_log = structlog.get_logger(__name__)


class Session:
    """See the module. `clock` is monotonic seconds, `dice` a number from 0 to 1."""

    def __init__(
        self,
        link: Link,
        handler: Handler,
        clock: Callable[[], float],
        dice: Callable[[], float],
    ) -> None:
        self._link = link
        self._handler = handler
        self._clock = clock
        self._dice = dice
        self._lock = threading.Lock()
        self._conversation = Conversation(link.terms, dice)
        self._wire: Wire | None = None
        self._stopped = threading.Event()
        self._tickets = itertools.count(1)
        self._futures: dict[int, Future[Answered]] = {}
        self._texts: dict[int, ShortMessage] = {}  # answered SMS that are not settled yet
        self._busy = 0
        self._failures = 0

    @property
    def is_bound(self) -> bool:
        """Whether the centre has accepted us."""
        with self._lock:
            return self._conversation.is_bound

    def run(self) -> None:
        """Hold the link until `stop`: what has begun is finished first."""
        with ThreadPoolExecutor(self._link.threads, "smpp") as self._pool:
            while not self._stopped.is_set():
                try:
                    wire = Wire.connect(self._link.where, _CONNECT_S)
                except OSError as error:
                    _log.warning("smpp_no_connection", error=type(error).__name__)
                else:
                    self._hold(wire)
                self._stopped.wait(self._pause())

    def stop(self) -> None:
        """End `run` soon. May be called from a signal's handler."""
        self._stopped.set()
        wire = self._wire
        if wire is not None:
            wire.wake()

    def submit(self, message: ShortMessage) -> Future[Answered]:
        """Send a message; what became of it is told once, whatever happens.

        Raises:
            PduError: it does not fit into a PDU.
        """
        return self._submit(self._conversation, message)

    def _submit(self, conversation: Conversation, message: ShortMessage) -> Future[Answered]:
        future: Future[Answered] = Future()
        with self._lock:
            ticket = next(self._tickets)
            taken = conversation.submit(ticket, message, self._clock())
            if taken:
                self._futures[ticket] = future
        if not taken:
            future.set_result(Answered(ticket, None, left=False))
        self._wake()
        return future

    def _hold(self, wire: Wire) -> None:
        with self._lock:
            self._conversation = Conversation(self._link.terms, self._dice)
            self._conversation.begin(self._clock())
            self._texts.clear()
            self._wire = wire
        leave_by = None
        over = False
        try:
            while not over:
                over = self._dispatch(self._exchange(wire))
                if self._stopped.is_set() and self._has_finished():
                    leave_by = leave_by or self._leave()
                    over = over or self._clock() > leave_by
            wire.exchange(self._to_send(), 0.0)
        except OSError as error:
            with self._lock:
                events = self._conversation.lose(type(error).__name__)
            self._dispatch(events)
        finally:
            self._wire = None
            with self._lock:
                events = self._conversation.lose("closed")
            self._dispatch(events)
            wire.close()

    def _exchange(self, wire: Wire) -> list[Event]:
        data = wire.exchange(self._to_send(), _TICK_S)
        now = self._clock()
        with self._lock:
            events = self._conversation.take(data, now) if data else []
            return events + self._conversation.tick(now)

    def _to_send(self) -> bytes:
        with self._lock:
            return self._conversation.to_send()

    def _dispatch(self, events: list[Event]) -> bool:
        """Act on what was told; True when the link is over."""
        over = False
        for event in events:
            match event:
                case Bound():
                    self._failures = 0
                    _log.info("smpp_bound")
                case Delivered(sequence, message):
                    at = self._handler.now()
                    self._begin(self._deliver, self._conversation, sequence, message, at)
                case Answered():
                    self._tell(event)
                case Settled(sequence):
                    text = self._texts.pop(sequence, None)
                    if text is not None:
                        self._begin(self._handler.settled, text)
                case Left(reason):
                    _log.info("smpp_left", reason=reason)
                    over = True
        return over

    def _tell(self, answered: Answered) -> None:
        with self._lock:
            future = self._futures.pop(answered.ticket, None)
        if future is not None:
            future.set_result(answered)

    def _begin(self, deed: Callable[..., None], *about: object) -> None:
        with self._lock:
            self._busy += 1
        self._pool.submit(self._do, deed, *about)

    def _do(self, deed: Callable[..., None], *about: object) -> None:
        try:
            deed(*about)
        except Exception as error:  # noqa: BLE001  # one bad message must not end the link
            _log.error("smpp_deed_failed", error=type(error).__name__)
        finally:
            with self._lock:
                self._busy -= 1
            self._wake()

    def _deliver(
        self, conversation: Conversation, sequence: int, message: ShortMessage, at: float
    ) -> None:
        rules = self._link.rules
        reply: tuple[Heard, Screen] | None = None
        status, text = Status.OK, False
        try:
            if rules is not None and ussd.is_ussd(message):
                heard = ussd.hear(message, rules)
                screen = self._handler.ussd(heard, at)
                reply = (heard, screen) if screen else None
            elif ussd.is_ussd(message):
                status = Status.REJECTED  # what is typed in a session is no SMS
            elif report := delivery.read(message):
                self._handler.report(report)
            else:
                segments.part_of(message)
                self._handler.sms(message, at)
                text = True
        except PduError as error:
            _log.warning("smpp_refused", reason=str(error))
            status = Status.REJECTED
        except Exception as error:  # noqa: BLE001  # whatever it was, the centre keeps the message
            _log.error("smpp_not_taken", error=type(error).__name__)
            status = Status.COME_AGAIN
        with self._lock:
            if text and conversation is self._conversation:
                self._texts[sequence] = message
            conversation.answer(sequence, status, self._clock(), told=text)
        self._wake()
        if reply is not None and rules is not None:
            self._show(conversation, *reply, rules)

    def _show(self, conversation: Conversation, heard: Heard, screen: Screen, rules: Rules) -> None:
        """Send a screen on the link its question came by: on another, the question comes again."""
        message = ussd.say(heard, screen.text, rules, ends=screen.ends)
        future = self._submit(conversation, message)
        future.add_done_callback(lambda done: self._taken(done.result(), heard, screen))

    def _taken(self, answered: Answered, heard: Heard, screen: Screen) -> None:
        if answered.status == Status.OK:
            self._begin(self._handler.shown, heard, screen, self._handler.now())
            return
        _log.warning("smpp_screen_not_taken", status=answered.status)
        if answered.status is not None:
            self._begin(self._handler.unseen, heard, screen)

    def _wake(self) -> None:
        wire = self._wire
        if wire is not None:
            wire.wake()

    def _has_finished(self) -> bool:
        with self._lock:
            return not (self._busy or self._futures)

    def _leave(self) -> float:
        now = self._clock()
        with self._lock:
            self._conversation.leave(now)
        return now + _FAREWELL_S

    def _pause(self) -> float:
        longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0**self._failures)
        self._failures = min(self._failures + 1, 16)
        return longest * (1 + self._dice()) / 2
