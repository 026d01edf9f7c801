"""What all simulated operators agree on about fates: see each one's own table."""

from collections.abc import Mapping
from typing import Final, TypeVar

LATE_SECONDS: Final = 2.0  # of an answer that comes after its callback
HANG_SECONDS: Final = 12.0  # longer than anybody waits for an answer
OVERCHARGE: Final = 500  # francs too many

_Fate = TypeVar("_Fate")


def chosen(fates: Mapping[str, _Fate], msisdn: str) -> _Fate:
    """Return the fate of a number: by its last two digits; those not listed are all like `00`."""
    return fates.get(msisdn[-2:], fates["00"])
