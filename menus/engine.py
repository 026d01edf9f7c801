"""`step`: the whole of what moves a session.

Rule 1: everything that changes a session is in this file, and it is pure.
Rule 2: `0` goes back, `00` goes home, `98` turns the page, everywhere; except that `98` is an
ordinary answer where something is asked, for an act may well be number 98.
Rule 3: a wrong answer changes nothing but `problem`, which the screen shows when it asks again.
Rule 4: an answer that carries a `*` on a Confirm is wrong: nothing is paid in passing.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from menus.protocol import Effect, Event, Reply, Session, Told, Typed
from menus.screens import (
    HOME,
    START,
    Accepted,
    Ask,
    Confirm,
    Dialogue,
    Menu,
    Node,
    Notice,
    Work,
)

BACK, TOP, MORE = "0", "00", "98"
SKIP = "1"
TRAIL_MAX = 16
LANG_ANSWER = "lang"

Step = tuple[Session, Reply | Effect]


class DialogueError(RuntimeError):
    """The driver fed an event the session is not waiting for: a bug, and nothing happened."""


def begin(dialogue: Dialogue, lang: str) -> Step:
    """Start a session in `lang` at the greeting."""
    return _arrive(dialogue, Session(node=START, lang=lang), START)


def step(dialogue: Dialogue, session: Session, event: Event) -> Step:
    """Return the session after `event`, and what to show or do.

    Raises:
        DialogueError: an answer while an effect is awaited, or the reverse, or an outcome the
            dialogue does not foresee.
    """
    node = dialogue[session.node]
    if isinstance(event, Told):
        return _told(dialogue, session, node, event)
    if isinstance(node, Work):
        message = f"{session.node} waits for an outcome, not for an answer"
        raise DialogueError(message)
    return _typed(dialogue, session, node, event)


def reply(dialogue: Dialogue, session: Session) -> Reply:
    """Return how the screen the session stands on is shown."""
    node = dialogue[session.node]
    return Reply(
        ends=isinstance(node, Notice) and node.ends,
        decides=isinstance(node, Confirm),
    )


def _told(dialogue: Dialogue, session: Session, node: Node, event: Told) -> Step:
    if not isinstance(node, Work):
        message = f"{session.node} waits for an answer, not for an outcome"
        raise DialogueError(message)
    facts = dict(event.facts)
    session = replace(session, lang=facts.pop(LANG_ANSWER, session.lang))
    session = replace(session, answers={**session.answers, **facts})
    if event.outcome in node.problems:
        previous = session.trail[-1] if session.trail else HOME
        session = replace(session, node=previous, trail=session.trail[:-1])
        return _stay(dialogue, session, node.problems[event.outcome])
    if event.outcome not in node.outcomes:
        message = f"{session.node} does not foresee {event.outcome}"
        raise DialogueError(message)
    return _arrive(dialogue, session, node.outcomes[event.outcome])


def _typed(dialogue: Dialogue, session: Session, node: Node, event: Typed) -> Step:
    text = _said(event)
    if text == TOP:
        return _arrive(dialogue, Session(node=HOME, lang=session.lang), HOME)
    if text == BACK:
        return _back(dialogue, session)
    if isinstance(node, Ask):
        return _asked(dialogue, session, node, event)
    return _chosen(dialogue, session, node, text)


def _chosen(dialogue: Dialogue, session: Session, node: Node, text: str) -> Step:
    if text == MORE and not isinstance(node, Confirm):
        return _stay(dialogue, replace(session, page=session.page + 1), "")
    options = node.options if isinstance(node, Menu | Confirm) else ()
    for option in options:
        if option.key == text:
            return _leave(dialogue, session, option.goto, option.sets)
    if isinstance(node, Confirm):
        return _stay(dialogue, session, "problem.confirm")
    return _stay(dialogue, session, "problem.choice" if text else "problem.empty")


def _asked(dialogue: Dialogue, session: Session, node: Ask, event: Typed) -> Step:
    text = _said(event)
    if not text:
        return _stay(dialogue, session, "problem.empty")
    if node.skip and text == SKIP:
        return _leave(dialogue, session, node.then, {node.into: ""})
    verdict = node.rule(text, event.today)
    if isinstance(verdict, Accepted):
        return _leave(dialogue, session, node.then, {node.into: verdict.value})
    return _stay(dialogue, session, verdict.problem)


def _said(event: Typed) -> str:
    """A `#` at the end is the habit of a dialling hand."""
    return event.text.strip().rstrip("#").rstrip()


def _back(dialogue: Dialogue, session: Session) -> Step:
    if not session.trail:
        return _stay(dialogue, session, "")
    back = replace(session, node=session.trail[-1], trail=session.trail[:-1], page=0)
    return _stay(dialogue, back, "")


def _leave(dialogue: Dialogue, session: Session, goto: str, sets: Mapping[str, str]) -> Step:
    trail = (*session.trail, session.node)[-TRAIL_MAX:]
    return _arrive(
        dialogue, replace(session, trail=trail, answers={**session.answers, **sets}), goto
    )


def _arrive(dialogue: Dialogue, session: Session, goto: str) -> Step:
    session = replace(session, node=goto, page=0, problem="")
    if goto == HOME:  # a new start: nothing of the former errand follows
        session = Session(node=HOME, lang=session.lang)
    node = dialogue[goto]
    if isinstance(node, Work):
        return session, node.effect(session.answers)
    return session, reply(dialogue, session)


def _stay(dialogue: Dialogue, session: Session, problem: str) -> Step:
    session = replace(session, problem=problem)
    return session, reply(dialogue, session)
