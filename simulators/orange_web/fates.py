"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the opening of the page. Happenings of the same second happen in the
order written. A notification carries the status of its moment.

The number is typed on the page, long after the requests were answered, and the page fixes the
amount: no wallet can make a request time out (20, 21, 22), ring before a reply (31), pay another
amount (42) or be busy (44). These are as 00. Nobody is told why a payment failed: 10 looks as 11.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Happening(StrEnum):
    """What a plan can make happen."""

    DEBIT = auto()
    REVERSE = auto()  # by the care desk: the API goes on saying SUCCESS, the statement knows
    FAIL = auto()
    MUDDLE = auto()  # a status word that no documentation has
    EXPIRE = auto()  # of a page that nobody uses
    NOTIFY = auto()
    FORGERY = auto()  # a thief's notification: SUCCESS, with a notif_token that is not ours


Plan = tuple[tuple[float, Happening], ...]

EXPIRY_SECONDS: Final = 20.0  # 10 minutes in production

_DEBIT, _REVERSE, _FAIL = Happening.DEBIT, Happening.REVERSE, Happening.FAIL
_MUDDLE, _NOTIFY, _FORGERY = Happening.MUDDLE, Happening.NOTIFY, Happening.FORGERY

FATES: Final[Mapping[str, Plan]] = {
    "00": ((1.5, _DEBIT), (1.5, _NOTIFY)),
    "10": ((1.5, _FAIL), (1.5, _NOTIFY)),
    "11": ((2, _FAIL), (2, _NOTIFY)),
    "12": (),  # looks at the page and leaves it
    "30": ((1.5, _DEBIT), (1.5, _NOTIFY), (1.5, _NOTIFY)),
    "32": ((1.5, _DEBIT),),
    "33": ((0.5, _FORGERY), (3, _FAIL), (3, _NOTIFY)),
    "40": ((2, _FAIL), (2, _NOTIFY), (8, _DEBIT), (8, _NOTIFY)),
    "41": ((1.5, _DEBIT), (1.5, _NOTIFY), (7.5, _REVERSE)),
    "43": ((0.5, _MUDDLE), (4.5, _DEBIT), (4.5, _NOTIFY)),
}


def fate_of(msisdn: str) -> Plan:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
