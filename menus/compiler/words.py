"""The words of a dialogue: all of them, no others, with the same blanks in every language."""

from collections.abc import Callable, Iterator, Sequence
from string import Formatter

from domain import gsm7
from domain.texts import Wordbook
from menus.compiler.flaw import Flaw, words_of
from menus.compiler.graph import exits
from menus.screens import Ask, Choosing, Confirm, Dialogue, Find, Label, Menu, Node, Notice, Work

FALLBACK = "fr"
ALWAYS = frozenset({"nav.back", "nav.more", "problem.choice", "problem.empty", "problem.confirm"})


def flaws(
    dialogue: Dialogue,
    texts: Wordbook,
    languages: Sequence[str],
    *,
    said: frozenset[str],
    spare: frozenset[str],
    elsewhere: Callable[[str], bool],
) -> Iterator[Flaw]:
    """Yield what is missing, surplus, or differs from the French."""
    french = texts.ids(FALLBACK)
    where = {text_id: name for name, node in dialogue.items() for text_id in of_node(node)}
    wanted = {**dict.fromkeys(sorted(ALWAYS | said), ""), **where}
    for text_id, name in wanted.items():
        if text_id not in french:
            yield Flaw(words_of(FALLBACK), name, f"{text_id} is missing", FALLBACK)
    for lang in dict.fromkeys((FALLBACK, *languages)):
        for text_id in sorted(texts.ids(lang)):
            known = text_id in wanted or text_id in spare or elsewhere(text_id)
            if not known:
                yield Flaw(words_of(lang), "", f"{text_id} is said nowhere", lang)
            elif text_id in french and (difference := _difference(texts, lang, text_id)):
                name = wanted.get(text_id, "")
                yield Flaw(words_of(lang), name, f"{text_id}: {difference}", lang)
            elif text_id not in french:
                yield Flaw(words_of(lang), "", f"{text_id} is not in French", lang)


def of_node(node: Node) -> Iterator[str]:
    """The ids of the texts a node says, its complaints included."""
    if isinstance(node, Work):
        yield from node.problems.values()
        return
    yield node.title
    if isinstance(node, Find):
        yield node.problem
    if isinstance(node, Ask):
        yield node.rule.problem
    yield from (label.text_id for label in labels(node) if label.text_id)


def labels(node: Node) -> list[Label]:
    """What a screen lists."""
    if isinstance(node, Choosing):
        return [option.label for option in node.options]
    return list(node.lines) if isinstance(node, Notice) else []


def problems(dialogue: Dialogue, node: Node) -> list[str]:
    """The ids of what may be said to be wrong on a screen, whoever says it."""
    found: list[str] = []
    match node:
        case Menu():
            found = ["problem.choice", "problem.empty"]
        case Find(problem=problem):
            found = ["problem.choice", "problem.empty", problem]
        case Confirm():
            found = ["problem.confirm"]
        case Ask(rule=rule):
            found = ["problem.empty", rule.problem]
        case Notice(ends=False):
            found = ["problem.choice", "problem.empty"]
        case _:
            return []
    for goto in exits(node):
        there = dialogue[goto]
        if isinstance(there, Work):
            found += there.problems.values()
    return list(dict.fromkeys(found))


def blanks(template: str) -> list[str]:
    """The names of the blanks of a text, each once, in order.

    Raises:
        ValueError: the text cannot be filled in: a brace stands alone.
    """
    names = (name for _, name, _, _ in Formatter().parse(template) if name is not None)
    return list(dict.fromkeys(names))


def unknown_sign(text: str, lang: str) -> bool:
    """Whether a sign of `text` has no spelling on the wire, which writes a question mark."""
    return gsm7.to_wire(text, lang).count("?") != text.count("?")


def _difference(texts: Wordbook, lang: str, text_id: str) -> str:
    """What is wrong with the blanks of a text, or nothing."""
    try:
        own = sorted(blanks(texts.template(lang, text_id)))
    except ValueError as error:
        return str(error)
    try:
        theirs = sorted(blanks(texts.template(FALLBACK, text_id)))
    except ValueError:  # told of the French, whose fault it is
        theirs = own
    if unknown_sign(texts.template(lang, text_id), lang):
        return "it has a sign the network does not have"
    bad = [name for name in own if not name.isidentifier()]
    if bad:
        return f"a blank has a plain name, not {{{bad[0]}}}"
    if own != theirs:
        return f"its blanks are {_written(own)}, in French {_written(theirs)}"
    return ""


def _written(names: list[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names) or "none"
