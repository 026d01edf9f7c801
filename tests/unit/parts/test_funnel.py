"""The funnel: where sessions end, errand by errand, in the order of the dialogue."""

from menus.protocol import Greet, OpenPayment
from menus.rules import bill_number
from menus.screens import HOME, START, Ask, Confirm, Dialogue, Label, Menu, Notice, Option, Work
from ussd_app.usecases import funnel

DIALOGUE: Dialogue = {
    "pay.sent": Notice("pay.sent"),  # the order is that of the roads, not of the rows
    "bill.confirm": Confirm("confirm", (Option("1", Label("pay"), "open"),), START),
    "open": Work(lambda _answers: OpenPayment("", 1, "", ""), {"opened": "pay.sent"}, pays=True),
    "fine.number": Ask("ask", bill_number, "bill_number", "bill.confirm"),
    HOME: Menu("title", (Option("1", Label("fine"), "fine.number"),)),
    START: Work(lambda _answers: Greet(), {"home": HOME}),
}


def lines(*ends: funnel.End) -> list[str]:
    return [" ".join(line.split()) for line in funnel.lines(DIALOGUE, ends)]


def test_whoever_ended_further_on_has_reached_what_comes_before() -> None:
    assert lines(
        ("fine", "pay.sent", "payment", 6),
        ("fine", "fine.number", "hung_up", 3),
        ("fine", "bill.confirm", "timed_out", 1),
    ) == [
        "fine: 10 sessions (payment 6, hung_up 3, timed_out 1)",
        "fine.number reached 10 100% ended 3",
        "bill.confirm reached 7 70% ended 1",
        "pay.sent reached 6 60% ended 6",
    ]


def test_a_screen_where_sessions_ended_for_two_reasons_is_one_line() -> None:
    assert lines(("fine", "fine.number", "hung_up", 1), ("fine", "fine.number", "failed", 1)) == [
        "fine: 2 sessions (hung_up 1, failed 1)",
        "fine.number reached 2 100% ended 2",
    ]


def test_errands_are_told_from_the_most_frequent_on() -> None:
    told = lines(
        ("none", HOME, "hung_up", 2),
        ("fine", "pay.sent", "payment", 3),
        ("fine", "fine.number", "answered", 2),
    )
    assert [line for line in told if "sessions" in line] == [
        "fine: 5 sessions (payment 3, answered 2)",
        "none: 2 sessions (hung_up 2)",
    ]


def test_a_screen_of_an_edition_of_before_comes_last() -> None:
    told = lines(("fine", "screen.of_before", "hung_up", 1), ("fine", "pay.sent", "payment", 1))
    assert told[1:] == [
        "pay.sent reached 2 100% ended 1",
        "screen.of_before reached 1 50% ended 1",
    ]


def test_no_sessions_make_no_funnel() -> None:
    assert lines() == []
