"""Receipt numbers, what a verifier is told, and the Treasury's quittance."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receipts import number
from receipts.record import Receipt, Verdict, quittance, verdict

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECEIPT = Receipt(
    receipt_number=number.draw(lambda _below: 48219370284821),
    bill_number="4821937028",
    attempt_id="0" * 32,
    service="fine",
    subject="demo_parking",
    francs=3000,
    operator="orange_mp",
    operator_ref="MP261122.1200.A00073",
    paid_at=NOON,
    quittance="PGT/2026/000001",
)


def test_fourteen_digits_are_drawn_from_all_there_are() -> None:
    asked: list[int] = []

    def below(bound: int) -> int:
        asked.append(bound)
        return bound - 1

    assert number.draw(below)[:14] == "9" * 14
    assert asked == [10**14]


@settings(max_examples=40)
@given(st.integers(0, 10**14 - 1))
def test_whatever_is_drawn_the_number_has_sixteen_digits_and_is_well_typed(drawn: int) -> None:
    receipt_number = number.draw(lambda _below: drawn)
    assert len(receipt_number) == 16
    assert int(receipt_number[:14]) == drawn
    assert number.is_well_typed(receipt_number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "4821937028",  # a bill's
        RECEIPT.receipt_number[:-1],
        f"{RECEIPT.receipt_number}0",
        f" {RECEIPT.receipt_number}",
        number.spoken(RECEIPT.receipt_number),
        RECEIPT.receipt_number[:-1] + "x",
        RECEIPT.receipt_number[1:] + RECEIPT.receipt_number[0],
    ],
)
def test_anything_else_is_mistyped(typed: str) -> None:
    assert not number.is_well_typed(typed)


def test_a_number_is_read_aloud_in_fours() -> None:
    assert number.spoken("1234567890123456") == "1234 5678 9012 3456"
    assert number.spoken(RECEIPT.receipt_number).replace(" ", "") == RECEIPT.receipt_number


def test_a_receipt_is_valid_until_it_is_cancelled_and_unknown_when_there_is_none() -> None:
    assert verdict(RECEIPT) is Verdict.VALID
    assert verdict(replace(RECEIPT, cancelled_at=NOON)) is Verdict.CANCELLED
    assert verdict(None) is Verdict.UNKNOWN


def test_a_receipt_holds_nothing_that_names_a_person_or_a_telephone() -> None:
    held = {field.name for field in fields(Receipt)}
    assert not held & {"payer", "caller", "msisdn", "name", "plate", "nina"}


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (1, "PGT/2026/000001"),
        (999_999, "PGT/2026/999999"),
        (1_000_000, "PGT/2026/1000000"),  # wider, never wrapped round
    ],
)
def test_a_quittance_is_post_year_and_six_digits(count: int, written: str) -> None:
    assert quittance("PGT", 2026, count) == written
