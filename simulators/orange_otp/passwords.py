"""The passwords the operator's own menu gives: six digits, ten minutes, for one payment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

LIFETIME: Final = timedelta(minutes=10)


class Passwords:
    """One at most a number: a new one replaces the one before."""

    def __init__(self, below: Callable[[int], int]) -> None:
        """Take the dice: `below(n)` is a number from 0 to n - 1."""
        self._below = below
        self._living: dict[str, tuple[str, datetime]] = {}

    def give(self, msisdn: str, now: datetime) -> str:
        otp = f"{self._below(10**6):06d}"
        self._living[msisdn] = (otp, now + LIFETIME)
        return otp

    def take(self, msisdn: str, otp: str, now: datetime) -> bool:
        """Whether `otp` is that number's; a good one is used up."""
        right, expiry = self._living.get(msisdn, ("", now))
        if otp != right or now >= expiry:
            return False
        del self._living[msisdn]
        return True
