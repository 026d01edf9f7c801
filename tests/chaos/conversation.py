"""One connection through a proxy, and what a fault does to it.

What a fault has touched stays touched when it is healed: a connection that has swallowed something
never says a word again, not even that it was closed, as when a firewall has forgotten it.
"""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

LATENCY = 0.2  # seconds, in each direction
SLICE, PAUSE = 7, 0.001  # bytes, seconds between them
_CHUNK = 65_536


class Fault(StrEnum):
    """How a connection fails."""

    LATENCY = "latency"  # every piece comes late, each way
    SLICED = "sliced"  # a few bytes at a time
    REFUSED = "refused"  # nobody listens, and the connections that were open are reset
    RESET = "reset"  # accepted, and reset as soon as anything is said
    BLACK_HOLE = "black_hole"  # accepted and swallowed: no answer, ever, on that connection
    HALF_OPEN = "half_open"  # the same, but only from some exchange on
    STALLED = "stalled"  # held, and delivered when healed: after whoever sent it gave up
    CUT_REQUEST = "cut_request"  # closed in the middle of a request
    CUT_ANSWER = "cut_answer"  # closed in the middle of an answer
    LOST_ANSWER = "lost_answer"  # the request goes through whole, the answer does not


_OF_SOME = {Fault.HALF_OPEN, Fault.CUT_REQUEST, Fault.CUT_ANSWER, Fault.LOST_ANSWER}


@dataclass
class Trouble:
    """What ails all connections of a proxy.

    Some faults befall one exchange in `every`, so that the others make progress and each place of a
    conversation is hit in its turn.
    """

    every: int
    fault: Fault | None = None
    hits: int = 0  # what the fault of the moment has touched; a refusal leaves no trace
    healed: asyncio.Event = field(default_factory=asyncio.Event)
    _exchanges: int = 0

    def begins(self, fault: Fault | None) -> None:
        self.fault = fault
        if fault is None:
            self.healed.set()
        else:
            self.hits = 0
            self.healed.clear()

    def is_next(self) -> bool:
        """Count an exchange; tell whether it is one that is hit."""
        self._exchanges += 1
        return self._exchanges % self.every == 0


class Conversation:
    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._asking = False  # the piece before was a part of a request
        self._doomed = False  # this exchange is one that is hit
        self._swallowed = False

    async def pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, asks: bool
    ) -> None:
        """Pass on one way until the source has closed.

        Raises EOFError to have both ends closed, OSError to have both reset.
        """
        while piece := await self._read(source):
            if asks and not self._asking:
                self._doomed = self._trouble.is_next()
            self._asking = asks
            await self._suffer(piece, sink, asks=asks)
        if self._is_silent():
            self._swallowed = True
            await asyncio.Event().wait()  # the other end is never told
        if self._trouble.fault is Fault.STALLED:
            await self._trouble.healed.wait()
        sink.write_eof()

    async def _read(self, source: asyncio.StreamReader) -> bytes:
        try:
            return await source.read(_CHUNK)
        except OSError:
            if not self._is_silent():
                raise
            return b""

    def _is_silent(self) -> bool:
        return self._swallowed or self._trouble.fault is Fault.BLACK_HOLE

    async def _suffer(self, piece: bytes, sink: asyncio.StreamWriter, *, asks: bool) -> None:
        fault = self._trouble.fault
        self._swallowed |= fault is Fault.HALF_OPEN and self._doomed
        if self._is_silent():
            self._swallowed = True
            self._trouble.hits += 1
            return None
        if fault is not None and fault not in _OF_SOME:
            self._trouble.hits += 1
        match fault:
            case Fault.RESET:
                raise ConnectionResetError
            case Fault.LATENCY:
                await asyncio.sleep(LATENCY)
            case Fault.STALLED:
                await self._trouble.healed.wait()
            case Fault.SLICED:
                return await _slice(piece, sink)
            case Fault.CUT_REQUEST | Fault.CUT_ANSWER | Fault.LOST_ANSWER if self._doomed:
                if asks is (fault is Fault.CUT_REQUEST):
                    await self._cut(b"" if fault is Fault.LOST_ANSWER else piece, sink)
        sink.write(piece)
        return await sink.drain()

    async def _cut(self, piece: bytes, sink: asyncio.StreamWriter) -> None:
        self._trouble.hits += 1
        sink.write(piece[: len(piece) // 2])
        await sink.drain()
        raise EOFError


async def _slice(piece: bytes, sink: asyncio.StreamWriter) -> None:
    for start in range(0, len(piece), SLICE):
        sink.write(piece[start : start + SLICE])
        await sink.drain()
        await asyncio.sleep(PAUSE)
