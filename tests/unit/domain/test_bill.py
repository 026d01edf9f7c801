"""A bill stands under a well-typed number, or there is no bill."""

from datetime import date

import pytest

from domain.bill import FINE, Bill, BillStatus
from domain.money import Money


def bill(bill_number: str, service: str = FINE) -> Bill:
    return Bill(bill_number, service, service, Money(3000), "Arrêté 2024-2477", date(2026, 11, 12))


@pytest.mark.parametrize(
    "bill_number",
    ["", "4821937029", "482193702", "48219370280", "482193702x", "４８２１９３７０２８"],
)
def test_a_mistyped_number_is_no_bill(bill_number: str) -> None:
    with pytest.raises(ValueError, match="10 digits"):
        bill(bill_number)


def test_a_new_bill_is_due_for_one_unit_at_its_first_version() -> None:
    new = bill("4821937028")
    assert (new.status, new.quantity, new.version) == (BillStatus.DUE, 1, 1)
    assert new.settled_at is None


def test_a_fine_is_told_from_the_fee_of_a_request() -> None:
    assert bill("4821937028").is_fine
    assert not bill("4821937028", service="cni").is_fine
