"""The real dialogue with one thing changed, for the compiler to refuse."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from domain.catalogue import Catalogue
from menus import service
from menus.compiler import CompileError, Source, compile_
from menus.render import BUDGETS
from menus.screens import Ask, Choosing, Confirm, Node, Option, Rule, Work
from tests.dialogues.world import CATALOGUE, DIALOGUE, LANGUAGES, TEXTS, TODAY, WALLETS
from ussd_app.translations import Text, Translations
from ussd_app.usecases.worst import Face, Worst


@lru_cache
def _faces(lang: str) -> tuple[Face, ...]:
    return tuple(Worst(CATALOGUE, TEXTS, lang, TODAY).faces(WALLETS))


GOOD = Source(
    dialogue=DIALOGUE,
    texts=TEXTS,
    languages=tuple(LANGUAGES),
    faces=_faces,
    budgets=BUDGETS,
    day=TODAY,
    said=frozenset({"unavailable", "unknown_code"}),
    spare=TEXTS.ids("fr"),
    files=dict.fromkeys(CATALOGUE.services, "services.toml"),
)


class Broken(NamedTuple):
    """One change, and what is said of it."""

    why: str
    source: Source
    said: str


def told(source: Source) -> list[str]:
    """What the compiler says of `source`; nothing when it takes it."""
    try:
        compile_(source)
    except CompileError as error:
        return str(error).split("\n")
    return []


def septets(source: Source, screen: str, lang: str) -> int:
    """How long a screen is at worst."""
    measures = compile_(replace(source, languages=(lang,)))
    return next(each.septets for each in measures if each.screen == screen)


def with_nodes(changed: Mapping[str, Node], source: Source = GOOD) -> Source:
    """Other nodes, or more of them."""
    return replace(source, dialogue={**source.dialogue, **changed})


def without_node(name: str) -> Source:
    return replace(GOOD, dialogue={n: node for n, node in DIALOGUE.items() if n != name})


def with_option(name: str, key: str, other: Option) -> Source:
    """Another option in the place of one; or one more, when there is none with that key."""
    node = DIALOGUE[name]
    assert isinstance(node, Choosing)
    options = {option.key: option for option in node.options} | {key: other}
    return with_nodes({name: replace(node, options=tuple(options.values()))})


def option(name: str, key: str) -> Option:
    """An option as it is."""
    node = DIALOGUE[name]
    assert isinstance(node, Choosing)
    return next(option for option in node.options if option.key == key)


def confirm(name: str) -> Confirm:
    node = DIALOGUE[name]
    assert isinstance(node, Confirm)
    return node


def work(name: str) -> Work:
    node = DIALOGUE[name]
    assert isinstance(node, Work)
    return node


def asking(name: str, rule: Rule) -> Source:
    """A question with another rule."""
    node = DIALOGUE[name]
    assert isinstance(node, Ask)
    return with_nodes({name: replace(node, rule=rule)})


def with_texts(
    fr: Mapping[str, str] = {}, bm: Mapping[str, str] = {}, source: Source = GOOD
) -> Source:
    """Some texts said otherwise; an empty one is taken out."""
    own = {"fr": fr, "bm": bm}
    texts = {}
    for lang, changed in own.items():
        words = {i: source.texts.template(lang, i) for i in source.texts.ids(lang)}
        said = {i: text for i, text in {**words, **changed}.items() if text}
        texts[lang] = {i: Text(text, reviewed=True) for i, text in said.items()}
    return replace(source, texts=Translations(texts))


def with_catalogue(catalogue: Catalogue) -> Source:
    """The dialogue of another catalogue."""
    return replace(
        GOOD,
        dialogue=service.build(catalogue, WALLETS, LANGUAGES, TODAY),
        faces=lambda lang: Worst(catalogue, TEXTS, lang, TODAY).faces(WALLETS),
    )
