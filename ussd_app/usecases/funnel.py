"""Where sessions end: a funnel for each errand, screen by screen in the order of the dialogue."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from menus.compiler.graph import exits
from menus.screens import START, Dialogue
from ussd_app.store.journeys import Reason

End = tuple[str, str, str, int]  # errand, last screen, reason, sessions


def lines(dialogue: Dialogue, ends: Iterable[End]) -> Iterator[str]:
    """Yield the funnel: who reached a screen ended on it, or on one that comes after it."""
    order = {name: place for place, name in enumerate(_in_order(dialogue))}
    errands: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for errand, screen, reason, sessions in ends:
        errands[errand][screen] += sessions
        reasons[errand][reason] += sessions
    for errand, screens in sorted(errands.items(), key=lambda item: -item[1].total()):
        total = left = screens.total()
        why = ", ".join(f"{r} {reasons[errand][r]}" for r in Reason if reasons[errand][r])
        yield f"{errand}: {total} sessions ({why})"
        for screen in sorted(screens, key=lambda name: order.get(name, len(order))):
            ended = screens[screen]
            yield f"  {screen:32} reached {left:6} {left / total:4.0%}   ended {ended:6}"
            left -= ended


def _in_order(dialogue: Dialogue) -> list[str]:
    """The nodes by how many steps they are from the greeting."""
    found, ahead = [START], [START]
    while ahead:
        ahead = [goto for name in ahead for goto in exits(dialogue[name])]
        ahead = [goto for goto in dict.fromkeys(ahead) if goto not in found]
        found += ahead
    return found
