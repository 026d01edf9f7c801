"""What is due to happen, in order, and the operator's own time."""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Happening = TypeVar("Happening")


class Agenda(Generic[Happening]):
    """Happenings by the second; those of the same second come in the order they were added."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._latest = clock()
        self._due: list[tuple[datetime, int, Happening]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        """UTC. A clock set back must not write into a statement already closed."""
        self._latest = max(self._latest, self._clock())
        return self._latest

    def add(self, plan: Iterable[tuple[float, Happening]]) -> None:
        """Let each happening of `plan` be due so many seconds from now."""
        now = self.now()
        for seconds, happening in plan:
            due = now + timedelta(seconds=seconds)
            heapq.heappush(self._due, (due, next(self._order), happening))

    def past(self) -> Iterator[Happening]:
        """Take out everything due by now."""
        now = self.now()
        while self._due and self._due[0][0] <= now:
            yield heapq.heappop(self._due)[2]


class Numbers:
    """Transaction ids `MP261122.0310.A04000`, by the millisecond of the minute.

    So a restart hands out no id again.
    """

    def __init__(self) -> None:
        self._last = ("", 0)

    def next(self, now: datetime) -> str:
        number = (f"{now:%y%m%d.%H%M}", now.second * 1000 + now.microsecond // 1000)
        if number <= self._last:
            number = (self._last[0], self._last[1] + 1)
        self._last = number
        return f"MP{number[0]}.A{number[1]:05d}"
