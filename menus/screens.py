"""The kinds of screen, as data. `Work` is the one kind no citizen sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from menus.protocol import Effect

Answers = Mapping[str, str]
Rule = Callable[[str, date], "Accepted | Refused"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A valid answer, in the form it is kept in."""

    value: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A wrong answer, with the id of the text that says what was wrong."""

    problem: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text by id, or a proper name (`name`), followed by `tail` as it stands."""

    text_id: str = ""
    name: str = ""
    tail: str = ""


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
class Ask:
    """A free answer checked by `rule` and kept under `into`. `skip` lets `1` leave it empty."""

    title: str
    rule: Rule
    into: str
    then: str
    skip: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """What is about to be paid, shown whole, never paged: the only door to a payment."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to read. With `ends` it closes the session; without, its `lines` are paged."""

    title: str
    ends: bool = True
    lines: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """An effect and where each outcome leads: to a node, or back with a problem."""

    effect: Callable[[Answers], Effect]
    outcomes: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)


Screen = Menu | Ask | Confirm | Notice
Node = Screen | Work
Dialogue = Mapping[str, Node]
HOME = "home"
START = "greet"
