"""The reference's model of the money: whatever arrives, in whatever order, the books agree."""

from itertools import chain, combinations, permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.bill import BillStatus
from domain.payment import Source
from payments.ledger import Book, corrections
from tests.unit.payments.books import Books, Fact, balances
from tests.unit.payments.facts import CLOSED, DUE, UNKNOWN, bill, failed, paid, undone

FIRST, SECOND, THIRD = ("1", "orange_mp"), ("2", "orange_mp"), ("3", "another")
MONEY: tuple[Fact, ...] = (
    (*FIRST, paid("MP1")),
    (*FIRST, undone("MP1")),
    (*FIRST, paid("MP1", 2900, Source.STATEMENT)),
    (*SECOND, paid("MP2")),
    (*SECOND, undone("MP2")),
    (*SECOND, paid("MP3", 100)),
    (*THIRD, paid("A1")),
)
WORDS: tuple[Fact, ...] = (
    (*FIRST, failed()),
    (*FIRST, UNKNOWN),
    (*SECOND, CLOSED),
    (*THIRD, undone("A1")),
    (*THIRD, failed()),
)


def outcome(books: Books) -> tuple[object, ...]:
    """What the State, the operators and the citizen end up with."""
    clearing = {k: n for k, n in balances(books.posted).items() if k.startswith(Book.CLEARING)}
    return books.totals, clearing, books.bill.status, books.standings


def test_every_order_of_every_few_movements_of_money_ends_alike() -> None:
    few = chain.from_iterable(combinations(MONEY, n) for n in range(1, 5))
    for facts in few:
        first, *others = (Books().learn(*order) for order in permutations(facts))
        assert all(outcome(books) == outcome(first) for books in others)


@settings(max_examples=60)
@given(st.data())
def test_any_order_and_any_repeats_end_alike(data: st.DataObject) -> None:
    facts = data.draw(st.lists(st.sampled_from(MONEY + WORDS), max_size=9, unique=True))
    repeats = data.draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    arrived = data.draw(st.permutations([*facts, *repeats]))
    assert outcome(Books().learn(*arrived)) == outcome(Books().learn(*facts, *repeats))


@settings(max_examples=60)
@given(st.data())
def test_through_one_operator_every_single_account_ends_alike(data: st.DataObject) -> None:
    facts = data.draw(st.lists(st.sampled_from(MONEY[:6]), max_size=6, unique=True))
    arrived = data.draw(st.permutations(facts))
    assert balances(Books().learn(*arrived).posted) == balances(Books().learn(*facts).posted)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(MONEY + WORDS), max_size=8))
def test_a_cancelled_bill_has_no_revenue_and_loses_no_money(facts: list[Fact]) -> None:
    books = Books(bill(BillStatus.CANCELLED)).learn(*facts)
    alive = sum(sum_.francs for sum_ in books.sums)
    assert books.paying is None
    assert books.totals == {Book.CLEARING: -alive, Book.SUSPENSE: alive, Book.REVENUE: 0}


class Life(RuleBasedStateMachine):
    """One bill, attempts at it in any state, and its books after each event."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()

    @rule(fact=st.sampled_from(MONEY + WORDS))
    def a_fact_arrives(self, fact: Fact) -> None:
        before = self.books.paying
        self.books.learn(fact)
        if before in self.books.sums:
            assert self.books.paying == before  # a receipt is not exchanged without cause

    @rule()
    def the_authority_cancels(self) -> None:
        self.books.cancel()

    @rule()
    def somebody_settles_again(self) -> None:
        assert self.books.settle() == []

    @invariant()
    def nothing_is_missing(self) -> None:
        assert corrections(self.books.wanted, self.books.posted) == []

    @invariant()
    def the_books_balance(self) -> None:
        assert sum(balances(self.books.posted).values()) == 0
        assert self.books.totals[Book.SUSPENSE] >= 0

    @invariant()
    def the_operators_owe_the_money_alive(self) -> None:
        alive = sum(sum_.francs for sum_ in self.books.sums)
        assert self.books.totals[Book.CLEARING] == -alive

    @invariant()
    def the_state_has_what_is_due_once_and_whenever_it_can(self) -> None:
        cancelled = self.books.bill.status is BillStatus.CANCELLED
        payable = not cancelled and any(s.francs == DUE for s in self.books.sums)
        assert self.books.totals[Book.REVENUE] == (DUE if payable else 0)
        assert (self.books.bill.status is BillStatus.PAID) == payable


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=25, stateful_step_count=12)
