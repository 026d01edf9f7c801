"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the moment the citizen reads what to dial.

Nothing is asked of this operator, so nothing can be answered: no refusal to be told of (10), no
prompt to expire or to find the handset busy (12, 44), no request to time out or to break (20, 21,
22), no callback (31, 32, 33), no status word (43). These are as 00.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Happening(StrEnum):
    """What a plan can make happen."""

    PAY = auto()
    OVERPAY = auto()  # dials OVERCHARGE francs too many
    REVERSE = auto()  # by the care desk


Plan = tuple[tuple[float, Happening], ...]

_PAY, _OVERPAY, _REVERSE = Happening.PAY, Happening.OVERPAY, Happening.REVERSE

FATES: Final[Mapping[str, Plan]] = {
    "00": ((1.5, _PAY),),
    "11": (),  # reads, and never dials
    "30": ((1.5, _PAY), (2.5, _PAY)),  # dials twice
    "40": ((22.0, _PAY),),  # longer than the sandbox expects it, and nobody said so
    "41": ((1.5, _PAY), (7.5, _REVERSE)),
    "42": ((1.5, _OVERPAY),),
}


def fate_of(msisdn: str) -> Plan:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
