"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the request. Happenings of the same second happen in the order
written. A callback tells the outcome of its moment. No code of the document says that a handset is
busy, so 44 is as `00`; none says that a prompt expired, so 12 ends in the generic one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Answer(StrEnum):
    """How the request itself is answered."""

    ACCEPTED = auto()  # 202 pending
    LATE = auto()  # 202 pending, LATE_SECONDS after the request
    POOR = auto()  # 400 insufficientFunds
    HANGS = auto()  # no answer in useful time: a 504 after HANG_SECONDS
    BREAKS = auto()  # 500


class Happening(StrEnum):
    """What a plan can make happen."""

    DEBIT = auto()
    OVERDEBIT = auto()  # OVERCHARGE francs too many
    REVERSE = auto()  # by the care desk: the API goes on saying completed, the statement knows
    DECLINE = auto()
    EXPIRE = auto()
    FAIL = auto()
    MUDDLE = auto()  # there is a transaction, with a status word of the operator's own
    CALLBACK = auto()
    FORGERY = auto()  # a thief's callback: completed, whatever is true


Plan = tuple[tuple[float, Happening], ...]

_DEBIT, _OVERDEBIT, _REVERSE = Happening.DEBIT, Happening.OVERDEBIT, Happening.REVERSE
_DECLINE, _EXPIRE, _FAIL = Happening.DECLINE, Happening.EXPIRE, Happening.FAIL
_MUDDLE, _CALLBACK, _FORGERY = Happening.MUDDLE, Happening.CALLBACK, Happening.FORGERY


@dataclass(frozen=True, slots=True)
class Fate:
    """The answer to the request, and what happens meanwhile and afterwards."""

    answer: Answer
    plan: Plan = ()


FATES: Final[Mapping[str, Fate]] = {
    "00": Fate(Answer.ACCEPTED, ((1.5, _DEBIT), (1.5, _CALLBACK))),
    "10": Fate(Answer.POOR),
    "11": Fate(Answer.ACCEPTED, ((2, _DECLINE), (2, _CALLBACK))),
    "12": Fate(Answer.ACCEPTED, ((20, _EXPIRE), (20, _CALLBACK))),
    # Nothing rings for 20, 21 and 22. Asked by our own id, 21 has no answer: the statement tells.
    "20": Fate(Answer.HANGS, ((1, _DEBIT),)),
    "21": Fate(Answer.HANGS, ((20, _EXPIRE),)),
    "22": Fate(Answer.BREAKS, ((0.5, _DEBIT),)),
    "30": Fate(Answer.ACCEPTED, ((1.5, _DEBIT), (1.5, _CALLBACK), (1.5, _CALLBACK))),
    "31": Fate(Answer.LATE, ((0.5, _DEBIT), (0.5, _CALLBACK))),
    "32": Fate(Answer.ACCEPTED, ((1.5, _DEBIT),)),
    "33": Fate(Answer.ACCEPTED, ((0.5, _FORGERY), (3, _DECLINE), (3, _CALLBACK))),
    "40": Fate(Answer.ACCEPTED, ((2, _FAIL), (2, _CALLBACK), (8, _DEBIT), (8, _CALLBACK))),
    "41": Fate(Answer.ACCEPTED, ((1.5, _DEBIT), (1.5, _CALLBACK), (7.5, _REVERSE))),
    "42": Fate(Answer.ACCEPTED, ((1.5, _OVERDEBIT), (1.5, _CALLBACK))),
    "43": Fate(Answer.ACCEPTED, ((0.5, _MUDDLE), (4.5, _DEBIT), (4.5, _CALLBACK))),
}


def fate_of(msisdn: str) -> Fate:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
