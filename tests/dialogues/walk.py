"""Every screen a citizen can stand on, reached by walking the dialogue from the greeting.

A walk tries each key of each menu, a good answer and bad ones wherever something is asked, and
each way an effect can end. Sessions that differ only in their answers count as one.
"""

from collections import deque
from collections.abc import Iterator

from menus import engine
from menus.engine import BACK, MORE, TOP, Step
from menus.protocol import (
    Event,
    FindBill,
    Reply,
    RequestBill,
    Restored,
    Resume,
    Session,
    Told,
    Typed,
)
from menus.screens import HOME, Accepted, Ask, Choosing, Dialogue, Find, Node, Notice, Work
from registries import fines
from tests.dialogues import world
from tests.dialogues.world import BILL, CATALOGUE, NINA, RECEIPT, STRANGER, TODAY

Walked = tuple[Session, Event, Step]
GOOD = (BILL, RECEIPT, STRANGER, NINA, "2026", "999999", "9", "1")
BAD = ("", "?", "1" * 17, "99999999", "١٢٣")
SOUGHT = ("com", "266", "kati", "zzz", "99")  # several names, so on a keypad, one, none, no key
FACTS = {  # all that any effect teaches
    "bill_number": BILL,
    "version": "1",
    "heading_id": "heading.fine",
    "subject_id": "service.fine",
    "line_id": "line.dated",
    "day": "12/11/2026",
    "amount": "3 000 F CFA",
    "basis": "Arrêté 2024-2477",
    "paid_on": "20/11/2026",
    "before_on": "20/11/2026",
    "cancelled_on": "21/11/2026",
    "tail": BILL[-3:],
    "detail": "No 999999, 2026, Kati",
    "wallet": "orange_mp",
    "wallet_name": "Orange Money",
}
ANSWERED = FACTS | {  # and all that a citizen may have answered
    "payer": STRANGER,
    "service": "birth_copy",
    "act": "999999",
    "year": "2026",
    "place": "kati",
    "copies": "9",
    "nina": NINA,
    "language": "fr",
    "receipt_number": RECEIPT,
    "recipient": STRANGER,
}
# What may have been left in the middle: a question, a confirmation, and what is no more.
CUT = (
    Session("fine.number", "fr", (HOME,)),
    Session("bill.confirm", "fr", (HOME, "fine.number"), ANSWERED),
    Session("screen.of_before", "fr", (HOME,)),
)


def answers(node: Node) -> Iterator[str]:
    """What may be typed on a screen: its keys, what its names begin with, what its rule accepts."""
    if isinstance(node, Choosing):
        yield from (option.key for option in node.options)
    if isinstance(node, Find):
        yield from SOUGHT
    if isinstance(node, Ask):
        yield from (text for text in GOOD if isinstance(node.rule(text, TODAY), Accepted))
        yield from ("1",) if node.skip else ()


OFFERED = world.facts_of_bill(fines.record(CATALOGUE, "demo_parking", BILL, TODAY))
PAYER = {name: value for name, value in OFFERED.items() if name == "payer"}


def told(node: Work, outcome: str) -> Told:
    """The end of an effect, with what the application tells of who pays."""
    if isinstance(node.effect(ANSWERED), FindBill | RequestBill):
        return Told(outcome, FACTS | PAYER)
    return Told(outcome, FACTS | ({"payer": STRANGER} if outcome == "opened_other" else {}))


def events(node: Node) -> Iterator[Event]:
    """Everything that may happen on a node."""
    if isinstance(node, Work):
        yield from (told(node, outcome) for outcome in (*node.outcomes, *node.problems))
        if isinstance(node.effect(ANSWERED), Resume):
            yield from (Restored(session) for session in CUT)
    elif not (isinstance(node, Notice) and node.ends):
        yield from (Typed(text, TODAY) for text in (*answers(node), *BAD, BACK, TOP, MORE))


_walked: dict[tuple[int, str], tuple[Dialogue, list[Walked]]] = {}


def steps(dialogue: Dialogue, lang: str) -> list[Walked]:
    """Walk everywhere, once: the session before each event, the event, and the step it makes."""
    known = (id(dialogue), lang)
    if known not in _walked:
        _walked[known] = dialogue, list(_walk(dialogue, lang))
    return _walked[known][1]


def _walk(dialogue: Dialogue, lang: str) -> Iterator[Walked]:
    first = engine.begin(dialogue, lang)
    ahead, known = deque([first[0]]), {_standing(first[0])}
    while ahead:
        session = ahead.popleft()
        for event in events(dialogue[session.node]):
            step = engine.step(dialogue, session, event)
            yield session, event, step
            if _standing(step[0]) not in known:
                known.add(_standing(step[0]))
                ahead.append(step[0])


def screens(dialogue: Dialogue, lang: str) -> list[tuple[Session, Reply]]:
    """One session for each screen, what lies right behind it and what is wrong on it."""
    found = {
        _standing(session): (session, outcome)
        for _, _, (session, outcome) in steps(dialogue, lang)
        if isinstance(outcome, Reply) and session.lang == lang
    }
    return list(found.values())


def _standing(session: Session) -> tuple[str, str, tuple[str, ...], str, str]:
    return session.node, session.lang, session.trail[-1:], session.problem, session.sought
