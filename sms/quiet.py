"""The hours of the night, in which only what somebody waits for is sent."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `since` in the evening until `until` in the morning, UTC: Bamako's time all year."""

    since: time
    until: time

    def end(self, now: datetime) -> datetime | None:
        """Return when the night that `now` is in ends; None by day."""
        if self.until <= now.time() < self.since:
            return None
        day = now.date() + timedelta(days=now.time() >= self.since)
        return datetime.combine(day, self.until, now.tzinfo)


NIGHT = QuietHours(time(21), time(6))
