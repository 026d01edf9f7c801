"""The load: subscribers who play sessions over kept connections, in a process of their own.

Closed loop: each subscriber waits for the screen before typing, as people do, so at most as many
requests are under way as there are subscribers. One thread and raw sockets, for what the load
costs is taken from the machine that is measured.
"""

import itertools
import selectors
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from benchmarks.mix import Turn

RECEIVE = 65_536
STALL = 10.0  # seconds without any answer: the server is not there any more


@dataclass(frozen=True)
class Played:
    """What came of it. `latencies` in seconds; `busy` is the load's own share of one core."""

    turns: int
    seconds: float
    busy: float
    latencies: list[float] = field(repr=False)

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds

    def percentile(self, share: float) -> float:
        """The latency, in seconds, that this share of the turns was answered within."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class WrongAnswerError(RuntimeError):
    """A measurement of wrong answers is worth nothing."""


@dataclass
class _Subscriber:
    connection: socket.socket
    posts: Iterator[tuple[bytes, bytes]]
    sees: bytes = b""
    sent_at: float = 0.0
    received: bytes = b""

    def send(self) -> None:
        request, self.sees = next(self.posts)
        self.received = b""
        self.sent_at = time.perf_counter()
        self.connection.sendall(request)

    def answered(self) -> bool:
        """Take what has come; tell whether the answer is whole, and right."""
        chunk = self.connection.recv(RECEIVE)
        if not chunk:
            raise WrongAnswerError("the server closed the connection")
        self.received += chunk
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return False
        if not (head.startswith(b"HTTP/1.1 200") and self.sees in body):
            raise WrongAnswerError(f"{self.sees!r} is not in {head[:16]!r} {body[:200]!r}")
        return True


def play(
    port: int, sessions: list[list[Turn]], subscribers: int, seconds: float, *, fixed: bool
) -> Played:
    """Play for so many seconds. `fixed`: the server shows one screen, whatever is typed.

    Raises:
        WrongAnswerError: an answer was not the screen that was due.
    """
    people = [_subscriber(port, n, sessions, fixed=fixed) for n in range(subscribers)]
    latencies: list[float] = []
    with selectors.DefaultSelector() as ready:
        for each in people:
            ready.register(each.connection, selectors.EVENT_READ, each)
        began, cpu = time.perf_counter(), time.process_time()
        for each in people:
            each.send()
        while (now := time.perf_counter()) < began + seconds:
            events = ready.select(STALL)
            if not events:
                raise WrongAnswerError("the server says nothing")
            for key, _ in events:
                if key.data.answered():
                    latencies.append(time.perf_counter() - key.data.sent_at)
                    key.data.send()
        busy = (time.process_time() - cpu) / (now - began)
    for each in people:
        each.connection.close()
    return Played(len(latencies), now - began, busy, latencies)


def phone_number(subscriber: int) -> str:
    """The number of a simulated subscriber: Malian, of Orange."""
    return f"+22370{subscriber:04d}00"


def requests(number: int, sessions: list[list[Turn]]) -> Iterator[tuple[bytes, bytes]]:
    """Yield one subscriber's bodies, for ever, and what their answers must have."""
    first = number * 37 % len(sessions)  # everybody begins somewhere else
    phone = phone_number(number).replace("+", "%2B").encode()
    run = uuid.uuid4().hex[:12]
    for count in itertools.count():
        session = f"ATUid_{run}{number:06d}{count:08d}".encode()
        for turn in sessions[(first + count) % len(sessions)]:
            dialled, text = (quote_from_bytes(each).encode() for each in (turn.dialled, turn.text))
            body = (
                b"sessionId=" + session + b"&phoneNumber=" + phone
                + b"&networkCode=99999&serviceCode=" + dialled + b"&text=" + text
            )  # fmt: skip
            yield body, turn.sees


def _subscriber(port: int, number: int, sessions: list[list[Turn]], *, fixed: bool) -> _Subscriber:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    posts = ((_post(body), b"CON" if fixed else sees) for body, sees in requests(number, sessions))
    return _Subscriber(connection, posts)


def _post(body: bytes) -> bytes:
    return (
        b"POST /ussd/africastalking HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"User-Agent: benchmarks\r\nAccept: */*\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0])
