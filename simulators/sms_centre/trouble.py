"""How a provider in trouble leaves its caller waiting."""

from collections.abc import Callable
from typing import Final

from simulators.sms_centre.centre import Fault

HANG_SECONDS: Final = 12.0  # longer than anybody waits for an answer

Pause = Callable[[float], None]


def stand_still(fault: Fault | None, pause: Pause) -> None:
    """Leave the caller without an answer in useful time, where the fault is so."""
    if fault in {Fault.TIMEOUT, Fault.SILENT}:
        pause(HANG_SECONDS)
