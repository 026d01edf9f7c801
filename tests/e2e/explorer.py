"""A crawl: every key shown, every answer asked for, wrong ones too, on every screen there is.

A road is what is typed from the first screen on. Each road is walked by somebody who never dialled
before, so that none meets what another has left behind; a screen known is not left again.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from menus.engine import TOP
from menus.screens import Ask, Choosing, Confirm, Find, Notice
from tests.e2e.atlas import LANGUAGE_SCREENS
from tests.e2e.land import Land
from tests.e2e.traveller import Traveller

Answer = str | Callable[[], str]
Answers = Mapping[str, Sequence[Answer]]  # good answers, by what they answer
WRONG: Mapping[type, Sequence[str]] = {
    Ask: ("", "?", "9" * 21),
    Confirm: ("", "77", "1*1"),
    Find: ("", "?", "77"),
}
WRONG_KEYS = ("", "?", "77")
NAMES = ("com", "266", "sikasso", "29", "98")  # letters, the same on a keypad, a name, a key, pages


def explore(land: Land, lang: str, answers: Answers, known: Collection[str] = ()) -> None:
    """Walk every road that a citizen can, but not on from the screens known."""
    left = set(known)
    ahead: deque[tuple[Answer, ...]] = deque([()])
    while ahead:
        road = ahead.popleft()
        traveller = land.newcomer(lang)
        traveller.dial()
        for answer in road:
            traveller.type(answer if isinstance(answer, str) else answer())
        if traveller.over or traveller.at in left:
            continue
        left.add(traveller.at)
        ahead.extend((*road, answer) for answer in _onwards(traveller, answers))
        _astray(traveller)


def _onwards(traveller: Traveller, answers: Answers) -> Iterator[Answer]:
    """What may be typed here: the keys shown, and what is asked for."""
    yield from traveller.keys
    node = traveller.atlas.dialogue[traveller.at]
    if isinstance(node, Ask):
        yield from answers[node.into]
    elif isinstance(node, Find):
        yield from NAMES


def _astray(traveller: Traveller) -> None:
    """Answer wrongly, which changes nothing, and go home from there."""
    at = traveller.at
    if at == LANGUAGE_SCREENS[0] and traveller.atlas.lang != "fr":
        return  # who has chosen no language is answered in the first one
    node = traveller.atlas.dialogue[at]
    assert isinstance(node, Ask | Choosing | Notice)
    for text in WRONG.get(type(node), WRONG_KEYS):
        traveller.wrong(text)
    traveller.type(TOP)
