"""Whoever was woken stays while something is about to be due, and not a moment longer."""

from dataclasses import replace
from datetime import timedelta

from payments.operators.base import HttpRequest, Outcome
from tests.integration.web.bank import Bank
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import Clock
from ussd_app.store import outbox
from ussd_app.usecases import drain, stay

FAR = 3600.0  # seconds


def test_the_prompt_is_asked_for_as_soon_as_the_session_has_ended(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank = Bank()
    pace = replace(door.context.pace, collect_delay=3.0, asking=((FAR, FAR),))
    door.give(replace(door.context, transport=bank, pace=pace))
    phone.pay(door.fine())
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        assert "pay" not in bank.heard
        slept.append(seconds)
        clock.advance(seconds=seconds)

    assert stay.drain_and_stay(door.context, sleep) == 1
    assert bank.heard.count("pay") == 1
    assert 2.5 < sum(slept) < 3.5


def test_nobody_stays_for_what_is_due_later(door: Door, clock: Clock) -> None:
    context = door.context
    later = clock() + timedelta(seconds=context.pace.collect_delay + 1)
    with context.db.begin() as tx:
        outbox.put(tx, outbox.Kind.STATEMENT, "nobody", later)

    def sleep(seconds: float) -> None:
        raise AssertionError(seconds)

    assert stay.drain_and_stay(context, sleep) == 0


def test_who_has_stayed_long_leaves_the_rest_to_another(
    door: Door, clock: Clock, phone: Phone
) -> None:
    bank, began = Bank(), clock()
    pace = replace(door.context.pace, asking=((FAR, 1.0),))  # always something soon
    door.give(replace(door.context, transport=bank, pace=pace))
    phone.pay(door.fine())
    stay.drain_and_stay(door.context, lambda seconds: clock.advance(seconds=seconds))
    assert bank.heard.count("paymentstatus") > 5
    assert clock() - began < timedelta(minutes=1)  # a job is stopped after two


def test_where_there_is_no_end_to_what_is_due_the_rest_is_left_to_another(
    door: Door, clock: Clock
) -> None:
    """A job that is stopped in the middle of a call leaves a doubt for nothing."""
    bank = Bank()

    def slow(request: HttpRequest, /) -> Outcome:
        clock.advance(minutes=1)
        return bank(request)

    door.give(replace(door.context, transport=slow))
    drain.arm(door.context)
    assert [drain.drain(door.context, threads=1) for _ in range(2)] == [1, 1]
    assert {"token", "reports"} <= set(bank.heard)
