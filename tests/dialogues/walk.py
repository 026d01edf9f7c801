"""Every screen a citizen can stand on, reached by walking the dialogue from the greeting.

A walk tries each key of each menu, a good answer and bad ones wherever something is asked, and
each way an effect can end. Sessions that differ only in their answers count as one.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from menus import engine
from menus.engine import BACK, MORE, TOP, Step
from menus.protocol import Event, Reply, Session, Told, Typed
from menus.screens import Accepted, Ask, Confirm, Dialogue, Menu, Node, Notice, Work
from tests.dialogues.world import BILL, NINA, RECEIPT, STRANGER, TODAY

GOOD = (BILL, RECEIPT, STRANGER, NINA, "2026", "999999", "9", "1")
BAD = ("", "?", "1" * 17, "99999999", "١٢٣")
FACTS = {  # all that any effect teaches
    "bill_number": BILL,
    "version": "1",
    "heading_id": "heading.fine",
    "subject_id": "service.fine",
    "line": "12/11/2026",
    "amount": "3 000 F CFA",
    "basis": "Arrêté 2024-2477",
    "paid_on": "20/11/2026",
    "before_on": "20/11/2026",
    "cancelled_on": "21/11/2026",
    "tail": BILL[-3:],
    "detail": "No 999999, 2026, Kati",
    "wallet": "orange_mp",
    "wallet_name": "Orange Money",
    "payer": "",
}
ANSWERED = FACTS | {  # and all that a citizen may have answered
    "service": "birth_copy",
    "act": "999999",
    "year": "2026",
    "place": "kati",
    "copies": "9",
    "nina": NINA,
    "language": "fr",
    "receipt_number": RECEIPT,
}


def answers(node: Node) -> Iterator[str]:
    """What may be typed on a screen: its keys, or what its rule accepts."""
    if isinstance(node, Menu | Confirm):
        yield from (option.key for option in node.options)
    elif isinstance(node, Ask):
        yield from (text for text in GOOD if isinstance(node.rule(text, TODAY), Accepted))
        yield from ("1",) if node.skip else ()


def events(node: Node, facts: Mapping[str, str]) -> Iterator[Event]:
    """Everything that may happen on a node."""
    if isinstance(node, Work):
        yield from (Told(outcome, facts) for outcome in (*node.outcomes, *node.problems))
    elif not (isinstance(node, Notice) and node.ends):
        yield from (Typed(text, TODAY) for text in (*answers(node), *BAD, BACK, TOP, MORE))


def steps(
    dialogue: Dialogue, lang: str, facts: Mapping[str, str] = FACTS
) -> Iterator[tuple[Session, Event, Step]]:
    """Walk everywhere: yield the session before each event, the event, and the step it makes."""
    first = engine.begin(dialogue, lang)
    ahead, known = deque([first[0]]), {_standing(first[0])}
    while ahead:
        session = ahead.popleft()
        for event in events(dialogue[session.node], facts):
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


def _standing(session: Session) -> tuple[str, str, tuple[str, ...], str]:
    return session.node, session.lang, session.trail[-1:], session.problem
