"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the request. Happenings of the same second happen in the order
written. A callback tells the event of its moment. No reason of the document says that the payer
has too little money, and nothing prompts a handset, so 10 and 44 are as `00`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Answer(StrEnum):
    """How the request itself is answered."""

    SENT = auto()  # 200 ENVOYE
    LATE = auto()  # 200 ENVOYE, LATE_SECONDS after the request
    HANGS = auto()  # no answer in useful time: a 504 after HANG_SECONDS
    BREAKS = auto()  # 503, which the document has where others have 500


class Happening(StrEnum):
    """What a plan can make happen."""

    PAY = auto()
    OVERPAY = auto()  # OVERCHARGE francs too many
    RETURN = auto()  # the participant gives the money back
    REFUSE = auto()
    EXPIRE = auto()
    FAIL = auto()
    MUDDLE = auto()  # a status that the document does not list
    CALLBACK = auto()
    FORGERY = auto()  # a thief's callback: paid, but signed with a secret of their own


Plan = tuple[tuple[float, Happening], ...]

_PAY, _OVERPAY, _RETURN = Happening.PAY, Happening.OVERPAY, Happening.RETURN
_REFUSE, _EXPIRE, _FAIL = Happening.REFUSE, Happening.EXPIRE, Happening.FAIL
_MUDDLE, _CALLBACK, _FORGERY = Happening.MUDDLE, Happening.CALLBACK, Happening.FORGERY


@dataclass(frozen=True, slots=True)
class Fate:
    """The answer to the request, and what happens meanwhile and afterwards."""

    answer: Answer
    plan: Plan = ()


FATES: Final[Mapping[str, Fate]] = {
    "00": Fate(Answer.SENT, ((1.5, _PAY), (1.5, _CALLBACK))),
    "11": Fate(Answer.SENT, ((2, _REFUSE), (2, _CALLBACK))),
    "12": Fate(Answer.SENT, ((20, _EXPIRE), (20, _CALLBACK))),
    # Nothing rings for 20, 21 and 22: only asking tells.
    "20": Fate(Answer.HANGS, ((1, _PAY),)),
    "21": Fate(Answer.HANGS, ((20, _EXPIRE),)),
    "22": Fate(Answer.BREAKS, ((0.5, _PAY),)),
    "30": Fate(Answer.SENT, ((1.5, _PAY), (1.5, _CALLBACK), (1.5, _CALLBACK))),
    "31": Fate(Answer.LATE, ((0.5, _PAY), (0.5, _CALLBACK))),
    "32": Fate(Answer.SENT, ((1.5, _PAY),)),
    "33": Fate(Answer.SENT, ((0.5, _FORGERY), (3, _REFUSE), (3, _CALLBACK))),
    "40": Fate(Answer.SENT, ((2, _FAIL), (2, _CALLBACK), (8, _PAY), (8, _CALLBACK))),
    "41": Fate(Answer.SENT, ((1.5, _PAY), (1.5, _CALLBACK), (7.5, _RETURN), (7.5, _CALLBACK))),
    "42": Fate(Answer.SENT, ((1.5, _OVERPAY), (1.5, _CALLBACK))),
    "43": Fate(Answer.SENT, ((0.5, _MUDDLE), (4.5, _PAY), (4.5, _CALLBACK))),
}


def fate_of(msisdn: str) -> Fate:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
