"""`step` over anything a citizen may type and any way an effect may end."""

import copy
from datetime import date
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menus import engine, render
from menus.engine import DialogueError
from menus.protocol import Effect, Event, OpenPayment, Reply, Session, Told, Typed
from menus.screens import HOME, Confirm, Menu, Node, Notice, Work
from tests.dialogues import walk
from tests.dialogues.walk import ANSWERED, answers
from tests.dialogues.world import BILL, BUDGET, RECEIPT, STRANGER, TEXTS, TODAY
from tests.dialogues.world import FULL_DIALOGUE as DIALOGUE

PLAUSIBLE = ("0", "00", "98", "1", "2", "3", "4", "9", "", "1*1", "1#", "98#", BILL, RECEIPT,
             STRANGER, "1998", "12345678901234A", "*", "١")  # fmt: skip
texts = st.sampled_from(PLAUSIBLE) | st.text(max_size=20)
# One choice a step: what is typed, or a number that picks a good answer or an outcome.
choices = st.lists(st.tuples(st.integers(0, 30), texts, st.booleans()), max_size=40)


@lru_cache
def screens() -> list[Session]:
    return [session for session, _ in walk.screens(DIALOGUE, "fr")]


def confirmations() -> list[Session]:
    return [session for session in screens() if isinstance(DIALOGUE[session.node], Confirm)]


# Anywhere a citizen can stand, confirmations often: from the greeting few would get that far.
starts = st.deferred(lambda: st.sampled_from(confirmations()) | st.sampled_from(screens()))
Choice = tuple[int, str, bool]


def event(node: Node, pick: int, text: str, *, willing: bool) -> Event:
    if isinstance(node, Work):
        outcomes = [*node.outcomes, *node.problems]
        return walk.told(node, outcomes[pick % len(outcomes)])
    keys = list(answers(node))
    return Typed(keys[pick % len(keys)] if willing and keys else text, TODAY)


@settings(max_examples=50)
@given(starts, choices)
def test_no_answer_ever_breaks_the_dialogue(session: Session, chosen: list[Choice]) -> None:
    outcome: Reply | Effect = engine.reply(DIALOGUE, session)
    for pick, text, willing in chosen:
        node = DIALOGUE[session.node]
        assert isinstance(outcome, Reply) == (not isinstance(node, Work))
        if isinstance(outcome, Reply):
            assert outcome == engine.reply(DIALOGUE, session)
            assert render.screen(DIALOGUE, session, outcome, TEXTS, BUDGET)
        session, outcome = engine.step(DIALOGUE, session, event(node, pick, text, willing=willing))


@settings(max_examples=50)
@given(starts, choices)
def test_a_payment_opens_only_on_the_pay_key_of_the_confirmation_shown(
    session: Session, chosen: list[Choice]
) -> None:
    for pick, text, willing in chosen:
        before, happened = session, event(DIALOGUE[session.node], pick, text, willing=willing)
        session, outcome = engine.step(DIALOGUE, before, happened)
        if isinstance(outcome, OpenPayment):
            node = DIALOGUE[before.node]
            assert isinstance(node, Confirm)
            assert isinstance(happened, Typed)
            paying = [option for option in node.options if option.goto == session.node]
            assert [option.key for option in paying] == [happened.text.strip().rstrip("#")]
            assert outcome.bill_number == before.answers["bill_number"]
            assert str(outcome.version) == before.answers["version"]
            shown = render.screen(DIALOGUE, before, Reply(ends=False), TEXTS, BUDGET)
            assert outcome.payer in shown, "a number that was not shown would pay"
            assert outcome.wallet == before.answers["wallet"]


@settings(max_examples=50)
@given(starts, choices)
def test_stepping_is_pure(session: Session, chosen: list[Choice]) -> None:
    for pick, text, willing in chosen:
        happened = event(DIALOGUE[session.node], pick, text, willing=willing)
        kept_session, kept_event = copy.deepcopy(session), copy.deepcopy(happened)
        one, other = (engine.step(DIALOGUE, session, happened) for _ in range(2))
        assert one == other
        assert (session, happened) == (kept_session, kept_event)
        session = one[0]


def test_a_session_stays_small_however_long_a_citizen_hesitates() -> None:
    session = Session("bill.confirm", "fr", (HOME, "fine.number"), ANSWERED)
    for _ in range(100):
        for key in ("2", "1", "1"):  # another way, this wallet, this telephone
            session, _ = engine.step(DIALOGUE, session, Typed(key, TODAY))
        assert session.node == "bill.confirm"
        assert len(session.to_json()) < 1500


