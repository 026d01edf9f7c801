"""Who carries the next text, and how the weights move: rules over figures, no provider."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import failover, notices
from sms.failover import PRODUCTION, Policy, Record
from sms.quiet import NIGHT

HALF = {"a": 50, "b": 50}
POLICY = Policy(
    patience=15,
    slow_after=10,
    span=10,
    newest=10,
    window=60,
    least=4,
    least_on_probation=2,
    slow_share=0.5,
    failing_share=0.25,
    step=20,
    cool_down=60,
    drift=5,
    drift_after=600,
)


def loaded(side: int) -> Callable[[int], int]:
    """Dice that always fall on one side."""
    return lambda _sides: side


def test_dice_choose_by_weight() -> None:
    weights = {"a": 70, "b": 30}
    thrown = [failover.choose(weights, loaded(side)) for side in range(100)]
    assert (thrown.count("a"), thrown.count("b")) == (70, 30)


def test_the_silent_one_is_not_chosen_again_while_there_is_another() -> None:
    for dice in range(30):
        assert failover.choose({"a": 70, "b": 30}, loaded(dice), "a") == "b"
    assert failover.choose({"a": 100}, lambda sides: sides - 1, "a") == "a"


def test_who_has_no_weight_carries_what_nobody_else_took() -> None:
    assert failover.choose({"a": 100, "b": 0}, lambda _sides: 0, "a") == "b"


def test_where_nothing_is_to_be_chosen_no_dice_are_thrown() -> None:
    def no_dice(_sides: int) -> int:
        raise AssertionError

    assert failover.choose({"a": 100}, no_dice) == "a"


@pytest.mark.parametrize("weights", [{}, {"a": 99}, {"a": 120, "b": -20}])
def test_weights_that_are_none_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="sum to 100"):
        failover.check(weights)


@pytest.mark.parametrize(
    ("record", "bad"),
    [
        (Record(asked=4, failed=1), True),
        (Record(asked=3, failed=3), False),  # too few to say anything
        (Record(asked=8, failed=1), False),
        (Record(asked=9, judged=4, late=2), True),
        (Record(asked=9, judged=3, late=3), False),
        (Record(asked=9, judged=9, late=4), False),
        (Record(), False),
    ],
)
def test_what_is_trouble(record: Record, *, bad: bool) -> None:
    assert failover.troubled({"a": record, "b": Record(asked=50)}, POLICY) == (
        {"a"} if bad else set()
    )


def test_on_probation_little_is_enough() -> None:
    records = {"a": Record(asked=2, failed=1), "b": Record(judged=2, late=1)}
    assert not failover.troubled(records, POLICY)
    assert failover.troubled(records, POLICY, {"b"}) == {"b"}


def test_who_is_in_trouble_loses_by_steps() -> None:
    weights: Mapping[str, int] = failover.adjust(HALF, HALF, {"a"}, 60, POLICY)
    assert weights == {"a": 30, "b": 70}
    weights = failover.adjust(weights, HALF, {"a"}, 60, POLICY)
    weights = failover.adjust(weights, HALF, {"a"}, 60, POLICY)
    assert weights == {"a": 0, "b": 100}
    assert failover.adjust(weights, HALF, {"a"}, 10_000, POLICY) == weights


def test_what_is_lost_goes_to_the_others_as_they_are_configured() -> None:
    configured = {"a": 40, "b": 40, "c": 20}
    assert failover.adjust(configured, configured, {"a"}, 60, POLICY) == {"a": 20, "b": 53, "c": 27}


@pytest.mark.parametrize(("bad", "quiet_for"), [({"a"}, 59.9), ({"a", "b"}, 1e6), (set(), 599.9)])
def test_nothing_moves_too_soon_or_where_all_are_in_trouble(
    bad: set[str], quiet_for: float
) -> None:
    lopsided = {"a": 80, "b": 20}
    assert failover.adjust(lopsided, HALF, bad, quiet_for, POLICY) == lopsided


def test_untroubled_time_gives_back_little_by_little_and_stops_at_what_is_configured() -> None:
    weights: Mapping[str, int] = {"a": 42, "b": 58}
    weights = failover.adjust(weights, HALF, (), 600, POLICY)
    assert weights == {"a": 47, "b": 53}
    weights = failover.adjust(weights, HALF, (), 600, POLICY)
    assert weights == HALF
    assert failover.adjust(weights, HALF, (), 600, POLICY) == HALF


CODES = ["a", "b", "c", "d"]


@st.composite
def shares(draw: st.DrawFn, among: int) -> dict[str, int]:
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=among - 1, max_size=among - 1)))
    edges = [0, *cuts, 100]
    return {code: edges[at + 1] - edges[at] for at, code in enumerate(CODES[:among])}


@given(
    both=st.integers(1, 4).flatmap(lambda n: st.tuples(shares(among=n), shares(among=n))),
    bad=st.sets(st.sampled_from(CODES)),
    quiet_for=st.floats(0, 10_000),
    policy=st.sampled_from([POLICY, PRODUCTION]),
)
def test_weights_stay_weights_whatever_happens(
    both: tuple[dict[str, int], dict[str, int]], bad: set[str], quiet_for: float, policy: Policy
) -> None:
    weights, configured = both
    moved = failover.adjust(weights, configured, bad & weights.keys(), quiet_for, policy)
    failover.check(moved)
    assert moved.keys() == weights.keys()
    assert not [code for code in bad & weights.keys() if moved[code] > weights[code]]


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ((22, 20, 59), None),
        ((22, 21, 0), (23, 6, 0)),
        ((22, 23, 59), (23, 6, 0)),
        ((23, 0, 0), (23, 6, 0)),
        ((23, 5, 59), (23, 6, 0)),
        ((23, 6, 0), None),
    ],
)
def test_the_night_lasts_from_nine_to_six(
    now: tuple[int, int, int], end: tuple[int, int, int] | None
) -> None:
    said = NIGHT.end(datetime(2026, 11, *now, tzinfo=UTC))
    assert said == (end and datetime(2026, 11, *end, tzinfo=UTC))


def test_what_a_citizen_waits_for_never_waits_for_the_morning() -> None:
    waiting = {template for template in notices.TEMPLATES if notices.can_wait(template)}
    assert waiting == {"sms.reversed", "sms.surplus", "sms.unowned"}


def test_every_text_of_ours_may_be_read_twice() -> None:
    assert all(notices.may_repeat(template) for template in notices.TEMPLATES)
