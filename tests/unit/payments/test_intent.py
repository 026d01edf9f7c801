"""Whether a payment may be opened: each reason why not, at its border, and which one is told."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bill import Bill, BillStatus
from payments.intent import (
    ATTEMPTS_A_DAY,
    STRANGER_PROMPTS_A_DAY,
    STRANGER_SILENCES_A_DAY,
    AmountRules,
    Refusal,
    Traffic,
    Wish,
    refusal,
)
from tests.unit.payments.facts import DUE, bill

QUIET = Traffic(0, 0, 0, 0)
RULES = AmountRules(low=10, high=2_000_000)
MINE = Wish(bill_version=1, stranger=False, rules=RULES)
STRANGERS = replace(MINE, stranger=True)
NUISANCES = {
    "prompts_by_caller_to_strangers": STRANGER_PROMPTS_A_DAY,
    "prompts_to_payer_by_strangers": STRANGER_PROMPTS_A_DAY,
    "silent_stranger_attempts_on_bill": STRANGER_SILENCES_A_DAY,
}
# What makes each refusal hold, in the order in which they are told.
CAUSES: dict[Refusal, dict[str, object]] = {
    Refusal.UNDER_WAY: {"under_way": True},
    Refusal.CHANGED: {"version": 2},
    Refusal.AMOUNT_REFUSED: {"rules": AmountRules(low=DUE + 1, high=2_000_000)},
    Refusal.TOO_MANY: {"attempts_by_caller": ATTEMPTS_A_DAY},
    Refusal.STRANGER_LIMIT: {"stranger": True, "prompts_by_caller_to_strangers": 3},
}


def asked(owed: Bill, causes: dict[str, object]) -> Refusal | None:
    names = {"stranger", "rules"} & set(causes)
    wish = replace(MINE, **{name: causes[name] for name in names})  # type: ignore[arg-type]  # a table of mixed values
    counts = {name: causes[name] for name in Traffic.__slots__ if name in causes}
    traffic = replace(QUIET, **counts)  # type: ignore[arg-type]  # same
    owed = replace(owed, version=int(str(causes.get("version", 1))))
    return refusal(owed, wish, traffic, under_way=bool(causes.get("under_way")))


def test_the_limits_are_those_of_the_design() -> None:
    assert (STRANGER_PROMPTS_A_DAY, STRANGER_SILENCES_A_DAY) == (3, 1)


@pytest.mark.parametrize("wish", [MINE, STRANGERS])
def test_a_due_bill_may_be_paid_by_anyone(wish: Wish) -> None:
    assert refusal(bill(), wish, QUIET, under_way=False) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [(BillStatus.PAID, Refusal.PAID), (BillStatus.CANCELLED, Refusal.CANCELLED)],
)
def test_what_is_not_due_is_not_paid_whatever_else_holds(
    status: BillStatus, reason: Refusal
) -> None:
    assert asked(bill(status), {}) is reason
    for causes in CAUSES.values():
        assert asked(bill(status), causes) is reason


@pytest.mark.parametrize("reason", list(CAUSES))
def test_each_cause_alone_refuses_for_its_reason(reason: Refusal) -> None:
    assert asked(bill(), CAUSES[reason]) is reason


@pytest.mark.parametrize(("first", "second"), list(combinations(CAUSES, 2)))
def test_of_two_reasons_the_first_is_told(first: Refusal, second: Refusal) -> None:
    assert asked(bill(), CAUSES[second] | CAUSES[first]) is first


def test_the_table_speaks_of_every_refusal() -> None:
    assert {Refusal.PAID, Refusal.CANCELLED, *CAUSES} == set(Refusal)


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_price_shown_at_another_version_is_not_taken(version: int) -> None:
    wish = replace(MINE, bill_version=version)
    assert refusal(bill(), wish, QUIET, under_way=False) is Refusal.CHANGED


def test_the_twentieth_attempt_of_a_day_is_the_last() -> None:
    for count, reason in ((ATTEMPTS_A_DAY - 1, None), (ATTEMPTS_A_DAY, Refusal.TOO_MANY)):
        traffic = replace(QUIET, attempts_by_caller=count)
        assert refusal(bill(), MINE, traffic, under_way=False) is reason


@pytest.mark.parametrize(("name", "limit"), list(NUISANCES.items()))
def test_strangers_are_left_in_peace_from_the_limit_on(name: str, limit: int) -> None:
    for count, reason in (
        (limit - 1, None),
        (limit, Refusal.STRANGER_LIMIT),
        (limit + 1, Refusal.STRANGER_LIMIT),
    ):
        counts = {**dict.fromkeys(Traffic.__slots__, 0), name: count}
        assert refusal(bill(), STRANGERS, Traffic(**counts), under_way=False) is reason


@pytest.mark.parametrize("name", list(NUISANCES))
def test_the_peace_of_strangers_never_stops_who_pays_from_his_own_telephone(name: str) -> None:
    counts = {**dict.fromkeys(Traffic.__slots__, 0), name: 99}
    assert refusal(bill(), MINE, Traffic(**counts), under_way=False) is None


@pytest.mark.parametrize(
    ("francs", "allowed"), [(9, False), (10, True), (2_000_000, True), (2_000_001, False)]
)
def test_an_operator_collects_between_its_bounds(francs: int, *, allowed: bool) -> None:
    assert RULES.allow(francs) is allowed
    reason = refusal(bill(francs=francs), MINE, QUIET, under_way=False)
    assert reason is (None if allowed else Refusal.AMOUNT_REFUSED)


def test_an_operator_with_a_step_collects_its_multiples_only() -> None:
    fives = AmountRules(low=5, high=100, step=5)
    assert [n for n in range(12) if fives.allow(n)] == [5, 10]


@settings(max_examples=60)
@given(
    traffic=st.builds(Traffic, *[st.integers(0, 30)] * 4),
    wish=st.builds(Wish, st.integers(1, 2), st.booleans(), st.just(RULES)),
    status=st.sampled_from(BillStatus),
    under_way=st.booleans(),
)
def test_nothing_is_opened_beside_an_open_attempt_or_on_what_is_not_due(
    traffic: Traffic, wish: Wish, status: BillStatus, *, under_way: bool
) -> None:
    if refusal(bill(status), wish, traffic, under_way=under_way) is None:
        assert status is BillStatus.DUE
        assert not under_way
        assert wish.bill_version == 1