def test_every_screen_opens_on_its_first_page() -> None:
    for name, node in DIALOGUE.items():
        for key in answers(node):
            session = Session(name, "fr", (HOME,), ANSWERED, page=3)
            after, _ = engine.step(DIALOGUE, session, Typed(key, TODAY))
            assert after.page == (3 if after.problem else 0), f"{key} on {name}"


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_a_wrong_answer_changes_nothing_but_the_problem(text: str) -> None:
    for name, node in DIALOGUE.items():
        if isinstance(node, Work):
            continue
        session = Session(node=name, lang="fr", trail=(HOME,), answers=ANSWERED)
        after, outcome = engine.step(DIALOGUE, session, Typed(text, TODAY))
        if after.node == name and after.problem:
            same = Session(name, "fr", session.trail, session.answers, problem=after.problem)
            assert after == same
            assert isinstance(outcome, Reply)


@given(texts, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_answer_while_an_effect_is_awaited_is_refused(text: str, day: date) -> None:
    for name, node in DIALOGUE.items():
        if isinstance(node, Work):
            with pytest.raises(DialogueError, match=name):
                engine.step(DIALOGUE, Session(name, "fr"), Typed(text, day))


@settings(max_examples=30)
@given(st.text(max_size=10))
def test_an_outcome_nobody_awaits_is_refused(outcome: str) -> None:
    for name, node in DIALOGUE.items():
        if isinstance(node, Work) and outcome in {*node.outcomes, *node.problems}:
            continue
        with pytest.raises(DialogueError, match=name):
            engine.step(DIALOGUE, Session(name, "fr"), Told(outcome, {}))


@pytest.mark.parametrize("typed", ["00", " 00 "])
def test_00_forgets_the_errand_everywhere(typed: str) -> None:
    for name, node in DIALOGUE.items():
        if not isinstance(node, Work):
            session = Session(name, "bm", (HOME, name), ANSWERED, 3, "problem.choice")
            after, _ = engine.step(DIALOGUE, session, Typed(typed, TODAY))
            assert after == Session(HOME, "bm")


@pytest.mark.parametrize("typed", ["0", " 0 "])
def test_0_shows_the_screen_before_everywhere(typed: str) -> None:
    for name, node in DIALOGUE.items():
        if not isinstance(node, Work):
            session = Session(name, "fr", (HOME, "civil"), ANSWERED, 3, "problem.choice")
            after, _ = engine.step(DIALOGUE, session, Typed(typed, TODAY))
            assert after == Session("civil", "fr", (HOME,), ANSWERED)


def test_0_with_nothing_behind_shows_the_same_screen() -> None:
    after, _ = engine.step(DIALOGUE, Session(HOME, "fr"), Typed("0", TODAY))
    assert after == Session(HOME, "fr")


@pytest.mark.parametrize("typed", ["0#", "00#", "98#"])
def test_a_hash_at_the_end_of_a_key_is_forgiven(typed: str) -> None:
    menu = Session("request.birth_copy.place", "fr", (HOME, "civil"), ANSWERED)
    hashed, _ = engine.step(DIALOGUE, menu, Typed(typed, TODAY))
    assert hashed == engine.step(DIALOGUE, menu, Typed(typed.removesuffix("#"), TODAY))[0]


def test_98_turns_the_page_of_menus_and_readings_and_nothing_else() -> None:
    for name, node in DIALOGUE.items():
        session = Session(name, "fr", (HOME,), ANSWERED)
        if isinstance(node, Menu) or (isinstance(node, Notice) and not node.ends):
            after, _ = engine.step(DIALOGUE, session, Typed("98", TODAY))
            assert after == Session(name, "fr", (HOME,), ANSWERED, page=1)
        elif isinstance(node, Confirm):
            after, _ = engine.step(DIALOGUE, session, Typed("98", TODAY))
            assert (after.node, after.page) == (name, 0)


def test_an_effect_that_opens_a_payment_without_saying_so_is_never_performed() -> None:
    node = DIALOGUE["bill.open"]
    assert isinstance(node, Work)
    silent = {**DIALOGUE, "bill.open": Work(node.effect, node.outcomes)}
    for session in confirmations():
        if session.node == "bill.confirm":
            with pytest.raises(DialogueError, match=r"bill\.open opens a payment and does not say"):
                engine.step(silent, session, Typed("1", TODAY))
