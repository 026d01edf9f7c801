"""Time that passes only when it is told to, and what is to happen in it."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """True time, and the machine's idea of it, which may be wrong by `skew`."""

    def __init__(self) -> None:
        self._true = NOON
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self.skew = timedelta(0)

    def now(self) -> datetime:
        """The true instant: the operator's."""
        return self._true

    def read(self) -> datetime:
        """The instant our machine believes in."""
        return self._true + self.skew

    @property
    def expects(self) -> bool:
        """Whether anything is still to happen."""
        return bool(self._due)

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        """Have something happen."""
        at = self._true + timedelta(seconds=seconds)
        heapq.heappush(self._due, (at, next(self._order), deed))

    def advance(self, seconds: float) -> None:
        """Let time pass, and what is due happen on the way."""
        until = self._true + timedelta(seconds=seconds)
        while self._due and self._due[0][0] <= until:
            self._true, _, deed = heapq.heappop(self._due)
            deed()
        self._true = max(self._true, until)
