"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the payment request. Happenings of the same second happen in the
order written. A callback carries the status of its moment. Whoever types a password has consented:
there is no prompt to expire (12) and no handset to be busy (44), so these are as 00.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Answer(StrEnum):
    """How the payment request itself is answered."""

    AT_ONCE = auto()  # 200 with the status of the moment
    LATE = auto()  # the same, LATE_SECONDS after the request
    POOR = auto()  # 400, not enough money in the wallet
    HANGS = auto()  # no answer in useful time: a 504 after HANG_SECONDS
    DEAF = auto()  # the same, and the request never reached the operator's books
    BREAKS = auto()  # 500


class Happening(StrEnum):
    """What a plan can make happen."""

    DEBIT = auto()
    OVERDEBIT = auto()  # OVERCHARGE francs too many
    REVERSE = auto()  # by the care desk: the API goes on saying SUCCESS, the statement knows
    CANCEL = auto()
    FAIL = auto()
    MUDDLE = auto()  # a status word that no documentation has
    CALLBACK = auto()
    FORGERY = auto()  # a thief's callback: SUCCESS, signed with a secret that is not ours


Plan = tuple[tuple[float, Happening], ...]

_DEBIT, _OVERDEBIT, _REVERSE = Happening.DEBIT, Happening.OVERDEBIT, Happening.REVERSE
_CANCEL, _FAIL, _MUDDLE = Happening.CANCEL, Happening.FAIL, Happening.MUDDLE
_CALLBACK, _FORGERY = Happening.CALLBACK, Happening.FORGERY


@dataclass(frozen=True, slots=True)
class Fate:
    """The answer to the payment request, and what happens meanwhile and afterwards."""

    answer: Answer
    plan: Plan = ()


FATES: Final[Mapping[str, Fate]] = {
    "00": Fate(Answer.AT_ONCE, ((0, _DEBIT), (2, _CALLBACK))),
    "10": Fate(Answer.POOR),
    "11": Fate(Answer.AT_ONCE, ((2, _CANCEL), (2, _CALLBACK))),
    # Nothing rings for 20, 21 and 22: only asking tells, and of 21 only the statement.
    "20": Fate(Answer.HANGS, ((1, _DEBIT),)),
    "21": Fate(Answer.DEAF),
    "22": Fate(Answer.BREAKS, ((0.5, _DEBIT),)),
    "30": Fate(Answer.AT_ONCE, ((1.5, _DEBIT), (1.5, _CALLBACK), (1.5, _CALLBACK))),
    "31": Fate(Answer.LATE, ((0.5, _DEBIT), (0.5, _CALLBACK))),
    "32": Fate(Answer.AT_ONCE, ((1.5, _DEBIT),)),
    "33": Fate(Answer.AT_ONCE, ((0.5, _FORGERY), (3, _CANCEL), (3, _CALLBACK))),
    "40": Fate(Answer.AT_ONCE, ((2, _FAIL), (2, _CALLBACK), (8, _DEBIT), (8, _CALLBACK))),
    "41": Fate(Answer.AT_ONCE, ((1.5, _DEBIT), (1.5, _CALLBACK), (7.5, _REVERSE))),
    "42": Fate(Answer.AT_ONCE, ((1.5, _OVERDEBIT), (1.5, _CALLBACK))),
    "43": Fate(Answer.AT_ONCE, ((0.5, _MUDDLE), (4.5, _DEBIT), (4.5, _CALLBACK))),
}


def fate_of(msisdn: str) -> Fate:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
