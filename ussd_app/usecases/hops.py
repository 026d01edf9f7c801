"""Which hop of its session a turn is: a new one, the last one again, or an old one.

    position   as many inputs as consumed, the same: again. More, with the same beginning: new.
    count      the number before the expected one, the same answer: again. The expected one: new.
               One further on: new, but what it answers was never shown by us.
    id         the last id: again. An id not seen yet, of so many as are kept: new.
    none       the same answer within two seconds: again. Any other: new.

Everything else is late, or foreign. What `Kept.digest` holds is written and read here only.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from ussd_app.aggregators.base import INPUTS_MAX, Identity, Turn

_AGAIN_MS = 2000  # where nothing tells a repetition from the same answer once more
_DIGEST, _ID_DIGEST = 8, 4  # bytes


class Verdict(Enum):
    """What a turn is to its session."""

    NEW = auto()
    AGAIN = auto()
    LATE = auto()


class Consumed(Protocol):
    """What is kept of the hops a session has consumed: `sessions.Kept`."""

    @property
    def prefix(self) -> tuple[str, ...]: ...
    @property
    def seen(self) -> int: ...
    @property
    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Hop:
    """A turn placed in its session.

    `typed` is what it brings that was not consumed yet; `seen` and `digest` are what is to be kept
    once it is. `gap`: it answers another screen than the one that stands.
    """

    verdict: Verdict
    typed: tuple[str, ...] = field(repr=False)
    seen: int
    digest: bytes
    gap: bool = False


def first(identity: Identity, turn: Turn, prefix: tuple[str, ...], now: datetime) -> Hop:
    """Place the first turn there is of a session: dialled now, or what was kept is lost.

    What was typed on a screen that is lost answers another question now; only a dialect that
    repeats everything from the beginning can be followed again.
    """
    match identity:
        case Identity.POSITION:
            inputs = (*prefix, *turn.inputs)
            return Hop(Verdict.NEW, inputs, len(inputs), digest(inputs))
        case Identity.COUNT:
            typed = (*prefix, *turn.inputs) if turn.opens else prefix
            return Hop(Verdict.NEW, typed, _count(turn) + 1, digest(turn.inputs))
        case Identity.ID:
            typed = (*prefix, *turn.inputs) if turn.opens else prefix
            return Hop(Verdict.NEW, typed, 1, _id(turn))
        case Identity.NONE:
            typed = (*prefix, *turn.inputs) if turn.opens else prefix
            return Hop(Verdict.NEW, typed, 1, _at(turn, now))


def place(identity: Identity, turn: Turn, consumed: Consumed, now: datetime) -> Hop:
    """Place a turn of a session."""
    match identity:
        case Identity.POSITION:
            return _by_position(turn, consumed)
        case Identity.COUNT:
            return _by_count(turn, consumed.seen, consumed.digest)
        case Identity.ID:
            return _by_id(turn, consumed.seen, consumed.digest)
        case Identity.NONE:
            return _by_time(turn, consumed.seen, consumed.digest, now)


def digest(inputs: tuple[str, ...]) -> bytes:
    """Return what tells one run of inputs from another."""
    return hashlib.blake2b("*".join(inputs).encode(), digest_size=_DIGEST).digest()


def _by_position(turn: Turn, consumed: Consumed) -> Hop:
    inputs, seen = (*consumed.prefix, *turn.inputs), consumed.seen
    same = digest(inputs[:seen]) == consumed.digest
    verdict = Verdict.LATE
    if same and len(inputs) > seen:
        verdict = Verdict.NEW
    elif same and len(inputs) == seen:
        verdict = Verdict.AGAIN
    return Hop(verdict, inputs[seen:], len(inputs), digest(inputs))


def _by_count(turn: Turn, seen: int, known: bytes) -> Hop:
    number, mine = _count(turn), digest(turn.inputs)
    verdict = Verdict.LATE
    if number >= seen:
        verdict = Verdict.NEW
    elif number == seen - 1 and mine == known:
        verdict = Verdict.AGAIN
    return Hop(verdict, turn.inputs, number + 1, mine, gap=number > seen)


def _by_id(turn: Turn, seen: int, known: bytes) -> Hop:
    mine = _id(turn)
    past = [known[at : at + _ID_DIGEST] for at in range(0, len(known), _ID_DIGEST)]
    verdict = Verdict.NEW
    if mine in past:
        verdict = Verdict.AGAIN if mine == past[-1] else Verdict.LATE
    elif turn.opens:  # a session is opened once
        verdict = Verdict.LATE
    return Hop(verdict, turn.inputs, seen + 1, b"".join([*past, mine][-INPUTS_MAX:]))


def _by_time(turn: Turn, seen: int, known: bytes, now: datetime) -> Hop:
    mine = _at(turn, now)
    passed = _milliseconds(mine) - _milliseconds(known)
    verdict = Verdict.NEW
    if mine[:_DIGEST] == known[:_DIGEST] and abs(passed) <= _AGAIN_MS:
        verdict = Verdict.AGAIN
    elif turn.opens:  # a session is opened once
        verdict = Verdict.LATE
    return Hop(verdict, turn.inputs, seen + 1, mine)


def _count(turn: Turn) -> int:
    return int(turn.hop)


def _id(turn: Turn) -> bytes:
    return hashlib.blake2b(turn.hop.encode(), digest_size=_ID_DIGEST).digest()


def _at(turn: Turn, now: datetime) -> bytes:
    milliseconds = int(now.timestamp() * 1000)
    return digest((str(turn.opens), *turn.inputs)) + milliseconds.to_bytes(_DIGEST)


def _milliseconds(kept: bytes) -> int:
    return int.from_bytes(kept[_DIGEST:])
