"""What a link is held on, and what it tells."""

from dataclasses import dataclass

from smpp.pdu import Bind, ShortMessage


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with the centre. Times in seconds."""

    bind: Bind
    window: int = 10
    queue: int = 1000  # messages of ours that wait for a place in the window
    unanswered: int = 200  # messages of the centre's that we may still owe an answer
    answer_within: float = 10.0
    enquire_every: float = 30.0
    held_back: float = 0.2  # the first pause after a throttled message; each next one is double
    tries: int = 6


@dataclass(frozen=True, slots=True)
class Bound:
    """The centre has accepted the bind."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A deliver_sm has come, to be answered under its `sequence`."""

    sequence: int
    message: ShortMessage


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a message of ours; `status` is None where nobody knows.

    `left`: the centre may have it.
    """

    ticket: int
    status: int | None
    message_id: str = ""
    left: bool = True


@dataclass(frozen=True, slots=True)
class Settled:
    """The centre has read our answer to this deliver_sm: it will not come again."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Left:
    """The link is of no more use."""

    reason: str


Event = Bound | Delivered | Answered | Settled | Left
