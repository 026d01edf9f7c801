"""What evidence says of money: which transactions live, for how much, and who is to be alarmed."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.payment import Evidence, Kind, Source, Status
from payments.evidence import Debit, fold
from tests.unit.payments.facts import (
    CLOSED,
    DUE,
    PENDING,
    SUBMITTING,
    failed,
    paid,
    undone,
    word,
)

BY_AUTHORITY = (Source.REPLY, Source.INQUIRY, Source.STATEMENT)
REFS = ("MP", "MP1", "MP2", "MP3")
RISING = [
    (low, high) for n, low in enumerate(BY_AUTHORITY) for high in BY_AUTHORITY[n + 1 :]
]  # fmt: skip


@pytest.mark.parametrize("kind", [Kind.PAID, Kind.REVERSED])
@pytest.mark.parametrize(("ref", "francs"), [(None, DUE), ("MP1", None), (None, None)])
def test_money_without_a_transaction_or_an_amount_is_no_evidence(
    kind: Kind, ref: str | None, francs: int | None
) -> None:
    with pytest.raises(ValueError, match="names a transaction and an amount"):
        Evidence(kind, Source.INQUIRY, ref, francs)


@pytest.mark.parametrize(("low", "high"), RISING)
@pytest.mark.parametrize(("said_low", "said_high"), [(DUE, DUE - 100), (DUE - 100, DUE)])
def test_the_higher_authority_gives_the_amount_whatever_it_is(
    low: Source, high: Source, said_low: int, said_high: int
) -> None:
    claims = [paid("MP1", said_low, low), paid("MP1", said_high, high)]
    for arrived in permutations(claims):
        standing = fold(DUE, arrived)
        assert standing.debits == (Debit("MP1", said_high, reversed=False),)
        exact = said_high == DUE
        assert standing.status is (Status.SUCCEEDED if exact else Status.MISMATCH)


def test_two_amounts_of_one_authority_are_settled_always_the_same_and_alarm() -> None:
    claims = [paid("MP1", 3000), paid("MP1", 2000), paid("MP1", 2500)]
    standings = {fold(DUE, arrived) for arrived in permutations(claims)}
    assert len(standings) == 1
    assert "amounts differ" in standings.pop().alarms


def test_the_authority_of_one_transaction_says_nothing_of_another() -> None:
    standing = fold(DUE, [paid("MP1", 2900, Source.STATEMENT), paid("MP2", 3000, Source.REPLY)])
    assert [(debit.operator_ref, debit.francs) for debit in standing.debits] == [
        ("MP1", 2900),
        ("MP2", 3000),
    ]
    assert standing.status is Status.DOUBLE_DEBIT


def test_a_reversal_kills_the_transaction_it_names_and_no_other() -> None:
    standing = fold(DUE, [paid("MP1"), paid("MP2"), undone("MP1")])
    assert standing.debits == (
        Debit("MP1", DUE, reversed=True),
        Debit("MP2", DUE, reversed=False),
    )
    assert standing.status is Status.SUCCEEDED


def test_a_reversal_of_a_payment_not_seen_yet_waits_for_it() -> None:
    alone = fold(DUE, [SUBMITTING, undone("MP1")])
    assert (alone.status, alone.debits) == (Status.SUBMITTING, ())
    assert alone.alarms == ("reversed, never seen paid: MP1",)
    seen = fold(DUE, [SUBMITTING, undone("MP1"), paid("MP1")])
    assert (seen.status, seen.debits) == (Status.REVERSED, (Debit("MP1", DUE, reversed=True),))
    assert not seen.alarms


def test_a_reversal_of_something_else_leaves_the_success() -> None:
    assert fold(DUE, [paid("MP1"), undone("MP9")]).status is Status.SUCCEEDED


def test_money_is_live_again_under_a_new_transaction_after_a_reversal() -> None:
    assert fold(DUE, [paid("MP1"), undone("MP1"), paid("MP2")]).status is Status.SUCCEEDED


def test_a_reversal_told_again_with_another_amount_is_still_one_reversal() -> None:
    once, again = undone("MP1"), undone("MP1", DUE - 1)
    twice, alone = fold(DUE, [paid("MP1"), once, again]), fold(DUE, [paid("MP1"), once])
    assert (twice.status, twice.debits) == (alone.status, alone.debits)
    assert (twice.alarms, alone.alarms) == (("another amount reversed",), ())


def test_a_failure_word_is_never_a_reversal() -> None:
    for word_after in (failed(), CLOSED):
        standing = fold(DUE, [paid(), word_after])
        assert standing.status is Status.SUCCEEDED
        assert standing.debits == (Debit("MP1", DUE, reversed=False),)
        assert standing.alarms


@pytest.mark.parametrize(
    ("facts", "alarm"),
    [
        ([paid("MP1"), paid("MP2")], "double_debit"),
        ([paid("MP1", DUE - 1)], "mismatch"),
        ([word("TELEPORTED")], "unrecognised word: TELEPORTED"),
        ([word("TELEPORTED"), paid()], "unrecognised word: TELEPORTED"),
        ([failed(), paid()], "both paid and failed"),
        ([CLOSED, paid()], "both paid and failed"),
        ([paid("MP1", 3000), paid("MP1", 2900, Source.STATEMENT)], "amounts differ"),
        ([paid("MP1"), undone("MP1", DUE - 1)], "another amount reversed"),
        ([SUBMITTING, undone("MP1")], "reversed, never seen paid: MP1"),
        ([paid("MP1"), undone("MP")], "reversed, never seen paid: MP"),
        ([paid("MP1"), undone("MP1"), undone("MP2")], "reversed, never seen paid: MP2"),
    ],
)
def test_what_a_human_must_see_is_alarmed(facts: list[Evidence], alarm: str) -> None:
    assert alarm in fold(DUE, facts).alarms
    assert fold(DUE, facts).alarms == fold(DUE, facts[::-1]).alarms


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [SUBMITTING, PENDING],
        [SUBMITTING, PENDING, paid()],
        [SUBMITTING, PENDING, failed()],
        [SUBMITTING, CLOSED],
        [paid("MP1"), undone("MP1")],
        [paid("MP1", source=source) for source in BY_AUTHORITY],
    ],
)
def test_an_ordinary_life_alarms_nobody(facts: list[Evidence]) -> None:
    assert fold(DUE, facts).alarms == ()


@given(came=st.sets(st.sampled_from(REFS)), went=st.sets(st.sampled_from(REFS)), data=st.data())
def test_what_went_back_and_never_came_is_alarmed_in_any_order(
    came: set[str], went: set[str], data: st.DataObject
) -> None:
    facts = [*(paid(ref) for ref in came), *(undone(ref) for ref in went)]
    standing = fold(DUE, data.draw(st.permutations(facts)))
    alarmed = {alarm for alarm in standing.alarms if alarm.startswith("reversed")}
    assert alarmed == {f"reversed, never seen paid: {ref}" for ref in went - came}
    assert {debit.operator_ref for debit in standing.debits} == came


def test_each_unknown_word_is_named_always_in_the_same_order() -> None:
    said = [word(letter * 3) for letter in "HDAFCGBE"]
    alarms = fold(DUE, [*said, PENDING]).alarms
    assert alarms == tuple(f"unrecognised word: {letter * 3}" for letter in "ABCDEFGH")


def test_the_same_money_is_exact_or_not_by_what_was_due() -> None:
    assert fold(2900, [paid("MP1", 2900)]).status is Status.SUCCEEDED
    assert fold(3000, [paid("MP1", 2900)]).status is Status.MISMATCH
