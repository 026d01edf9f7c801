"""One exchange over HTTP as values: parts say what to send and read what came, `ussd_app` sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What to send. `timeout` bounds the whole exchange, in seconds."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    body: bytes = field(repr=False)


class NoAnswer(StrEnum):
    """Why nothing came back."""

    NOT_SENT = "not_sent"  # no connection was made: the other side cannot have heard
    LOST = "lost"  # it may have heard


Outcome = Answer | NoAnswer
