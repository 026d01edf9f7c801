"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the push. There is no webhook here, so the fates of callbacks (30 to
33) are as `00`; no code says that a handset is busy, so 44 is too. 11 and 12 end in the same code,
92: this operator does not tell a refusal from an expiry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Answer(StrEnum):
    """How the push itself is answered."""

    PENDING = auto()  # status 100
    POOR = auto()  # status 10, not enough money in the wallet
    HANGS = auto()  # no answer in useful time: a 504 after HANG_SECONDS
    BREAKS = auto()  # 500


class Happening(StrEnum):
    """What a plan can make happen."""

    DEBIT = auto()
    OVERDEBIT = auto()  # OVERCHARGE francs too many: only the statement tells
    REVERSE = auto()  # by the care desk: getTransactionStatus goes on saying 0, the statement knows
    GIVE_UP = auto()  # the citizen refused, or the prompt expired
    FAIL = auto()
    MUDDLE = auto()  # a status that no documentation has


Plan = tuple[tuple[float, Happening], ...]

_DEBIT, _OVERDEBIT, _REVERSE = Happening.DEBIT, Happening.OVERDEBIT, Happening.REVERSE
_GIVE_UP, _FAIL, _MUDDLE = Happening.GIVE_UP, Happening.FAIL, Happening.MUDDLE


@dataclass(frozen=True, slots=True)
class Fate:
    """The answer to the push, and what happens meanwhile and afterwards."""

    answer: Answer
    plan: Plan = ()


FATES: Final[Mapping[str, Fate]] = {
    "00": Fate(Answer.PENDING, ((1.5, _DEBIT),)),
    "10": Fate(Answer.POOR),
    "11": Fate(Answer.PENDING, ((2, _GIVE_UP),)),
    "12": Fate(Answer.PENDING, ((20, _GIVE_UP),)),
    # The referenceid of 20, 21 and 22 is lost with the reply: only the statement tells.
    "20": Fate(Answer.HANGS, ((1, _DEBIT),)),
    "21": Fate(Answer.HANGS, ((20, _GIVE_UP),)),
    "22": Fate(Answer.BREAKS, ((0.5, _DEBIT),)),
    "40": Fate(Answer.PENDING, ((2, _FAIL), (8, _DEBIT))),
    "41": Fate(Answer.PENDING, ((1.5, _DEBIT), (7.5, _REVERSE))),
    "42": Fate(Answer.PENDING, ((1.5, _OVERDEBIT),)),
    "43": Fate(Answer.PENDING, ((0.5, _MUDDLE), (4.5, _DEBIT))),
}


def fate_of(msisdn: str) -> Fate:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
