"""The kinds of screen, as data. `Work` is the one kind no citizen sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from menus.protocol import Effect

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A valid answer, in the form it is kept in."""

    value: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A wrong answer, with the id of the text that says what was wrong."""

    problem: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be typed: `check` returns the form to keep, or None, which `problem` explains.

    `sample` is a good answer in digits, or empty when a keypad has none.
    """

    check: Callable[[str, date], str | None]
    problem: str
    sample: str = ""

    def __call__(self, text: str, today: date) -> Accepted | Refused:
        """Judge an answer given on `today`."""
        value = self.check(text, today)
        return Refused(self.problem) if value is None else Accepted(value)


@dataclass(frozen=True, slots=True)
class Label:
    """A text by id, or a proper name (`name`), followed by `tail` as it stands.

    `flag` names an answer that, when there is one, is written after it: what is wrong with it now.
    """

    text_id: str = ""
    name: str = ""
    tail: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One numbered choice: the key, what it says, where it leads, what it records.

    An `extra` one still answers, but leaves its line to the problem when there is one.
    """

    key: str
    label: Label
    goto: str
    sets: Answers = field(default_factory=dict)
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A choice among options; paged when there are more than fit."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Find:
    """A choice among many names: by key, by paging, or by the first letters of a word.

    The letters may be typed as letters or, on a keypad, as the digits they stand on (three or
    more, so that they are not a key). One name found is chosen; several are listed under the keys
    they always have; none is `problem`.
    """

    title: str
    options: tuple[Option, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A free answer checked by `rule` and kept under `into`. `skip` lets `1` leave it empty.

    A `literal` answer is taken whole, `*` and all, where others run on to the next screens. `pays`:
    the answer is itself the consent, a password the citizen obtained from the operator after the
    confirmation.
    """

    title: str
    rule: Rule
    into: str
    then: str
    skip: bool = False
    literal: bool = False
    pays: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """What is about to be paid, shown whole, never paged: the only door to a payment.

    `again` is the work that finds anew what is confirmed, for whoever comes back later.
    """

    title: str
    options: tuple[Option, ...]
    again: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to read. With `ends` it closes the session; without, its `lines` are paged."""

    title: str
    ends: bool = True
    lines: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """An effect and where each outcome leads: to a node, or back with a problem.

    `pays`: the effect may move money, so only the first key of a Confirm may lead here, or an Ask
    that says so.
    """

    effect: Callable[[Answers], Effect]
    outcomes: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    pays: bool = False


Screen = Menu | Find | Ask | Confirm | Notice
Choosing = Menu | Find | Confirm
Node = Screen | Work
Dialogue = Mapping[str, Node]
HOME = "home"
START = "greet"
