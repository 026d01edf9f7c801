"""What a link needs, and what it brings to whom."""

from dataclasses import dataclass, field
from typing import Protocol

from smpp.delivery import Report
from smpp.pdu import ShortMessage
from smpp.terms import Terms
from smpp.ussd import Heard, Rules
from ussd_app.links.wire import Where


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown next; `session` and `step` are the handler's own marks of it."""

    text: str = field(repr=False)
    ends: bool
    session: str = ""
    step: int = 0


class Handler(Protocol):
    """What a link brings. Each method is called by several threads, and may raise to hear again."""

    def now(self) -> float:
        """Return the instant, in Unix seconds: what comes is told with when it came."""
        ...

    def ussd(self, heard: Heard, at: float) -> Screen | None:
        """Do what a message of a session asks for, commit, and return the screen to show."""
        ...

    def shown(self, heard: Heard, screen: Screen, at: float) -> None:
        """The centre has taken the screen that answers `heard`."""
        ...

    def unseen(self, heard: Heard, screen: Screen) -> None:
        """The centre has refused the screen: the session is over."""
        ...

    def sms(self, message: ShortMessage, at: float) -> None:
        """Keep an SMS, or a part of one."""
        ...

    def settled(self, message: ShortMessage) -> None:
        """The centre knows that the SMS is kept: the same again is another one."""
        ...

    def report(self, report: Report) -> None:
        """Keep a delivery receipt."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where, on what terms, by which rules, and how many threads serve it."""

    where: Where
    terms: Terms
    rules: Rules | None = None  # None: no USSD on this link
    threads: int = 8
