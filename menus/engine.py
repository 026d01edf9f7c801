"""`step`: the whole of what moves a session.

Rule 1: everything that changes a session is in this file, and it is pure.
Rule 2: `0` goes back, `00` goes home, `98` turns the page, everywhere; except that `98` is an
ordinary answer where something is asked, for an act may well be number 98.
Rule 3: a wrong answer changes nothing but `problem`, which the screen shows when it asks again.
Rule 4: an answer that carries a `*` on a Confirm is wrong: nothing is paid in passing.
Rule 5: only a Confirm leads to a payment, and one taken up again is found anew, never remembered.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from menus import finding
from menus.protocol import Effect, Event, OpenPayment, Reply, Restored, Session, Told, Typed
from menus.screens import (
    HOME,
    START,
    Accepted,
    Ask,
    Choosing,
    Confirm,
    Dialogue,
    Find,
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
    if isinstance(event, Typed):
        if isinstance(node, Work):
            message = f"{session.node} waits for an outcome, not for an answer"
            raise DialogueError(message)
        return _typed(dialogue, session, node, event)
    if not isinstance(node, Work):
        message = f"{session.node} waits for an answer, not for an outcome"
        raise DialogueError(message)
    if isinstance(event, Restored):
        return _restored(dialogue, session, event.session)
    return _told(dialogue, session, node, event)


def reply(dialogue: Dialogue, session: Session) -> Reply:
    """Return how the screen the session stands on is shown."""
    node = dialogue[session.node]
    typed = any(isinstance(dialogue[name], Ask | Find) for name in session.trail)
    return Reply(
        ends=isinstance(node, Notice) and node.ends,
        decides=isinstance(node, Confirm),
        literal=isinstance(node, Ask) and node.literal,
        kept=isinstance(node, Confirm) or (isinstance(node, Ask | Find | Choosing) and typed),
    )


def stands_on(dialogue: Dialogue, session: Session) -> bool:
    """Whether a session, perhaps of another edition of the dialogue, stands on its screens."""
    return {session.node, *session.trail} <= dialogue.keys()


def _restored(dialogue: Dialogue, session: Session, kept: Session) -> Step:
    """Go on where `kept` stood, in today's language; what was to be paid is found anew."""
    if not stands_on(dialogue, kept) or isinstance(dialogue[kept.node], Work):
        return _arrive(dialogue, session, HOME)
    trail, goto = kept.trail, kept.node
    for behind, name in enumerate((*kept.trail, kept.node)):
        node = dialogue[name]
        if isinstance(node, Confirm):  # or 0 and the choice of a wallet would lead to what it said
            trail, goto = kept.trail[:behind], node.again
            break
    try:
        return _arrive(dialogue, replace(kept, lang=session.lang, trail=trail), goto)
    except KeyError:  # it lacks an answer that the screens of today need
        return _arrive(dialogue, session, HOME)


def _told(dialogue: Dialogue, session: Session, node: Work, event: Told) -> Step:
    facts = dict(event.facts)
    session = replace(session, lang=facts.pop(LANG_ANSWER, session.lang))
    known = {**session.answers, **facts}
    session = replace(session, answers={name: told for name, told in known.items() if told})
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
    options = node.options if isinstance(node, Choosing) else ()
    for option in options:
        if option.key == text:
            return _leave(dialogue, session, option.goto, option.sets)
    if isinstance(node, Find) and text:
        return _sought(dialogue, session, node, text)
    if isinstance(node, Confirm):
        return _stay(dialogue, session, "problem.confirm")
    return _stay(dialogue, session, "problem.choice" if text else "problem.empty")


def _sought(dialogue: Dialogue, session: Session, node: Find, text: str) -> Step:
    found = finding.matching(node.options, text)
    if not found:
        wrong = "problem.choice" if text.isdigit() and len(text) < finding.DIGITS_MIN else ""
        return _stay(dialogue, session, wrong or node.problem)
    if len(found) == 1:
        return _leave(dialogue, session, found[0].goto, found[0].sets)
    return _stay(dialogue, replace(session, page=0, sought=text), "")


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
    if session.sought:  # from the names found to all of them
        return _stay(dialogue, replace(session, page=0, sought=""), "")
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
    session = replace(session, node=goto, page=0, problem="", sought="")
    if goto == HOME:  # a new start: nothing of the former errand follows
        session = Session(node=HOME, lang=session.lang)
    node = dialogue[goto]
    if not isinstance(node, Work):
        return session, reply(dialogue, session)
    effect = node.effect(session.answers)
    if isinstance(effect, OpenPayment) and not node.pays:
        message = f"{goto} opens a payment and does not say so"
        raise DialogueError(message)
    return session, effect


def _stay(dialogue: Dialogue, session: Session, problem: str) -> Step:
    session = replace(session, problem=problem)
    return session, reply(dialogue, session)
