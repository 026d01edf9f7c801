"""Every screen of the dialogue, told by its words alone.

The dialogue is compiled here from the same files as in the application, and nothing of it is asked
over HTTP: so it can say which screen an answer is, and which screens a key may lead to.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import Formatter

from domain import gsm7
from menus.compiler import graph, words
from menus.engine import BACK, MORE, TOP
from menus.screens import (
    HOME,
    START,
    Ask,
    Choosing,
    Confirm,
    Find,
    Label,
    Notice,
    Option,
    Screen,
    Work,
)
from sandbox import phone
from ussd_app.usecases.edition import Edition

LANGUAGE_SCREENS = ("language", "language.choose")
_BLANK = ".+"  # a line break ends it: no value has one


@dataclass(frozen=True)
class Sight:
    """Which screen was shown, and the id of what it says is wrong (or nothing)."""

    node: str
    problem: str


class LostError(AssertionError):
    """An answer that is none of the screens it may be, or that may be two of them."""


class Atlas:
    """The screens of one edition in one language."""

    def __init__(self, edition: Edition, lang: str) -> None:
        self.lang = lang
        self.dialogue = edition.dialogue
        self.screens = frozenset(n for n, node in self.dialogue.items() if _is_screen(node))
        self.complaints = frozenset(
            problem
            for name in self.screens
            for problem in words.problems(self.dialogue, self.dialogue[name])
        )
        self._texts = edition.texts

    def recognise(self, shown: phone.Screen, places: Iterable[str]) -> Sight:
        """Return which of these screens it is. Raises LostError."""
        near = sorted(set(places))
        sights = [Sight(n, problem) for n in near for problem in self._readings(n, shown)]
        if len(sights) != 1:
            raise LostError(f"{self.lang}: {sights or 'none'} of {near}: {shown!r}")
        return sights[0]

    def landing(self, name: str) -> set[str]:
        """Return the screens that `name` is, or leads to by its effect."""
        if _is_screen(self.dialogue[name]):
            return {name}
        return {
            screen for goto in graph.exits(self.dialogue[name]) for screen in self.landing(goto)
        }

    def greetings(self) -> set[str]:
        return self.landing(START)

    def ways(self, at: str, typed: str, behind: Sequence[str] = ()) -> set[str]:
        """Return the screens an answer on the screen `at` may lead to, itself if it is wrong."""
        node = self.dialogue[at]
        if typed == TOP:
            return {HOME}
        if typed == BACK:  # from the names found one goes back to all the names
            return {*behind[-1:]} | ({at} if isinstance(node, Find) or not behind else set())
        if isinstance(node, Ask):
            return {at} | self.landing(node.then)
        options = node.options if isinstance(node, Choosing) else ()
        for option in options:
            if option.key == typed:
                return self.landing(option.goto)
        found = options if isinstance(node, Find) and typed != MORE else ()
        return {at}.union(*(self.landing(option.goto) for option in found))

    def leads_back(self, shown: phone.Screen) -> bool:
        """Whether the last line is the way back."""
        return bool(re.search(f"\n{self._pattern('nav.back')}$", shown.text))

    def language_key(self) -> str:
        """Return the key that chooses this language."""
        node = self.dialogue[LANGUAGE_SCREENS[0]]
        options: Sequence[Option] = node.options if isinstance(node, Choosing) else ()
        return next(o.key for o in options if o.sets["language"] == self.lang)

    def _readings(self, name: str, shown: phone.Screen) -> Iterator[str]:
        """Yield the problem with which this screen reads as shown: empty when there is none."""
        node = self.dialogue[name]
        if isinstance(node, Work) or shown.over != (isinstance(node, Notice) and node.ends):
            return
        for problem in ("", *words.problems(self.dialogue, node)):
            head = [problem] if problem else []
            title = "\n".join(self._pattern(text_id) for text_id in (*head, node.title))
            found = re.fullmatch(f"{title}((?:\n.*)*)", shown.text)
            if found and self._lists(node, found[1].split("\n")[1:], crowded=bool(problem)):
                yield problem

    def _lists(self, node: Screen, lines: list[str], *, crowded: bool) -> bool:
        """Whether these lines are what the screen lists: all of it, or a page of it."""
        choices = [self._line(option) for option in _options(node, crowded=crowded)]
        if isinstance(node, Notice):
            choices = [self._label(line) for line in node.lines]
        more = False
        for last, allowed in (("nav.back", not _ends(node)), ("nav.more", bool(choices))):
            if allowed and lines and re.fullmatch(self._pattern(last), lines[-1]):
                lines = lines[:-1]
                more = last == "nav.more"
        if not (more or isinstance(node, Find)):
            return len(lines) == len(choices) and _is_within(lines, choices)
        return bool(lines) and _is_within(lines, choices)

    def _line(self, option: Option) -> str:
        return f"{option.key} {self._label(option.label)}"

    def _label(self, label: Label) -> str:
        said = self._pattern(label.text_id) if label.text_id else self._escape(label.name)
        flag = f"(?: {_BLANK})?" if label.flag else ""
        return said + re.escape(label.tail) + flag

    def _pattern(self, text_id: str) -> str:
        parts = Formatter().parse(self._texts.template(self.lang, text_id))
        return "".join(
            self._escape(literal) + (_BLANK if blank is not None else "")
            for literal, blank, _, _ in parts
        )

    def _escape(self, text: str) -> str:
        return re.escape(gsm7.to_wire(text, self.lang))


def _is_screen(node: object) -> bool:
    return not isinstance(node, Work)


def _ends(node: Screen) -> bool:
    return isinstance(node, Notice) and node.ends


def _options(node: Screen, *, crowded: bool) -> list[Option]:
    if not isinstance(node, Choosing):
        return []
    crowded = crowded and isinstance(node, Confirm)
    return [option for option in node.options if not (crowded and option.extra)]


def _is_within(lines: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether each line is one of the patterns, in the same order."""
    rest = iter(patterns)
    return all(any(re.fullmatch(pattern, line) for pattern in rest) for line in lines)
