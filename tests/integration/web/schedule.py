"""A plain model of what the door may answer, run beside the real one.

For each session it keeps the answers that the door has taken and the screen it last showed. A turn
repeats, or goes on from there, or is late or foreign. Only one that goes on from a confirmation,
and with the single key `1`, may open a payment: of the bill shown, for that caller, once.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.integration.web.citizen import SESSIONS, Door, at_once
from tests.integration.web.till import EXPIRED, attempts_of, learn

SENT = "END Vous allez recevoir"
CONFIRM = re.compile(r"CON (?:Tapez 1 ou 0\n)?Amende (\d{10})\n")
BILL_NUMBER = re.compile(r"\d{10}")

Inputs = tuple[str, ...]
Payment = tuple[str, str]  # bill number, caller


@dataclass
class Handset:
    """A telephone in one session of its gateway. `typed` is every answer so far."""

    number: str
    session_id: str
    bills: Sequence[str]  # that its owner knows of
    typed: Inputs = ()
    taken: Inputs | None = None  # what the door took; None when it has no session
    screen: str = ""

    def dial(self, session_id: str, *typed: str) -> "Turn":
        """Start a session; with an id used before, the door may still know that one."""
        if session_id != self.session_id:
            self.session_id, self.taken, self.screen = session_id, None, ""
        self.typed = typed
        return Turn(self, self.typed)

    def type(self, *answers: str) -> "Turn":
        """Answer the screen, or run ahead of it with several answers."""
        self.typed = (*self.typed, *answers)
        return Turn(self, self.typed)

    def likely_key(self, choice: int) -> str:
        """The key of somebody who means to pay."""
        if "Numéro de l'amende" in self.screen:
            return self.bills[choice % len(self.bills)]
        return "00" if "Quel téléphone" in self.screen else "1"


@dataclass(frozen=True)
class Turn:
    """A turn on its way: some copies of it, and perhaps an older one at the same moment."""

    handset: Handset
    inputs: Inputs
    copies: int = 1
    late: Inputs | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it answers the screen shown now."""
        handset = self.handset
        if handset.taken is None or handset.screen.startswith("END"):
            return False
        older = len(handset.taken)
        return len(self.inputs) > older and self.inputs[:older] == handset.taken

    @property
    def may_pay(self) -> str:
        """The bill whose confirmation it answers with the one key that pays, or nothing."""
        found = CONFIRM.match(self.handset.screen)
        taken = self.handset.taken or ()
        pays = found is not None and self.goes_on and self.inputs[len(taken) :] == ("1",)
        return found[1] if found and pays else ""


@dataclass
class World:
    """Some telephones and bills, and the payments known so far."""

    door: Door
    handsets: Sequence[Handset]
    bills: Sequence[str]
    known: Counter[Payment] = field(default_factory=Counter)

    def send(self, *turns: Turn) -> None:
        """Send turns at the same moment and judge the answers."""
        asked = [(turn, inputs) for turn in turns for inputs in [turn.inputs] * turn.copies]
        asked += [(turn, turn.late) for turn in turns if turn.late is not None]
        screens = at_once([partial(self._ask, turn.handset, inputs) for turn, inputs in asked])
        promised: Counter[Payment] = Counter()
        for turn in turns:
            mine = [shown for (one, _), shown in zip(asked, screens, strict=True) if one is turn]
            promised.update(judge(turn, mine))
        opened = self._payments()
        assert opened - self.known == promised
        self.known = opened

    def lose(self) -> None:
        """Redis forgets everything."""
        self.door.context.redis.client.flushall()
        for handset in self.handsets:
            handset.taken = None

    def fail(self) -> None:
        """The operator ends every payment under way: the bills can be paid again."""
        for bill_number in self.bills:
            if any(one.status.is_open for one in attempts_of(self.door.context, bill_number)):
                learn(self.door.context, bill_number, EXPIRED)

    def _ask(self, handset: Handset, inputs: Inputs) -> str:
        return self.door.turn(handset.number, handset.session_id, "*".join(inputs))

    def _payments(self) -> Counter[Payment]:
        found: Counter[Payment] = Counter()
        for bill_number in self.bills:
            attempts = attempts_of(self.door.context, bill_number)
            assert sum(one.status.is_open for one in attempts) <= 1
            found.update((bill_number, one.caller.e164) for one in attempts)
        return found


def judge(turn: Turn, screens: Sequence[str]) -> list[Payment]:
    """Check the answers to a turn, move the model; return the payment that was promised."""
    handset, before, bill_number = turn.handset, turn.handset.screen, turn.may_pay
    answers = set(screens[: turn.copies])
    assert len(answers) == 1, "copies of one turn were answered differently"
    (screen,) = answers
    goes_on = turn.goes_on
    if handset.taken is None or goes_on:
        handset.taken, handset.screen = turn.inputs, screen
    else:
        assert screen == before, "a repeated or late turn did not show the current screen"
    for late in screens[turn.copies :]:
        assert late in {before, screen}, "a late turn showed neither screen"
    assert set(BILL_NUMBER.findall(screen)) <= set(handset.bills), "a foreign bill was shown"
    if not (goes_on and screen.startswith(SENT)):
        return []
    assert bill_number, "a payment was promised without the key of its confirmation"
    return [(bill_number, handset.number)]


def strangers(door: Door, first: int) -> World:
    """Two callers in one session id, the first also in another; a bill each and one in common."""
    bills = [door.fine() for _ in range(3)]
    one, two = f"+22373{first:06d}", f"+22374{first:06d}"
    shared, apart = f"shared {next(SESSIONS)}", f"apart {next(SESSIONS)}"
    handsets = [
        Handset(one, shared, (bills[0], bills[2])),
        Handset(two, shared, (bills[1], bills[2])),
        Handset(one, apart, (bills[0], bills[2])),
    ]
    return World(door, handsets, bills)
