"""From a session to the text of its screen, within a budget of septets.

The order on a screen is: what was wrong, what it is about, the choices, the way back. Only menus
and readings are paged; a page never splits an option and always keeps `0` and `98`. A screen
that cannot fit is an error of the catalogue, found when it is compiled (compiler.py).
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from msgspec.structs import replace

from domain import gsm7
from domain.texts import Texts
from menus import finding
from menus.engine import BACK, MORE
from menus.protocol import Reply, Session
from menus.screens import Ask, Choosing, Confirm, Dialogue, Find, Label, Notice, Screen, Work

BUDGETS = (152, 160, 182)  # septets: unknown gateways, what most promise, the network's limit
BUDGET_UNKNOWN = 152  # septets: the floor of the known gateways less a prefix
OPTIONS_MAX = 5
_TEXT_ID = "_id"
_PAGED_PROBLEMS = ("problem.choice", "problem.empty")
_Standing = tuple[str, str, str, bool]


class ScreenTooLongError(ValueError):
    """A screen that does not fit its channel, by `over` septets."""

    def __init__(self, reason: str, over: int = 0) -> None:
        super().__init__(reason)
        self.over = over


def screen(dialogue: Dialogue, session: Session, reply: Reply, texts: Texts, budget: int) -> str:
    """Return the page the session stands on, in GSM-7, at most `budget` septets.

    Raises:
        ScreenTooLongError: when not even one option fits.
    """
    pages = all_pages(dialogue, session, reply, texts, budget)
    return pages[session.page % len(pages)]


class Pages:
    """The screens of one dialogue on one channel. Those that name nothing are written once."""

    def __init__(self, dialogue: Dialogue, texts: Texts, budget: int) -> None:
        self._dialogue = dialogue
        self._texts = texts
        self._budget = budget
        self._written: dict[_Standing, list[str] | None] = {}

    def screen(self, session: Session, reply: Reply) -> str:
        """Return the page the session stands on, in GSM-7, at most the channel's septets.

        Raises:
            ScreenTooLongError: when not even one option fits.
        """
        pages = self._same_for_all(session, reply)
        if pages is None or session.sought:
            pages = all_pages(self._dialogue, session, reply, self._texts, self._budget)
        return pages[session.page % len(pages)]

    def _same_for_all(self, session: Session, reply: Reply) -> list[str] | None:
        standing = (session.node, session.lang, session.problem, bool(session.trail))
        if standing not in self._written:
            bare = replace(session, answers={}, sought="")
            node = self._dialogue[session.node]
            flagged = isinstance(node, Choosing) and any(o.label.flag for o in node.options)
            try:
                pages = all_pages(self._dialogue, bare, reply, self._texts, self._budget)
            except KeyError:  # a blank to be filled from the answers
                self._written[standing] = None
            else:
                self._written[standing] = None if flagged else pages
        return self._written[standing]


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
    behind = session.trail or session.sought
    back = [words.get("nav.back")] if behind and not reply.ends else []
    choices = _choices(node, session, words, crowded=bool(problem))
    whole = "\n".join([*problem, words.get(node.title), *choices, *back])
    try:
        if len(choices) <= OPTIONS_MAX and _septets(whole) <= budget:
            return [whole]
        if isinstance(node, Confirm) or len(choices) <= 1:
            _refuse(whole, budget)
        title, foot = words.get(node.title), [words.get("nav.more"), *back]
        tallest = [_longest_problem(node, words), title]
        return _pages([*problem, title], tallest, choices, foot, budget)
    except ScreenTooLongError as error:
        message = f"{session.node} in {session.lang}: {error}"
        raise ScreenTooLongError(message, error.over) from None


def lines(dialogue: Dialogue, session: Session, texts: Texts) -> list[str]:
    """Return what the session's screen lists, one choice or line each, in order."""
    node = dialogue[session.node]
    words = _Words(texts, session.lang, session.answers)
    return [] if isinstance(node, Work) else _choices(node, session, words, crowded=False)


def count_choices(dialogue: Dialogue, session: Session, text: str) -> int:
    """Return how many of the last lines of a page of the session's screen are choices.

    None are where a text is asked for: the keys are answers among others there.
    """
    node = dialogue[session.node]
    if isinstance(node, Ask | Find):
        return 0
    keys = {BACK, MORE}
    if isinstance(node, Choosing):
        keys |= {option.key for option in node.options}
    lines = text.split("\n")[1:]
    return sum(1 for _ in takewhile(lambda line: line.partition(" ")[0] in keys, reversed(lines)))


def values(texts: Texts, lang: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Return what fills the blanks: the answers, and the texts that some of them name."""
    spelled = {
        name.removesuffix(_TEXT_ID): texts.get(lang, value, **answers)
        for name, value in answers.items()
        if name.endswith(_TEXT_ID) and value
    }
    return {**answers, **spelled}


class _Words:
    """The texts of one language with the answers of one session filled in."""

    def __init__(self, texts: Texts, lang: str, answers: Mapping[str, str]) -> None:
        self._texts = texts
        self._lang = lang
        self._values = values(texts, lang, answers)

    def get(self, text_id: str) -> str:
        return self._wire(self._texts.get(self._lang, text_id, **self._values))

    def label(self, label: Label) -> str:
        said = self.get(label.text_id) if label.text_id else self._wire(label.name)
        flag = self._values.get(label.flag, "")
        return said + label.tail + (f" {self._wire(flag)}" if flag else "")

    def _wire(self, text: str) -> str:
        return gsm7.to_wire(text, self._lang)


def _choices(node: Screen, session: Session, words: _Words, *, crowded: bool) -> list[str]:
    if isinstance(node, Choosing):
        shown = [option for option in node.options if not (crowded and option.extra)]
        if isinstance(node, Find) and session.sought:
            shown = list(finding.matching(node.options, session.sought))
        lines = [f"{option.key} {words.label(option.label)}" for option in shown]
        return ["\n".join(lines)] if isinstance(node, Confirm) else lines
    if isinstance(node, Notice):
        return [words.label(line) for line in node.lines]
    return []


def _longest_problem(node: Screen, words: _Words) -> str:
    own = (node.problem,) if isinstance(node, Find) else ()
    return max((words.get(text_id) for text_id in (*_PAGED_PROBLEMS, *own)), key=_septets)


def _pages(
    head: list[str], tallest: list[str], choices: list[str], foot: list[str], budget: int
) -> list[str]:
    """Cut the choices where they would be cut under the tallest head, with the longest problem.

    So a wrong answer never moves a choice to another page.
    """
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
    over = _septets(page) - budget
    message = f"{over} septets over {budget}"
    raise ScreenTooLongError(message, over)


def _septets(text: str) -> int:
    count = gsm7.septets(text)
    if count is None:
        message = "a screen left GSM-7"
        raise ScreenTooLongError(message)
    return count
