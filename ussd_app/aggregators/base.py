"""What every dialect is reduced to: bytes to a turn, a screen to bytes. No dialect does I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from domain.msisdn import Msisdn

SESSION_ID_MAX = 128
TEXT_MAX = 1000
INPUTS_MAX = 40  # a session is over long before
HOP_MAX = 10_000


class BadTurnError(ValueError):
    """A request no turn can be read from; `str()` says why, without what was sent."""

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """What a gateway has sent. `path` is what follows the channel's door, `/…` or empty.

    Header names are in small letters. A field that is there twice is no field.
    """

    method: str
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    body: bytes = field(repr=False)
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = HTTPStatus.OK


class Identity(StrEnum):
    """By what a dialect tells one hop of a session from another."""

    POSITION = "position"  # each request brings everything typed since the beginning
    COUNT = "count"  # it brings the number of the hop: the gateway's, or ours that it gives back
    ID = "id"  # it brings an id of the gateway's, another one for each hop
    NONE = "none"  # nothing: the same answer at once is taken for a repetition


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a USSD session.

    `dialled` is the service code as it came, deep dial included, or empty where only the first
    request brings it. `inputs` is everything typed since, in order, where the identity is
    `POSITION`; else what was typed now. `opens`: it is the first of its session. `hop` is the
    number of the hop (the opening being 0) or its id. `echo` is what the gateway wants back as it
    came.
    """

    session_id: str
    caller: Msisdn
    dialled: str
    inputs: tuple[str, ...] = field(repr=False)
    opens: bool = False
    hop: str = ""
    echo: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen on its way out, in the letters of the wire.

    The last `options` lines of `text` are choices, `key words` each. `step` is the number of the
    hop that its answer will be.
    """

    text: str = field(repr=False)
    ends: bool
    options: int = 0
    step: int = 0

    @property
    def body(self) -> str:
        """What is said above the choices."""
        lines = self.text.split("\n")
        return "\n".join(lines[: len(lines) - self.options])

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The choices: the key and its words."""
        lines = self.text.split("\n")[-self.options :] if self.options else []
        parts = (line.partition(" ") for line in lines)
        return tuple((key, words) for key, _, words in parts)


class How(StrEnum):
    """How a session ended, as the gateway says."""

    CLEAN = "clean"  # our last screen was shown
    CUT = "cut"  # the citizen left, or the network cut
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end of a session, told by the gateway."""

    session_id: str
    caller: Msisdn
    how: How


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question of the gateway's about the session itself, answered without a turn."""

    session_id: str


Heard = Turn | Hangup | Inquiry


class Dialect(Protocol):
    """One wire format.

    Its file says at the top where it is documented, what comes, what goes back, which of the
    identities its hops have, and what its gateway does at abnormal ends.
    """

    identity: Identity
    methods: frozenset[str]  # of HTTP
    deadline: float  # seconds after which the gateway gives up

    def decode(self, request: Request) -> Heard:
        """Read a request.

        Raises:
            BadTurnError: it is none of this dialect.
        """
        ...

    def encode(self, shown: Shown, turn: Turn) -> Answer:
        """Write the screen that answers a turn."""
        ...

    def acknowledge(self, heard: Hangup | Inquiry) -> Answer:
        """Write the answer to what is no turn: nothing, where the gateway wants nothing."""
        del heard
        return Answer(b"")

    def refuse(self, error: BadTurnError) -> Answer | None:
        """Write a refusal in the dialect's own way; None: as a problem of RFC 9457."""
        del error
        return None
