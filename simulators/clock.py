"""The wall clock of the simulated world, and how it writes a moment."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return a UTC moment as `2026-11-22T03:10:07.125Z`, cut (not rounded) to milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
