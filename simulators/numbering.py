"""Ids of transactions, by the millisecond: so a restart hands out none again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

_MILLISECOND: Final = timedelta(milliseconds=1)


class Numbering:
    """An id for each millisecond, as `write` words it, and none for two transactions."""

    def __init__(self, write: Callable[[datetime], str]) -> None:
        self._write = write
        self._last = datetime.min.replace(tzinfo=UTC)

    def next(self, now: datetime) -> str:
        whole = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._last = max(whole, self._last + _MILLISECOND)
        return self._write(self._last)


def of_orange(moment: datetime) -> str:
    """Write a moment as Orange Money does: `MP261122.0310.A04000`, by the minute."""
    milliseconds = moment.second * 1000 + moment.microsecond // 1000
    return f"MP{moment:%y%m%d.%H%M}.A{milliseconds:05d}"
