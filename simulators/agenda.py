"""What is due to happen in a simulated operator's books, and their clock, which never goes back."""

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
