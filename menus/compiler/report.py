"""The compiled dialogue as people read it: a tree with septets, and a drawing in Mermaid."""

from collections.abc import Iterator, Sequence

from menus.compiler.fit import Measure
from menus.compiler.graph import exits
from menus.screens import (
    HOME,
    START,
    Ask,
    Confirm,
    Dialogue,
    Find,
    Menu,
    Notice,
    Work,
)

_LISTED_MAX = 6  # more options than these lead to the same place
_SHAPES = {
    Menu: ("[", "]"),
    Find: ("[/", "/]"),
    Ask: ("[/", "/]"),
    Confirm: ("{{", "}}"),
    Notice: ("([", "])"),
    Work: ("(", ")"),
}


def tree(dialogue: Dialogue, measures: Sequence[Measure]) -> Iterator[str]:
    """Yield a line a screen: the keys that lead there, its name, its septets in each language."""
    lengths: dict[str, list[Measure]] = {}
    for measure in measures:
        lengths.setdefault(measure.screen, []).append(measure)
    seen: set[str] = set()
    ahead = [(START, "", 0)]
    while ahead:
        name, key, depth = ahead.pop()
        node = dialogue[name]
        known = "  (above)" if name in seen else ""
        told = "" if known or isinstance(node, Work) else f"  {_septets(lengths[name])}"
        kind = type(node).__name__.lower()
        yield f"{'  ' * depth}{key:>2} {name} [{kind}]{told}{known}".rstrip()
        if name in seen or (name == HOME and depth > 1):
            continue
        seen.add(name)
        ahead += [(goto, way, depth + 1) for way, goto in reversed(_ways(dialogue, name))]


def mermaid(dialogue: Dialogue) -> Iterator[str]:
    """Yield the lines of a flowchart: menus, questions, confirmations, effects, ends."""
    yield "flowchart LR"
    for name, node in dialogue.items():
        left, right = _SHAPES[type(node)]
        yield f'    {_id(name)}{left}"{name}"{right}'
    for name in dialogue:
        for way, goto in _ways(dialogue, name):
            yield (
                f'    {_id(name)} -- "{way}" --> {_id(goto)}'
                if way
                else (f"    {_id(name)} --> {_id(goto)}")
            )


def _ways(dialogue: Dialogue, name: str) -> list[tuple[str, str]]:
    """Each way out of a node, with what leads there; many options to one place are one way."""
    node = dialogue[name]
    match node:
        case Menu(options=options) | Confirm(options=options) | Find(options=options):
            if len(options) > _LISTED_MAX and len({o.goto for o in options}) == 1:
                return [(f"{options[0].key}-{options[-1].key}", options[0].goto)]
            return [(option.key, option.goto) for option in options]
        case Work(outcomes=outcomes):
            return list(outcomes.items())
        case _:
            return [("", goto) for goto in exits(node)]


def _septets(measures: Sequence[Measure]) -> str:
    return "  ".join(f"{measure.lang} {measure.septets}{_paged(measure)}" for measure in measures)


def _paged(measure: Measure) -> str:
    most = max(measure.pages.values())
    return f" ({most} pages)" if most > 1 else ""


def _id(name: str) -> str:
    return name.replace(".", "_")
