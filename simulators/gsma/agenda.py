"""What is due to happen in a simulated operator's books, and their clock, which never goes back."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Generic, TypeVar

_Thing = TypeVar("_Thing")


class Agenda(Generic[_Thing]):
    """Things by the moment they are due; those of one moment in the order they were noted."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._latest = clock()
        self._noted: list[tuple[datetime, int, _Thing]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        """Return the time; a clock set back must not write into a statement already closed."""
        self._latest = max(self._latest, self._clock())
        return self._latest

    def note(self, seconds: float, thing: _Thing) -> None:
        """Have `thing` happen `seconds` from now."""
        due = self.now() + timedelta(seconds=seconds)
        heapq.heappush(self._noted, (due, next(self._order), thing))

    def due(self) -> Iterator[_Thing]:
        """Strike off and yield everything due by now."""
        now = self.now()
        while self._noted and self._noted[0][0] <= now:
            yield heapq.heappop(self._noted)[2]
