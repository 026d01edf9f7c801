"""The dialogue, the catalogue and the words compiled into a graph that is known to be right.

What is compiled cannot show a citizen a screen that leads nowhere, lacks a word, is cut by the
network or lets money move unseen. Everything wrong is told at once: file, screen, language, and by
how much.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.texts import Wordbook
from menus.compiler import fit, graph, words
from menus.compiler.fit import Measure
from menus.compiler.flaw import Flaw
from menus.screens import Answers, Dialogue


class CompileError(ValueError):
    """The dialogue cannot be used; `flaws` says everything that is wrong with it."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("\n".join(str(flaw) for flaw in flaws))
        self.flaws = tuple(flaws)


@dataclass(frozen=True)
class Source:
    """What a dialogue is compiled from.

    Args:
        dialogue: the nodes by name.
        texts: the words.
        languages: those enabled; French is always there.
        faces: for a language, every set of answers a screen may be filled with at worst.
        budgets: the septets of the channels.
        day: the one the dialogue is for.
        said: ids that are said beside the dialogue: on a bad day, of a bill, of a receipt.
        spare: ids that may be there without being said today.
        elsewhere: whether an id belongs to somebody else's texts (messages, pages).
        files: the file that defines a service, by its code.
    """

    dialogue: Dialogue
    texts: Wordbook
    languages: Sequence[str]
    faces: Callable[[str], Iterable[Answers]]
    budgets: Sequence[int]
    day: date
    said: frozenset[str] = frozenset()
    spare: frozenset[str] = frozenset()
    elsewhere: Callable[[str], bool] = lambda _text_id: False
    files: Mapping[str, str] = field(default_factory=dict)


def compile_(source: Source) -> list[Measure]:
    """Check everything; return how long each screen is at worst, in each language.

    Raises:
        CompileError: with everything wrong: the graph first, then the words, then the room.
    """
    flaws = [
        *graph.flaws(source.dialogue, source.files, source.day),
        *words.flaws(
            source.dialogue,
            source.texts,
            source.languages,
            said=source.said,
            spare=source.spare,
            elsewhere=source.elsewhere,
        ),
    ]
    if flaws:  # what is measured must at least be whole
        raise CompileError(flaws)
    measures: list[Measure] = []
    for lang in source.languages:
        faces = list(source.faces(lang))
        found = fit.measure(source.dialogue, source.texts, lang, faces, source.budgets)
        for result in found:
            (flaws if isinstance(result, Flaw) else measures).append(result)  # type: ignore[arg-type]  # each to its own
    if flaws:
        raise CompileError(flaws)
    return measures
