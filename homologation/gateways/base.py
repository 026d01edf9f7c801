"""The gateway's side of a dialect: keys to requests, answers to screens. No gateway does I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class UnreadableError(ValueError):
    """An answer this gateway could show to nobody; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a channel. `path` is what follows the channel's address, `/…` or empty."""

    method: str = "POST"
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """What the subscriber reads, choices as lines of `key words`, and whether it is the last."""

    text: str
    ends: bool


class How(StrEnum):
    """How a session ends, in the gateway's eyes."""

    CLEAN = "clean"  # the last screen was shown
    CUT = "cut"  # the subscriber left, or the network cut
    FAILED = "failed"  # the application did not answer


@dataclass(slots=True)
class Session:
    """A session a gateway holds.

    `number` is in E.164, `code` the short code, `dialled` what was dialled, deep dial included.
    `typed` is everything typed since, the last one last; `token` what the last screen asked to be
    brought back, in the gateway's own way.
    """

    number: str
    session_id: str
    code: str = "*789#"
    dialled: str = "*789#"
    typed: list[str] = field(default_factory=list)
    token: str = ""


class Gateway(Protocol):
    """One dialect, from the other side.

    A call is a value: sent twice, it is a retransmission.
    """

    def open(self, session: Session) -> Call:
        """Write the first request of a session."""
        ...

    def answer(self, session: Session) -> Call:
        """Write the request that brings the last of what was typed."""
        ...

    def hang_up(self, session: Session, how: How) -> Call | None:
        """Write the notice that a session is over; None where the gateway gives none of `how`."""
        ...

    def read(self, session: Session, reply: Reply) -> Screen:
        """Read a screen, and keep in `session` what it asks to be brought back.

        Raises:
            UnreadableError: the gateway would drop the session.
        """
        ...
