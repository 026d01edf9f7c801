"""The status of an attempt: the whole priority table, in any order, however often repeated."""

from functools import cache
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.payment import OPEN, Evidence, Failure, Kind, Source, Status
from payments.evidence import Standing, fold
from tests.unit.payments.facts import (
    BUSY,
    CLOSED,
    DUE,
    NOT_SENT,
    PENDING,
    PRIORITY,
    SUBMITTING,
    UNKNOWN,
    failed,
    paid,
    rank,
    undone,
    word,
)

# Every way to each status, and for money each with transactions of its own.
PROOFS: list[tuple[Status, tuple[Evidence, ...]]] = [
    (Status.CREATED, ()),
    (Status.SUBMITTING, (SUBMITTING,)),
    (Status.UNKNOWN, (UNKNOWN,)),
    (Status.PENDING, (PENDING,)),
    (Status.PENDING, (BUSY,)),
    (Status.PENDING, (word(),)),
    (Status.FAILED, (failed(),)),
    (Status.FAILED, (NOT_SENT,)),
    (Status.CLOSED_UNPAID, (CLOSED,)),
    (Status.REVERSED, (paid("R1"), undone("R1"))),
    (Status.REVERSED, (paid("R1"), undone("R1"), paid("R2"), undone("R2"))),
    (Status.MISMATCH, (paid("M1", DUE - 1),)),
    (Status.MISMATCH, (paid("M1", DUE + 1),)),
    (Status.SUCCEEDED, (paid("S1"),)),
    (Status.DOUBLE_DEBIT, (paid("D1"), paid("D2"))),
    (Status.DOUBLE_DEBIT, (paid("D1"), paid("D2", 100), paid("D3"), undone("D3"))),
]
PAIRS = [
    pytest.param(strong, weak, id=f"{n}: {strong[0]} over {weak[0]}")
    for n, (weak, strong) in enumerate(combinations(PROOFS, 2))
    if rank(weak[0]) < rank(strong[0])
]
FACTS = (
    SUBMITTING, UNKNOWN, NOT_SENT, PENDING, BUSY, word(), failed(), CLOSED,
    paid("MP1"), paid("MP2"), paid("MP1", 2900, Source.STATEMENT), undone("MP1"),
)  # fmt: skip


@cache
def every_standing() -> dict[frozenset[Evidence], Standing]:
    """Where each set of `FACTS` stands, read in the order above."""
    sets = chain.from_iterable(combinations(FACTS, n) for n in range(len(FACTS) + 1))
    return {frozenset(facts): fold(DUE, facts) for facts in sets}


def test_the_table_speaks_of_every_status_and_the_facts_of_every_kind() -> None:
    assert {status for status, _ in PROOFS} == set(Status) == set().union(*PRIORITY)
    assert {fact.kind for fact in FACTS} == set(Kind)
    assert {s for s in Status if rank(s) < rank(Status.FAILED)} == set(OPEN)
    assert {s for s in Status if s.is_open} == set(OPEN)


@pytest.mark.parametrize(
    ("status", "proof"), [pytest.param(*p, id=f"{n}: {p[0]}") for n, p in enumerate(PROOFS)]
)
def test_a_proof_alone_gives_its_status(status: Status, proof: tuple[Evidence, ...]) -> None:
    assert fold(DUE, proof).status is status


@pytest.mark.parametrize(("strong", "weak"), PAIRS)
def test_the_stronger_proof_wins_whichever_came_first(
    strong: tuple[Status, tuple[Evidence, ...]], weak: tuple[Status, tuple[Evidence, ...]]
) -> None:
    assert fold(DUE, [*weak[1], *strong[1]]).status is strong[0]
    assert fold(DUE, [*strong[1], *weak[1]]).status is strong[0]


def test_only_a_reversal_ever_lowers_a_status() -> None:
    ranks = {facts: rank(standing.status) for facts, standing in every_standing().items()}
    for fact in FACTS:
        if fact.kind is not Kind.REVERSED:
            assert all(ranks[facts | {fact}] >= before for facts, before in ranks.items())


def test_every_set_of_facts_reads_the_same_backwards_and_twice() -> None:
    assert len(every_standing()) == 2 ** len(FACTS)
    for facts, standing in every_standing().items():
        backwards = [fact for fact in reversed(FACTS) if fact in facts]
        assert fold(DUE, backwards + backwards) == standing


@settings(max_examples=60)
@given(st.data())
def test_neither_the_order_nor_the_number_of_arrivals_matters(data: st.DataObject) -> None:
    facts = data.draw(st.lists(st.sampled_from(FACTS), max_size=10, unique=True))
    repeats = data.draw(st.lists(st.sampled_from(facts), max_size=6)) if facts else []
    arrived = data.draw(st.permutations([*facts, *repeats]))
    standing = fold(DUE, facts)
    assert fold(DUE, arrived) == standing
    assert fold(DUE, iter(arrived)) == standing


@pytest.mark.parametrize("reason", Failure)
def test_a_failure_says_why(reason: Failure) -> None:
    assert fold(DUE, [SUBMITTING, PENDING, failed(reason)]).failure is reason


def test_an_attempt_never_sent_failed_for_that_reason() -> None:
    assert fold(DUE, [NOT_SENT]).failure is Failure.NOT_SENT


def test_the_operators_reason_is_told_before_ours() -> None:
    assert fold(DUE, [NOT_SENT, failed(Failure.EXPIRED)]).failure is Failure.EXPIRED


def test_a_failure_without_a_reason_is_told_as_some_other() -> None:
    assert fold(DUE, [Evidence(Kind.FAILED, Source.REPLY)]).failure is Failure.OTHER


def test_of_two_reasons_one_is_told_always_the_same() -> None:
    both = [failed(Failure.EXPIRED), failed(Failure.INSUFFICIENT, Source.REPLY)]
    assert fold(DUE, both).failure is fold(DUE, both[::-1]).failure is Failure.INSUFFICIENT


@pytest.mark.parametrize("facts", [(), (PENDING,), (paid(),), (CLOSED,), (paid(), undone())])
def test_what_has_not_failed_has_no_reason(facts: tuple[Evidence, ...]) -> None:
    assert fold(DUE, facts).failure is None
    assert fold(DUE, [*facts, UNKNOWN]).failure is None


def test_a_late_success_after_a_failure_leaves_no_reason() -> None:
    assert fold(DUE, [failed(), paid()]).failure is None
