"""The dialogue as a map: no road leads nowhere, and only one kind of door opens a payment."""

from collections import deque
from collections.abc import Iterator

import pytest

from menus.engine import BACK, MORE, TOP
from menus.protocol import OpenPayment
from menus.screens import HOME, START, Accepted, Ask, Confirm, Dialogue, Menu, Notice, Screen, Work
from tests.dialogues.walk import ANSWERED, BAD, GOOD, answers, steps
from tests.dialogues.world import DIALOGUE, FULL_DIALOGUE, LIVE_DIALOGUE, NEW_WORDS, TEXTS, TODAY

LEVELS_MAX = 4
in_each_dialogue = pytest.mark.parametrize(
    "dialogue",
    [DIALOGUE, FULL_DIALOGUE, LIVE_DIALOGUE],
    ids=["as it is", "one wallet more", "every service live"],
)


def exits(dialogue: Dialogue, name: str) -> list[str]:
    """Where a node leads, without the ways back."""
    match dialogue[name]:
        case Menu(options=options) | Confirm(options=options):
            return [option.goto for option in options]
        case Ask(then=then):
            return [then]
        case Work(outcomes=outcomes):
            return list(outcomes.values())
        case Notice():
            return []


def opens_payment(dialogue: Dialogue) -> set[str]:
    """The nodes whose effect may move money."""
    return {
        name
        for name, node in dialogue.items()
        if isinstance(node, Work) and isinstance(node.effect(ANSWERED), OpenPayment)
    }


@in_each_dialogue
def test_every_way_leads_somewhere(dialogue: Dialogue) -> None:
    for name in dialogue:
        assert set(exits(dialogue, name)) <= set(dialogue), name


@in_each_dialogue
def test_everything_said_is_written_in_french(dialogue: Dialogue) -> None:
    for name, node in dialogue.items():
        if isinstance(node, Work):
            said = set(node.problems.values())
        else:
            options = node.options if isinstance(node, Menu | Confirm) else ()
            lines = node.lines if isinstance(node, Notice) else ()
            labels = [*(option.label for option in options), *lines]
            assert all(bool(label.text_id) != bool(label.name) for label in labels), name
            said = {node.title, *(label.text_id for label in labels if label.text_id)}
        assert said <= TEXTS.ids("fr") | NEW_WORDS, name


@in_each_dialogue
def test_every_node_is_reached_from_the_greeting(dialogue: Dialogue) -> None:
    reached, ahead = {START}, deque([START])
    while ahead:
        for name in exits(dialogue, ahead.popleft()):
            if name not in reached:
                reached.add(name)
                ahead.append(name)
    assert reached == set(dialogue)


@in_each_dialogue
def test_an_effect_never_both_leads_on_and_complains(dialogue: Dialogue) -> None:
    for name, node in dialogue.items():
        if isinstance(node, Work):
            assert node.outcomes, name
            assert not set(node.outcomes) & set(node.problems), name


@in_each_dialogue
def test_no_screen_is_a_dead_end(dialogue: Dialogue) -> None:
    left: dict[str, set[str]] = {}
    for session, _, (after, _) in steps(dialogue, "fr"):
        if isinstance(dialogue[session.node], Screen):
            left.setdefault(session.node, set()).add(after.node)
    for name, node in dialogue.items():
        if isinstance(node, Screen) and not (isinstance(node, Notice) and node.ends):
            assert left[name] - {name}, name


@in_each_dialogue
def test_keys_are_digits_each_once_and_never_those_of_the_ways_back(dialogue: Dialogue) -> None:
    for name, node in dialogue.items():
        if isinstance(node, Menu | Confirm):
            keys = [option.key for option in node.options]
            assert len(keys) == len(set(keys)), name
            assert all(key.isascii() and key.isdigit() for key in keys), name
            assert not set(keys) & {BACK, TOP, MORE}, name


@in_each_dialogue
def test_only_the_first_key_of_a_confirmation_leads_to_a_payment(dialogue: Dialogue) -> None:
    doors = opens_payment(dialogue)
    assert doors
    roads = {(name, way) for name in dialogue for way in exits(dialogue, name) if way in doors}
    assert all(isinstance(dialogue[name], Confirm) for name, _ in roads)
    for name, node in dialogue.items():
        if isinstance(node, Confirm):
            assert [option.key for option in node.options if option.goto in doors] == ["1"], name


@in_each_dialogue
def test_a_payment_is_asked_for_right_after_its_confirmation_was_shown(dialogue: Dialogue) -> None:
    asked = 0
    for session, _, (_, outcome) in steps(dialogue, "fr"):
        if isinstance(outcome, OpenPayment):
            asked += 1
            assert isinstance(dialogue[session.node], Confirm), session.node
    assert asked


def menus_on_the_way(dialogue: Dialogue, start: str) -> Iterator[tuple[str, ...]]:
    """The menus in a row from `start` to wherever a citizen has arrived, loops left out."""
    ahead: deque[tuple[str, ...]] = deque([(start,)])
    while ahead:
        road = ahead.popleft()
        node = dialogue[road[-1]]
        arrived = isinstance(node, Confirm | Notice) and len(road) > 1
        onward = [] if arrived else [way for way in exits(dialogue, road[-1]) if way not in road]
        ahead.extend((*road, way) for way in onward)
        if not onward:
            yield tuple(name for name in road if isinstance(dialogue[name], Menu))


@in_each_dialogue
def test_no_errand_is_deeper_than_four_menus(dialogue: Dialogue) -> None:
    confirmations = [name for name, node in dialogue.items() if isinstance(node, Confirm)]
    for start in (HOME, *confirmations):
        for menus in menus_on_the_way(dialogue, start):
            assert len(menus) <= LEVELS_MAX, " > ".join(menus)


@in_each_dialogue
def test_a_payment_can_be_reached_with_digits_only(dialogue: Dialogue) -> None:
    for name, node in dialogue.items():
        if isinstance(node, Ask):
            digits = [text for text in answers(node) if text.isascii() and text.isdigit()]
            assert digits, f"{name} cannot be answered on a keypad"


def test_every_rule_of_the_dialogue_has_good_and_bad_answers_in_these_tests() -> None:
    for name, node in FULL_DIALOGUE.items():
        if isinstance(node, Ask):
            assert any(isinstance(node.rule(text, TODAY), Accepted) for text in GOOD), name
            assert any(not isinstance(node.rule(text, TODAY), Accepted) for text in BAD), name
