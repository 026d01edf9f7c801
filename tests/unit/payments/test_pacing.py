"""What is done next, for every status and at every age: a clock alone never decides about money."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.payment import OPEN, Status
from payments.pacing import NEVER_SENT_S, PRODUCTION, SANDBOX, Action, Pace, action, delay

PACES = pytest.mark.parametrize("pace", [PRODUCTION, SANDBOX], ids=["production", "sandbox"])
FLAG = (False, True)
SITUATIONS = list(product(Status, FLAG, FLAG))
SUBMITTED = [status for status in Status if status is not Status.CREATED]
DECADE = 10 * 365 * 86400.0
AGES = st.floats(0, DECADE) | st.sampled_from([0.0, 179.0, 180.0, 181.0, 86400.0, DECADE])
SETTLED = {Status.SUCCEEDED, Status.MISMATCH, Status.REVERSED, Status.DOUBLE_DEBIT}
ASKED_ABOUT = {Status.UNKNOWN, Status.PENDING, Status.FAILED, Status.CLOSED_UNPAID}


def actions(status: Status, age: float) -> set[Action]:
    """All that may be done with such an attempt, busy or not, prompted or not, if it is wanted."""
    flags = product(FLAG, FLAG)
    return {
        action(status, age=age, busy=busy, prompted=prompted, cancel_wanted=False)
        for busy, prompted in flags
    }


@settings(max_examples=20)
@given(age=AGES)
def test_only_an_attempt_never_submitted_is_submitted_or_given_up(age: float) -> None:
    assert actions(Status.CREATED, age) <= {Action.SUBMIT, Action.CLOSE_NOT_SENT}
    for status in SUBMITTED:
        assert not actions(status, age) & {Action.SUBMIT, Action.CLOSE_NOT_SENT}, status


@settings(max_examples=20)
@given(age=AGES)
def test_what_was_submitted_is_treated_the_same_at_every_age(age: float) -> None:
    for status in SUBMITTED:
        assert actions(status, age) == actions(status, 0), status


def test_an_attempt_never_sent_is_given_up_three_minutes_after_its_confirmation() -> None:
    assert NEVER_SENT_S == 180
    for age in (0, 1, 179.999):
        assert actions(Status.CREATED, age) == {Action.SUBMIT}
    for age in (math.nextafter(180, 181), 181, DECADE):
        assert actions(Status.CREATED, age) == {Action.CLOSE_NOT_SENT}


def test_a_claim_lost_around_the_call_is_doubt_and_never_sent_again() -> None:
    assert actions(Status.SUBMITTING, 0) == {Action.DOUBT}


@pytest.mark.parametrize("status", sorted(ASKED_ABOUT))
def test_what_may_have_taken_money_is_asked_about(status: Status) -> None:
    assert Action.INQUIRE in actions(status, 10)


@pytest.mark.parametrize("status", sorted(SETTLED))
def test_what_took_money_rests(status: Status) -> None:
    assert actions(status, 10) == {Action.REST}


@pytest.mark.parametrize(("status", "busy", "prompted"), SITUATIONS)
def test_a_handset_is_prompted_again_only_once_and_only_because_it_was_busy(
    status: Status, *, busy: bool, prompted: bool
) -> None:
    chosen = action(status, age=60, busy=busy, prompted=prompted, cancel_wanted=False)
    again = status is Status.PENDING and busy and not prompted
    assert (chosen is Action.PROMPT) is again


@pytest.mark.parametrize(("status", "busy", "prompted"), SITUATIONS)
def test_what_is_given_up_ends_by_the_operators_word_once_it_was_asked(
    status: Status, *, busy: bool, prompted: bool
) -> None:
    wanted = action(status, age=60, busy=busy, prompted=prompted, cancel_wanted=False)
    chosen = action(status, age=60, busy=busy, prompted=prompted, cancel_wanted=True)
    match status:
        case Status.CREATED:
            assert chosen is Action.CLOSE_NOT_SENT
        case Status.PENDING | Status.UNKNOWN:
            assert chosen is Action.CANCEL
        case _:
            assert chosen is wanted


@PACES
@settings(max_examples=30)
@given(age=AGES)
def test_an_open_attempt_is_looked_at_again_for_ever(pace: Pace, age: float) -> None:
    for status, busy, prompted in SITUATIONS:
        wait = delay(status, pace, age=age, busy=busy, prompted=prompted)
        assert wait is None or 0 < wait <= max(pace.slowest, pace.busy_prompt), status
        if status in OPEN:
            assert wait is not None, status
        elif status is not Status.FAILED:
            assert wait is None, status


@PACES
def test_a_failure_is_asked_about_for_a_while_since_successes_come_late(pace: Pace) -> None:
    calm = {"busy": False, "prompted": False}
    end = pace.watch_failed
    assert delay(Status.FAILED, pace, age=0, **calm) is not None
    assert delay(Status.FAILED, pace, age=end - 1, **calm) is not None
    assert delay(Status.FAILED, pace, age=end + 1, **calm) is None


@PACES
@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.PENDING, Status.FAILED])
def test_the_asking_begins_at_once_and_only_slows_down(pace: Pace, status: Status) -> None:
    ages = [age for age in range(int(pace.watch_failed)) if age < 4000 or age % 60 == 0]
    waits = [delay(status, pace, age=age, busy=False, prompted=False) or 0 for age in ages]
    assert waits == sorted(waits)
    assert waits[0] <= 5


@PACES
def test_a_busy_handset_is_given_time_before_it_is_prompted_again(pace: Pace) -> None:
    assert delay(Status.PENDING, pace, age=1, busy=True, prompted=False) == pace.busy_prompt
    assert delay(Status.PENDING, pace, age=1, busy=True, prompted=True) != pace.busy_prompt


def test_the_session_ends_before_the_prompt_and_doubt_is_told_before_the_day_is_over() -> None:
    for pace in (PRODUCTION, SANDBOX):
        assert 0 < pace.collect_delay < NEVER_SENT_S
        assert pace.tell_unknown < 3600
    assert PRODUCTION.statement_grace == 86400  # one day beyond the operator's expiry
