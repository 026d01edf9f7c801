"""The dialogue as a map: every road leads somewhere, and only one kind of door opens a payment."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from menus.compiler.flaw import DIALOGUE, Flaw
from menus.engine import BACK, MORE, SKIP, TOP
from menus.screens import (
    HOME,
    START,
    Accepted,
    Ask,
    Choosing,
    Confirm,
    Dialogue,
    Find,
    Menu,
    Node,
    Notice,
    Work,
)

LEVELS_MAX = 4
OPTIONS_MAX = 5  # of a screen that is never paged
PAY = "1"


def flaws(dialogue: Dialogue, files: Mapping[str, str], day: date) -> Iterator[Flaw]:
    """Yield what is wrong with the graph, on `day`."""
    for name in (START, HOME):
        if name not in dialogue:
            yield Flaw(DIALOGUE, name, "the dialogue has no such node")
            return
    reached = _reached(dialogue)
    for name, node in dialogue.items():
        for reason in (*_of_node(dialogue, node), *_of_kind(dialogue, node, day)):
            yield Flaw(file_of(name, files), name, reason)
        if name not in reached:
            yield Flaw(file_of(name, files), name, "no way leads here")
    yield from _levels(dialogue, files)


def exits(node: Node) -> list[str]:
    """Where a node leads, without the ways back."""
    match node:
        case Menu(options=options) | Confirm(options=options) | Find(options=options):
            return [option.goto for option in options]
        case Ask(then=then):
            return [then]
        case Work(outcomes=outcomes):
            return list(outcomes.values())
        case Notice():
            return []


def file_of(name: str, files: Mapping[str, str]) -> str:
    """Return the file a node comes from: the catalogue's, for the fields of a service."""
    kind, _, rest = name.partition(".")
    return files.get(rest.partition(".")[0], DIALOGUE) if kind == "request" else DIALOGUE


def _reached(dialogue: Dialogue) -> set[str]:
    reached, ahead = {START}, [START]
    while ahead:
        for name in exits(dialogue[ahead.pop()]):
            if name in dialogue and name not in reached:
                reached.add(name)
                ahead.append(name)
    return reached


def _of_node(dialogue: Dialogue, node: Node) -> Iterator[str]:
    """What must hold whatever the kind."""
    for goto in dict.fromkeys(exits(node)):
        if goto not in dialogue:
            yield f"it leads to {goto}, which is not there"
            continue
        there = dialogue[goto]
        consents = isinstance(node, Confirm) or (isinstance(node, Ask) and node.pays)
        if isinstance(there, Work) and there.pays and not consents:
            yield f"it leads to the payment {goto}, and only a confirmation may"
        if isinstance(there, Ask) and there.pays and not (isinstance(node, Work) and node.pays):
            yield f"it leads to {goto}, which pays, and no confirmation was before it"
    if isinstance(node, Choosing):
        yield from _of_keys(node)


def _of_keys(node: Choosing) -> Iterator[str]:
    keys = [option.key for option in node.options]
    if not keys:
        yield "a dead end: there is nothing to choose"
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        yield f"key {twice} is there twice"
    for key in keys:
        if not (key.isascii() and key.isdigit()):
            yield f"key {key!r} is not on a keypad"
        if key in {BACK, TOP, MORE}:
            yield f"key {key} is one of the ways back and on"
    for option in node.options:
        if bool(option.label.text_id) == bool(option.label.name):
            yield f"option {option.key} needs a text or a name, and not both"


def _of_kind(dialogue: Dialogue, node: Node, day: date) -> Iterator[str]:
    """What must hold for one kind of node."""
    match node:
        case Confirm():
            yield from _of_confirm(dialogue, node)
        case Work(outcomes=outcomes, problems=problems):
            if not outcomes:
                yield "a dead end: the effect has no outcome"
            if both := set(outcomes) & set(problems):
                yield f"outcome {min(both)} both leads on and complains"
        case Notice(ends=True, lines=lines) if lines:
            yield "the last screen of a session cannot be paged: it has no lines"
        case Ask(rule=rule, skip=False):
            if not (rule.sample.isdigit() and isinstance(rule(rule.sample, day), Accepted)):
                yield "digits never answer it, and a keypad has nothing else"
        case Ask(rule=rule, skip=True) if isinstance(rule(SKIP, day), Accepted):
            yield f"{SKIP} leaves it empty and is also an answer"
        case _:
            return


def _of_confirm(dialogue: Dialogue, node: Confirm) -> Iterator[str]:
    paying = [option.key for option in node.options if _pays(dialogue, option.goto)]
    if paying != [PAY]:
        yield f"key {PAY}, and no other, pays; here it is {' and '.join(paying) or 'none'}"
    if len(node.options) > OPTIONS_MAX:
        yield f"{len(node.options)} options, at most {OPTIONS_MAX} on a screen never paged"
    again = dialogue.get(node.again)
    if not isinstance(again, Work) or again.pays:
        yield f"{node.again} does not find anew what is confirmed"


def _pays(dialogue: Dialogue, name: str) -> bool:
    node = dialogue.get(name)
    return isinstance(node, Work) and node.pays


def _levels(dialogue: Dialogue, files: Mapping[str, str]) -> Iterator[Flaw]:
    """Menus in a row, from where a citizen stands to where something is done."""
    told = {goto for node in dialogue.values() if isinstance(node, Work) for goto in exits(node)}
    confirmations = {name for name, node in dialogue.items() if isinstance(node, Confirm)}
    known: dict[str, tuple[str, ...]] = {}
    for start in sorted(told | confirmations):
        if start not in dialogue:
            continue
        onward = [goto for goto in exits(dialogue[start]) if goto in dialogue]
        here = (start,) if isinstance(dialogue[start], Menu | Find) else ()
        menus = (*here, *_deepest(_menus(dialogue, goto, known, {start}) for goto in onward))
        if len(menus) > LEVELS_MAX:
            road = " > ".join(menus)
            reason = f"{len(menus)} menus in a row, at most {LEVELS_MAX}: {road}"
            yield Flaw(file_of(menus[-1], files), menus[-1], reason)


def _menus(
    dialogue: Dialogue, name: str, known: dict[str, tuple[str, ...]], behind: set[str]
) -> tuple[str, ...]:
    """The most menus in a row from a node to an effect, a confirmation or a notice."""
    if name in {HOME, *behind} or isinstance(dialogue[name], Confirm | Notice | Work):
        return ()
    if name not in known:
        onward = [goto for goto in exits(dialogue[name]) if goto in dialogue]
        rest = _deepest(_menus(dialogue, goto, known, behind | {name}) for goto in onward)
        here = (name,) if isinstance(dialogue[name], Menu | Find) else ()
        known[name] = (*here, *rest)
    return known[name]


def _deepest(roads: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return max(roads, key=len, default=())
