"""What each test wallet does, by the last two digits of its number: every fate on one screen.

A plan counts its seconds from the answer that hands the link over. Happenings of the same second
happen in the order written. A webhook carries the session as it is at that moment.

At Wave nothing is debited before the citizen opens the link, so what times out (20 and 21) or
breaks (22) is the creation of the session: asked for again under the same Idempotency-Key, it is
the same session, and only then can the citizen have the link. A citizen has no word for refusing
and no prompt that finds the handset busy: 11 tries and gives up, and 31 and 44 are as 00. A try
that fails (10, 40) leaves the session open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Final

from simulators.endings import chosen


class Creation(StrEnum):
    """How a session's creation is answered the first time."""

    ANSWERED = auto()
    HANGS = auto()  # no answer in useful time: a 504 after HANG_SECONDS
    BREAKS = auto()  # 500


class Happening(StrEnum):
    """What a plan can make happen."""

    PAY = auto()
    OVERPAY = auto()  # OVERCHARGE francs too many
    FAIL = auto()  # a try without enough money
    GIVE_UP = auto()  # a try the citizen abandons
    EXPIRE = auto()  # of every session, and no plan's
    MUDDLE = auto()  # a payment status that no documentation has
    REFUND = auto()  # by the care desk: the session goes on saying succeeded, the list knows
    COMPLETED = auto()  # checkout.session.completed; again, it is the same event
    FAILED = auto()  # checkout.session.payment_failed
    FORGERY = auto()  # a thief's checkout.session.completed, under a secret of their own


Plan = tuple[tuple[float, Happening], ...]

_PAY, _OVERPAY, _REFUND = Happening.PAY, Happening.OVERPAY, Happening.REFUND
_FAIL, _GIVE_UP, _MUDDLE = Happening.FAIL, Happening.GIVE_UP, Happening.MUDDLE
_COMPLETED, _FAILED, _FORGERY = Happening.COMPLETED, Happening.FAILED, Happening.FORGERY


@dataclass(frozen=True, slots=True)
class Fate:
    """The first answer to the creation, and what happens once the link is handed over."""

    creation: Creation
    plan: Plan = ()


_ANSWERED, _HANGS, _BREAKS = Creation.ANSWERED, Creation.HANGS, Creation.BREAKS

FATES: Final[Mapping[str, Fate]] = {
    "00": Fate(_ANSWERED, ((1.5, _PAY), (1.5, _COMPLETED))),
    "10": Fate(_ANSWERED, ((1.5, _FAIL), (1.5, _FAILED))),
    "11": Fate(_ANSWERED, ((2, _GIVE_UP),)),
    "12": Fate(_ANSWERED),
    # Nothing rings for 20, 21 and 22: only asking tells.
    "20": Fate(_HANGS, ((1.5, _PAY),)),
    "21": Fate(_HANGS),
    "22": Fate(_BREAKS, ((1.5, _PAY),)),
    "30": Fate(_ANSWERED, ((1.5, _PAY), (1.5, _COMPLETED), (1.5, _COMPLETED))),
    "32": Fate(_ANSWERED, ((1.5, _PAY),)),
    "33": Fate(_ANSWERED, ((0.5, _FORGERY), (3, _GIVE_UP))),
    "40": Fate(_ANSWERED, ((2, _FAIL), (2, _FAILED), (8, _PAY), (8, _COMPLETED))),
    "41": Fate(_ANSWERED, ((1.5, _PAY), (1.5, _COMPLETED), (7.5, _REFUND))),
    "42": Fate(_ANSWERED, ((1.5, _OVERPAY), (1.5, _COMPLETED))),
    "43": Fate(_ANSWERED, ((0.5, _MUDDLE), (4.5, _PAY), (4.5, _COMPLETED))),
}


def fate_of(msisdn: str) -> Fate:
    """Return the fate of a number; the endings not listed are all like `00`."""
    return chosen(FATES, msisdn)
