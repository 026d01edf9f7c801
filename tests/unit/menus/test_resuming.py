"""Taking up a session that was left in the middle, and what of a session is worth keeping."""

from functools import lru_cache

import pytest

from menus import engine
from menus.engine import DialogueError
from menus.protocol import (
    FindBill,
    OpenPayment,
    Reply,
    RequestBill,
    Restored,
    Resume,
    Session,
    Told,
    Typed,
)
from menus.screens import HOME, Ask, Confirm, Work
from tests.dialogues import walk
from tests.dialogues.walk import ANSWERED
from tests.dialogues.world import DIALOGUE, TODAY

RESUMING = Session("resume", "bm", ("greet.resume",))


def restored(kept: Session) -> engine.Step:
    return engine.step(DIALOGUE, RESUMING, Restored(kept))


@lru_cache
def screens() -> list[tuple[Session, Reply]]:
    return walk.screens(DIALOGUE, "fr")


def test_continuing_asks_for_what_was_left() -> None:
    greeted, outcome = engine.step(DIALOGUE, Session("greet", "bm"), Told("resume", {}))
    assert greeted.node == "greet.resume"
    assert isinstance(outcome, Reply)
    _, outcome = engine.step(DIALOGUE, greeted, Typed("1", TODAY))
    assert outcome == Resume()


def test_a_question_is_asked_again_with_what_was_answered_in_the_language_of_today() -> None:
    kept = Session("request.birth_copy.year", "fr", (HOME, "civil"), {"act": "194"}, 0)
    after, reply = restored(kept)
    assert after == Session("request.birth_copy.year", "bm", (HOME, "civil"), {"act": "194"})
    assert reply == engine.reply(DIALOGUE, after)


def test_a_screen_opens_anew_without_its_page_its_problem_or_what_was_sought() -> None:
    place = "request.birth_copy.place"
    kept = Session(place, "fr", (HOME,), {"act": "194"}, 3, "problem.place", "ko")
    after, _ = restored(kept)
    assert after == Session(place, "bm", (HOME,), {"act": "194"})


@pytest.mark.parametrize(
    ("confirmation", "effect"),
    [
        ("bill.confirm", FindBill),
        ("bill.confirm_other", FindBill),
        ("request.confirm", RequestBill),
        ("request.confirm_other", RequestBill),
    ],
)
def test_what_was_to_be_paid_is_found_anew_and_never_remembered(
    confirmation: str, effect: type
) -> None:
    after, outcome = restored(Session(confirmation, "fr", (HOME, "fine.number"), ANSWERED))
    assert isinstance(outcome, effect)
    assert isinstance(DIALOGUE[after.node], Work)
    assert after.trail == (HOME, "fine.number")


def test_going_back_from_what_was_found_anew_shows_no_confirmation_of_before() -> None:
    behind = (HOME, "fine.number", "bill.confirm", "bill.whose", "bill.number")
    after, outcome = restored(Session("bill.confirm_other", "fr", behind, ANSWERED))
    assert outcome == FindBill(ANSWERED["bill_number"])
    assert after.trail == (HOME, "fine.number")


def test_wherever_a_session_is_taken_up_no_payment_opens_before_the_bill_was_found_anew() -> None:
    for session, _ in screens():
        kept = Session(session.node, session.lang, session.trail, {**ANSWERED, **session.answers})
        after, outcome = restored(kept)
        assert not isinstance(outcome, OpenPayment)
        if isinstance(outcome, Reply):  # nothing was found anew, so nothing of before may be shown
            standing = {after.node, *after.trail}
            confirming = [n for n in standing if isinstance(DIALOGUE[n], Confirm)]
            assert not confirming, f"{session.node} still has {confirming} behind it"


@pytest.mark.parametrize(
    "kept",
    [
        Session("screen.of_before", "fr", (HOME,), {"act": "194"}),
        Session("fine.number", "fr", (HOME, "screen.of_before"), {"act": "194"}),
    ],
    ids=["the screen", "a screen behind"],
)
def test_a_session_of_another_edition_leads_home(kept: Session) -> None:
    after, reply = restored(kept)
    assert after == Session(HOME, "bm")
    assert reply == Reply(ends=False)
    assert not engine.stands_on(DIALOGUE, kept)


def test_nothing_is_taken_up_where_nothing_is_awaited() -> None:
    with pytest.raises(DialogueError, match=HOME):
        engine.step(DIALOGUE, Session(HOME, "fr"), Restored(Session(HOME, "fr")))


def test_a_session_is_worth_keeping_once_something_was_typed_or_is_to_be_paid() -> None:
    kept = {session.node for session, reply in screens() if reply.kept}
    assert {"bill.confirm", "bill.number", "request.birth_copy.year", "copy.recipient"} <= kept
    assert not {HOME, "civil", "fine.number", "greet.resume", "language", "receipts"} & kept
    assert not [session.node for session, reply in screens() if reply.kept and reply.ends]


def test_only_a_text_is_taken_whole() -> None:
    assert not any(reply.literal for _, reply in screens())
    ask = DIALOGUE["fine.number"]
    assert isinstance(ask, Ask)
    whole = {"name": Ask(ask.title, ask.rule, "name", HOME, literal=True), HOME: DIALOGUE[HOME]}
    assert engine.reply(whole, Session("name", "fr")) == Reply(ends=False, literal=True)
