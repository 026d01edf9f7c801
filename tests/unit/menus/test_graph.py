"""What a walk shows of the dialogue that the compiler, which reads it, does not say."""

import pytest

from menus import render
from menus.protocol import OpenPayment, Reply
from menus.screens import Accepted, Ask, Confirm, Dialogue, Notice, Screen, Work
from tests.dialogues.walk import ANSWERED, BAD, GOOD, steps
from tests.dialogues.world import BUDGET, DIALOGUE, FULL_DIALOGUE, TEXTS, TODAY

in_each_dialogue = pytest.mark.parametrize(
    "dialogue", [DIALOGUE, FULL_DIALOGUE], ids=["as it is", "one wallet more"]
)


@in_each_dialogue
def test_what_opens_a_payment_says_so_and_nothing_else_does(dialogue: Dialogue) -> None:
    works = {name: node for name, node in dialogue.items() if isinstance(node, Work)}
    opening = {n for n, node in works.items() if isinstance(node.effect(ANSWERED), OpenPayment)}
    assert opening == {name for name, node in works.items() if node.pays}
    assert opening


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
def test_every_screen_can_be_written_with_what_is_known_when_it_is_reached(
    dialogue: Dialogue,
) -> None:
    pages = render.Pages(dialogue, TEXTS, BUDGET)
    unwritten = set()
    for before, event, (session, outcome) in steps(dialogue, "fr"):
        if isinstance(outcome, Reply):
            try:
                pages.screen(session, outcome)
            except KeyError as unknown:
                unwritten.add(f"{session.node} after {before.node}, {event}: {unknown} is unknown")
    assert not unwritten


@in_each_dialogue
def test_a_payment_is_asked_for_right_after_its_confirmation_was_shown(dialogue: Dialogue) -> None:
    asked = 0
    for session, _, (_, outcome) in steps(dialogue, "fr"):
        if isinstance(outcome, OpenPayment):
            asked += 1
            assert isinstance(dialogue[session.node], Confirm), session.node
    assert asked


def test_every_rule_of_the_dialogue_has_good_and_bad_answers_in_these_tests() -> None:
    for name, node in FULL_DIALOGUE.items():
        if isinstance(node, Ask):
            assert any(isinstance(node.rule(text, TODAY), Accepted) for text in GOOD), name
            assert any(not isinstance(node.rule(text, TODAY), Accepted) for text in BAD), name
