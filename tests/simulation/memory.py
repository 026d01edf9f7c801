"""Redis in the memory of the simulation: the same promises as `store.redis.Store`, virtual time."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ussd_app.store.redis import Recall

_MARK_LIVES = timedelta(seconds=60)
_FIRST = datetime.min.replace(tzinfo=UTC)


class Memory:
    """Sessions, limits and the wake-up, all of which may vanish."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: dict[str, tuple[bytes, datetime]] = {}
        self._counts: dict[str, tuple[int, datetime]] = {}
        self._due: dict[str, int] = {}
        self._mark: tuple[datetime, datetime] | None = None  # since when it is, and until when
        self.awake = False

    def load(self, key: str) -> bytes:
        value, until = self._kept.get(key, (b"", self._now()))
        return value if self._now() < until else b""

    def swap(self, key: str, old: bytes, new: bytes, lifetime_s: int, due: int) -> bool:
        if self.load(key) != old:
            return False
        self._kept[key] = (new, self._now() + timedelta(seconds=lifetime_s))
        self._due[key] = due
        return True

    def over(self, now: int, most: int) -> dict[str, tuple[bytes, float]]:
        ended = sorted((due, key) for key, due in self._due.items() if due <= now)[:most]
        return {key: (self.load(key), float(due)) for due, key in ended}

    def close(self, key: str, due: float) -> None:
        if self._due.get(key) == due:
            del self._due[key]

    def strike(self, key: str) -> None:
        self._due.pop(key, None)

    def recall(self) -> Recall:
        now = self._now()
        since, until = self._mark or (now, now)
        if not since <= now < until:
            since = now
        self._mark = since, now + _MARK_LIVES
        return Recall("one", int((now - since).total_seconds()))

    def begins(self) -> None:
        self._mark = _FIRST, self._now() + _MARK_LIVES

    def count(self, key: str, lifetime_s: int) -> int:
        n, until = self._counts.get(key, (0, self._now()))
        if self._now() >= until:
            n, until = 0, self._now() + timedelta(seconds=lifetime_s)
        self._counts[key] = (n + 1, until)
        return n + 1

    def counts(self, keys: Sequence[str]) -> list[int]:
        found = (self._counts.get(key, (0, self._now())) for key in keys)
        return [n if self._now() < until else 0 for n, until in found]

    def wake(self) -> None:
        self.awake = True

    def ready(self) -> bool:
        return True

    def forget(self) -> None:
        """Lose everything."""
        self._kept.clear()
        self._counts.clear()
        self._due.clear()
        self._mark = None
        self.awake = False
