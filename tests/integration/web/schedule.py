"""A plain model of what the door may answer, run beside the real one.

For each session it keeps the answers that the door has taken and the screen it last showed. A turn
repeats, or goes on from there, or is late or foreign. Only one that goes on from a confirmation,
and with the single key `1`, may open a payment: of the bill shown, for that caller, once. What a
new session offers to take up, or tells of a payment, must be that caller's own.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import text

from domain.payment import Status
from tests.integration.web.citizen import EVENTS, SESSIONS, Door, at_once, farewell
from tests.integration.web.till import EXPIRED, learn, messages_of
from tests.integration.web.words import con, end, words

LANGUAGES = ("fr", "bm")  # either may be chosen by a key that was meant for something else
OFFERS = tuple(con("greet.resume", lang) for lang in LANGUAGES)
OF_A_PAYMENT = tuple(
    con(f"greet.{name}", lang)
    for name in ("under_way", "paid", "unpaid", "doubt")
    for lang in LANGUAGES
)
SENT = tuple(end("pay.sent", lang, wallet_name="Orange Money") for lang in LANGUAGES)
PAYS = {f"1 {words('option.pay', lang, wallet_name='Orange Money')}" for lang in LANGUAGES}
BILL_NUMBER = re.compile(r"\d{10}")
REQUEST = "a request"  # its confirmation shows no number

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
        if self.shows("ask.bill_number"):
            return self.bills[choice % len(self.bills)]
        return "00" if self.shows("title.whose") else "1"

    def shows(self, text_id: str) -> bool:
        """Whether its screen says a text."""
        return any(words(text_id, lang) in self.screen for lang in LANGUAGES)


@dataclass(frozen=True)
class Turn:
    """A turn on its way: some copies of it, and perhaps an older one at the same moment.

    `cut`: what the gateway says at that moment of the end of the session, if it says so.
    """

    handset: Handset
    inputs: Inputs
    copies: int = 1
    late: Inputs | None = None
    cut: str = ""

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
        """What is confirmed on the screen that it answers with the one key that pays."""
        lines, taken = self.handset.screen.splitlines(), self.handset.taken or ()
        shown = not PAYS.isdisjoint(lines) and self.goes_on
        if not (shown and self.inputs[len(taken) :] == ("1",)):
            return ""
        found = BILL_NUMBER.search("\n".join(lines[:2]))
        return found[0] if found else REQUEST


@dataclass
class World:
    """Some telephones and bills, and the payments known so far.

    `left` holds the numbers that have answered a screen of a session of theirs: only they can have
    left something in the middle.
    """

    door: Door
    handsets: Sequence[Handset]
    bills: Sequence[str]
    known: Counter[Payment] = field(default_factory=Counter)
    left: set[str] = field(default_factory=set)

    def send(self, *turns: Turn) -> None:
        """Send turns at the same moment and judge the answers."""
        asked = [(turn, inputs) for turn in turns for inputs in [turn.inputs] * turn.copies]
        asked += [(turn, turn.late) for turn in turns if turn.late is not None]
        self.left |= {turn.handset.number for turn in turns if turn.goes_on}
        cuts = [partial(self.hang_up, turn.handset, turn.cut) for turn in turns if turn.cut]
        asks = [partial(self._ask, turn.handset, inputs) for turn, inputs in asked]
        screens = at_once([*asks, *cuts])[: len(asks)]
        promised: Counter[Payment] = Counter()
        for turn in turns:
            mine = [shown for (one, _), shown in zip(asked, screens, strict=True) if one is turn]
            promised.update(judge(turn, mine))
        opened = self._payments()
        assert opened - self.known == promised
        self.known = opened
        for (turn, _), screen in zip(asked, screens, strict=True):
            self._judge_greeting(turn.handset.number, screen)

    def hang_up(self, handset: Handset, status: str) -> str:
        """Let the gateway say that a session is over."""
        body = farewell(handset.number, handset.session_id, status)
        answer = self.door.post(EVENTS, body)
        assert answer.status_code == 200
        return ""

    def lose(self) -> None:
        """Redis forgets everything."""
        self.door.context.redis.client.flushall()
        for handset in self.handsets:
            handset.taken = None

    def fail(self) -> None:
        """The operator ends every payment under way: the bills can be paid again."""
        for bill_number, _, status in self._attempts():
            if Status(status).is_open:
                learn(self.door.context, bill_number, EXPIRED)

    def close(self) -> None:
        """At the end of it all: nothing was opened unseen, and nobody was told of another's."""
        assert self._payments() == self.known
        told: Counter[Payment] = Counter()
        for to, message in messages_of(self.door.context, "sms.under_way"):
            told.update((self._named(found), to) for found in BILL_NUMBER.findall(message))
        assert told <= self.known, "a stranger was told, or the same payment told of twice"

    def _judge_greeting(self, number: str, screen: str) -> None:
        if screen.startswith(OFFERS):
            assert number in self.left, "what another left was offered"
        if screen.startswith(OF_A_PAYMENT):
            callers = {caller for _, caller in self.known}
            assert number in callers, "a payment of another was told"

    def _ask(self, handset: Handset, inputs: Inputs) -> str:
        return self.door.turn(handset.number, handset.session_id, "*".join(inputs))

    def _payments(self) -> Counter[Payment]:
        attempts = self._attempts()
        under_way = Counter(bill for bill, _, status in attempts if Status(status).is_open)
        assert set(under_way.values()) <= {1}, "a bill is being paid twice"
        return Counter((self._named(bill), caller) for bill, caller, _ in attempts)

    def _attempts(self) -> list[tuple[str, str, str]]:
        callers = [handset.number for handset in self.handsets]
        mine = text("SELECT bill_number, caller, status FROM attempts WHERE caller = ANY(:callers)")
        with self.door.context.db.read() as tx:
            return [(row[0], row[1], row[2]) for row in tx.execute(mine, {"callers": callers})]

    def _named(self, bill_number: str) -> str:
        return bill_number if bill_number in self.bills else REQUEST


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
