"""Every screen, in one language, with the worst that can fill it, within the septets of channels.

A screen is measured with each set of answers that is not shorter in everything than another: only
the blanks it has count, so most screens are measured once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain import gsm7
from domain.texts import Wordbook
from menus import engine, render
from menus.compiler import words
from menus.compiler.flaw import Flaw, words_of
from menus.protocol import Reply, Session
from menus.screens import HOME, START, Answers, Choosing, Confirm, Dialogue, Notice, Screen, Work

_NO_LIMIT = 100_000
_GARBLED = frozenset("^{}\\[~]|€\f")  # two septets each, and old telephones garble them


@dataclass(frozen=True, slots=True)
class Measure:
    """A screen in one language: septets at worst, and its pages within each budget."""

    screen: str
    lang: str
    septets: int
    pages: Mapping[int, int]


def measure(
    dialogue: Dialogue,
    texts: Wordbook,
    lang: str,
    faces: Sequence[Answers],
    budgets: Sequence[int],
) -> Iterator[Measure | Flaw]:
    """Yield the measure of every screen, or what is wrong with it."""
    spelled = [_spelled(texts, lang, face) for face in faces]
    firsts = _firsts(dialogue)
    for name, node in dialogue.items():
        if isinstance(node, Work):
            continue
        case = _Case(dialogue, texts, lang, name, node, behind=name not in firsts)
        try:
            chosen = _worst(case.blanks(), faces, spelled)
        except LookupError as error:
            reason = f"nobody fills the blank {{{error.args[0]}}}"
            yield Flaw(words_of(lang), name, reason, lang)
            continue
        flaws = list(dict.fromkeys(case.flaws(chosen, budgets)))
        yield from flaws
        if not flaws:
            yield case.measure(chosen, budgets)


class _Case:
    """One screen in one language."""

    def __init__(  # what a screen is made of
        self, dialogue: Dialogue, texts: Wordbook, lang: str, name: str, node: Screen, *,
        behind: bool,
    ) -> None:  # fmt: skip
        self._dialogue = dialogue
        self._texts = texts
        self._lang = lang
        self._name = name
        self._node = node
        self._trail = (HOME,) if behind else ()
        self._problems = words.problems(dialogue, node)

    def blanks(self) -> list[str]:
        """The blanks of all that the screen says."""
        ids = dict.fromkeys((*words.of_node(self._node), *self._problems))
        found = [b for text_id in ids for b in words.blanks(self._template(text_id))]
        flags = [label.flag for label in words.labels(self._node) if label.flag]
        return list(dict.fromkeys((*found, *flags)))

    def flaws(self, faces: Iterable[Answers], budgets: Sequence[int]) -> Iterator[Flaw]:
        names = [label.name for label in words.labels(self._node)]
        for face in faces:
            for said in (*names, *(face.get(blank, "") for blank in self.blanks())):
                if words.unknown_sign(said, self._lang):
                    yield self._flaw(f"{said!r} has a sign the network does not have")
            for problem in ("", *self._problems):
                for budget in budgets:
                    yield from self._within(face, problem, budget)

    def measure(self, faces: Sequence[Answers], budgets: Sequence[int]) -> Measure:
        septets = max(self._whole(face, p) for face in faces for p in ("", *self._problems))
        pages = {
            budget: max(len(self._pages(face, "", budget)) for face in faces) for budget in budgets
        }
        return Measure(self._name, self._lang, septets, pages)

    def _within(self, face: Answers, problem: str, budget: int) -> Iterator[Flaw]:
        saying = f" with {problem}" if problem else ""
        try:
            pages = self._pages(face, problem, budget)
        except render.ScreenTooLongError as error:
            yield self._flaw(f"{error.over} septets over {budget}{saying}")
            return
        for page in pages:
            if (over := (gsm7.septets(page) or 0) - budget) > 0:
                yield self._flaw(f"{over} septets over {budget}{saying}")
            if garbled := sorted(_GARBLED.intersection(page)):
                yield self._flaw(f"{garbled[0]!r} costs two septets and is garbled{saying}")
            if page != page.strip() or not page:
                yield self._flaw(f"empty, or a space at its ends{saying}")
        if not self._shows_all(pages, face):
            yield self._flaw(f"the pages of {budget} hide a choice, 98 or the way back{saying}")

    def _shows_all(self, pages: list[str], face: Answers) -> bool:
        """Every choice once, whole and in order; each page with its ways on and back."""
        if isinstance(self._node, Confirm) or self._reply.ends:
            return len(pages) == 1
        if not isinstance(self._node, Choosing | Notice):
            return True
        listed = render.lines(self._dialogue, self._session(face, ""), self._texts)
        kept = [line for page in pages for line in page.split("\n") if line in set(listed)]
        foot = [self._texts.get(self._lang, "nav.more")] if len(pages) > 1 else []
        foot += [self._texts.get(self._lang, "nav.back")] if self._trail else []
        ends = "".join(f"\n{gsm7.to_wire(text, self._lang)}" for text in foot)
        return kept == listed and all(page.endswith(ends) for page in pages)

    def _whole(self, face: Answers, problem: str) -> int:
        shown = self._pages(face, problem, _NO_LIMIT)
        return max(gsm7.septets(page) or 0 for page in shown)

    def _pages(self, face: Answers, problem: str, budget: int) -> list[str]:
        session = self._session(face, problem)
        return render.all_pages(self._dialogue, session, self._reply, self._texts, budget)

    @property
    def _reply(self) -> Reply:
        return engine.reply(self._dialogue, self._session({}, ""))

    def _session(self, face: Answers, problem: str) -> Session:
        return Session(self._name, self._lang, self._trail, dict(face), 0, problem)

    def _template(self, text_id: str) -> str:
        return self._texts.template(self._lang, text_id)

    def _flaw(self, reason: str) -> Flaw:
        return Flaw(words_of(self._lang), self._name, reason, self._lang)


def _firsts(dialogue: Dialogue) -> set[str]:
    """The screens that nothing is behind of."""
    start = dialogue[START]
    return {HOME, *(start.outcomes.values() if isinstance(start, Work) else ())}


def _spelled(texts: Wordbook, lang: str, face: Answers) -> dict[str, int]:
    """The septets of each value a face may fill a blank with."""
    values = render.values(texts, lang, face)
    return {name: gsm7.septets(gsm7.to_wire(value, lang)) or 0 for name, value in values.items()}


def _worst(
    blanks: Sequence[str], faces: Sequence[Answers], spelled: Sequence[Mapping[str, int]]
) -> list[Answers]:
    """One face for each combination of lengths that no other exceeds in every blank.

    Raises:
        LookupError: no face fills a blank.
    """
    if not blanks:
        return [{}]
    for blank in blanks:
        if not any(blank in lengths for lengths in spelled):
            raise LookupError(blank)
    by_lengths: dict[tuple[int, ...], Answers] = {}
    for face, lengths in zip(faces, spelled, strict=True):
        if all(blank in lengths for blank in blanks):
            by_lengths.setdefault(tuple(lengths[blank] for blank in blanks), face)
    return [face for lengths, face in by_lengths.items() if not _exceeded(lengths, by_lengths)]


def _exceeded(lengths: tuple[int, ...], others: Iterable[tuple[int, ...]]) -> bool:
    return any(
        other != lengths and all(a <= b for a, b in zip(lengths, other, strict=True))
        for other in others
    )
