"""Whole francs, between bounds, written for the wire."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import gsm7
from domain.money import FRANCS_MAX, Money

AMOUNTS = st.integers(0, FRANCS_MAX)


@pytest.mark.parametrize("francs", [3000.0, "3000", True, None, 0.5, b"300"])
def test_an_amount_is_an_int_and_nothing_else(francs: object) -> None:
    with pytest.raises(TypeError):
        Money(francs)  # type: ignore[arg-type]  # what the type checker refuses, too


@pytest.mark.parametrize("francs", [-1, FRANCS_MAX + 1, 10**30])
def test_an_amount_out_of_bounds_is_refused(francs: int) -> None:
    with pytest.raises(ValueError, match="between 0 and"):
        Money(francs)


@pytest.mark.parametrize("francs", [0, 1, FRANCS_MAX])
def test_the_bounds_are_amounts(francs: int) -> None:
    assert Money(francs).francs == francs


@pytest.mark.parametrize(
    ("francs", "written"),
    [
        (0, "0 F CFA"),
        (100, "100 F CFA"),
        (999, "999 F CFA"),
        (1000, "1 000 F CFA"),
        (12500, "12 500 F CFA"),
        (90000, "90 000 F CFA"),
        (FRANCS_MAX, "1 000 000 000 F CFA"),
    ],
)
def test_thousands_are_grouped_by_a_plain_space(francs: int, written: str) -> None:
    assert str(Money(francs)) == written


@settings(max_examples=40)
@given(AMOUNTS)
def test_a_written_amount_is_in_the_letters_of_the_wire_and_reads_back(francs: int) -> None:
    written = str(Money(francs))
    assert gsm7.septets(written) == len(written)
    assert written == gsm7.to_wire(written)
    assert int(written.removesuffix(" F CFA").replace(" ", "")) == francs


def test_a_number_of_units_multiplies() -> None:
    assert Money(100) * 9 == Money(900)
    assert Money(100) * 0 == Money(0)


def test_a_product_out_of_bounds_or_of_a_fraction_is_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        Money(FRANCS_MAX) * 2
    with pytest.raises(ValueError, match="between"):
        Money(100) * -1
    with pytest.raises(TypeError):
        Money(100) * 1.5  # type: ignore[operator]  # what the type checker refuses, too


@settings(max_examples=40)
@given(AMOUNTS, AMOUNTS)
def test_amounts_are_ordered_as_their_francs(one: int, other: int) -> None:
    assert (Money(one) < Money(other)) == (one < other)
    assert (Money(one) == Money(other)) == (one == other)
