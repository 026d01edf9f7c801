"""From a session to the text of its screen, within a budget of septets.

The order on a screen is: what was wrong, what it is about, the choices, the way back. Only menus
and readings are paged; a page never splits an option and always keeps `0` and `98`. A screen
that cannot fit is an error of the catalogue, found when it is built (tests/dialogues).
"""

from collections.abc import Mapping, Sequence

from domain import gsm7
from domain.texts import Texts
from menus.protocol import Reply, Session
from menus.screens import Confirm, Dialogue, Label, Menu, Notice, Screen, Work

BUDGET_UNKNOWN = 152  # septets: the floor of the known gateways less a prefix
OPTIONS_MAX = 5
_TEXT_ID = "_id"
_PAGED_PROBLEMS = ("problem.choice", "problem.empty")


class ScreenTooLongError(ValueError):
    """A screen that does not fit its channel: names the screen, the language and by how much."""


def screen(dialogue: Dialogue, session: Session, reply: Reply, texts: Texts, budget: int) -> str:
    """Return the page the session stands on, in GSM-7, at most `budget` septets.

    Raises:
        ScreenTooLongError: when not even one option fits.
    """
    pages = all_pages(dialogue, session, reply, texts, budget)
    return pages[session.page % len(pages)]


def all_pages(
    dialogue: Dialogue, session: Session, reply: Reply, texts: Texts, budget: int
) -> list[str]:
    """Return every page of the session's screen, in order."""
    node = dialogue[session.node]
    if isinstance(node, Work):
        message = f"{session.node} is no screen"
        raise TypeError(message)
    words = _Words(texts, session.lang, session.answers)
    problem = [words.get(session.problem)] if session.problem else []
    back = [] if reply.ends or not session.trail else [words.get("nav.back")]
    choices = _choices(node, words, crowded=bool(problem))
    whole = "\n".join([*problem, words.get(node.title), *choices, *back])
    try:
        if len(choices) <= OPTIONS_MAX and _septets(whole) <= budget:
            return [whole]
        if isinstance(node, Confirm) or len(choices) <= 1:
            _refuse(whole, budget)
        return _pages([*problem, words.get(node.title)], choices, back, words, budget)
    except ScreenTooLongError as error:
        message = f"{session.node} in {session.lang}: {error}"
        raise ScreenTooLongError(message) from None


class _Words:
    """The texts of one language with the answers of one session filled in."""

    def __init__(self, texts: Texts, lang: str, answers: Mapping[str, str]) -> None:
        self._texts = texts
        self._lang = lang
        spelled = {
            name.removesuffix(_TEXT_ID): texts.get(lang, value, **answers)
            for name, value in answers.items()
            if name.endswith(_TEXT_ID) and value
        }
        self._values = {**answers, **spelled}

    def get(self, text_id: str) -> str:
        return gsm7.to_wire(self._texts.get(self._lang, text_id, **self._values))

    def label(self, label: Label) -> str:
        return (self.get(label.text_id) if label.text_id else gsm7.to_wire(label.name)) + label.tail


def _choices(node: Screen, words: _Words, *, crowded: bool) -> list[str]:
    if isinstance(node, Menu | Confirm):
        shown = [option for option in node.options if not (crowded and option.extra)]
        lines = [f"{option.key} {words.label(option.label)}" for option in shown]
        return ["\n".join(lines)] if isinstance(node, Confirm) else lines
    if isinstance(node, Notice):
        return [words.label(line) for line in node.lines]
    return []


def _pages(
    head: list[str], choices: list[str], back: list[str], words: _Words, budget: int
) -> list[str]:
    """Cut the choices where they would be cut with the longest problem shown.

    So a wrong answer never moves a choice to another page.
    """
    foot = [words.get("nav.more"), *back]
    longest = max((words.get(text_id) for text_id in _PAGED_PROBLEMS), key=_septets)
    tallest = [longest, head[-1]]
    pages: list[str] = []
    rest: Sequence[str] = choices
    while rest:
        taken = _fitting(tallest, rest, foot, budget)
        pages.append("\n".join([*head, *rest[:taken], *foot]))
        rest = rest[taken:]
    return pages


def _fitting(head: list[str], rest: Sequence[str], foot: list[str], budget: int) -> int:
    for taken in range(min(OPTIONS_MAX, len(rest)), 0, -1):
        if _septets("\n".join([*head, *rest[:taken], *foot])) <= budget:
            return taken
    return _refuse("\n".join([*head, rest[0], *foot]), budget)


def _refuse(page: str, budget: int) -> int:
    message = f"{_septets(page) - budget} septets over {budget}"
    raise ScreenTooLongError(message)


def _septets(text: str) -> int:
    count = gsm7.septets(text)
    if count is None:
        message = "a screen left GSM-7"
        raise ScreenTooLongError(message)
    return count
