"""Who owes what: the amount comes from the catalogue, and one request is one bill."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import check_digits
from domain.bill import BillStatus
from domain.catalogue import (
    Catalogue,
    FeeKind,
    Field,
    FieldKind,
    Offence,
    Place,
    PlaceKind,
    Scope,
    Service,
    Tariff,
)
from domain.money import Money
from registries import fines, number, requests
from registries.fines import UnknownOffenceError
from registries.requests import Request, UnknownServiceError

BILL_NUMBER = "4821937028"
SINCE, RISE = date(2020, 1, 1), date(2026, 1, 1)
TODAY = date(2026, 11, 22)


def tariff(francs: int, since: date) -> Tariff:
    return Tariff(Money(francs), since, f"Loi de {since.year}", "a source", "A")


TARIFFS = (tariff(100, SINCE), tariff(150, RISE))
COPY_FIELDS = (
    Field("act", FieldKind.DIGITS, 1, 6),
    Field("year", FieldKind.YEAR, 1900, 2100),
    Field("place", FieldKind.PLACE, 0, 0),
    Field("copies", FieldKind.QUANTITY, 1, 9),
)
NINA = (Field("nina", FieldKind.NINA, 15, 15, optional=True),)


def service(code: str, fee: FeeKind, *, enabled: bool = True, **more: object) -> Service:
    return Service(code, "family", "authority", fee, enabled, **more)  # type: ignore[arg-type]  # tariffs and fields


CATALOGUE = Catalogue(
    services={
        "copy": service("copy", FeeKind.PER_UNIT, tariffs=TARIFFS, fields=COPY_FIELDS),
        "extract": service("extract", FeeKind.PER_UNIT, tariffs=TARIFFS, fields=COPY_FIELDS),
        "card": service("card", FeeKind.FIXED, tariffs=TARIFFS, fields=NINA),
        "off": service("off", FeeKind.FIXED, tariffs=TARIFFS, enabled=False),
        "first_act": service("first_act", FeeKind.FREE),
        "fine": service("fine", FeeKind.RECORDED),
    },
    offences={
        "parking": Offence("parking", enabled=True, tariffs=TARIFFS),
        "off": Offence("off", enabled=False, tariffs=TARIFFS),
        "unpriced": Offence("unpriced", enabled=True),
    },
    places={
        name: Place(name, name.title(), PlaceKind.TOWN, Scope.REGIONS, key)
        for key, name in enumerate(("kati", "kayes"), 1)
    },
)
ANSWERS = {"act": "123", "year": "1998", "place": "kati", "copies": "3"}
TYPED = st.fixed_dictionaries(
    {
        "act": st.sampled_from(["1", "12", "121"]),
        "year": st.sampled_from(["1998", "2198"]),
        "place": st.sampled_from(["kati", "kayes"]),
        "copies": st.sampled_from(["1", "2"]),
    }
)


def read(code: str, answers: dict[str, str], day: date = TODAY) -> Request:
    return requests.read(CATALOGUE, code, answers, day)


def test_a_fine_costs_what_its_offence_cost_on_the_day_it_was_noted() -> None:
    for day, francs in ((SINCE, 100), (RISE - timedelta(days=1), 100), (RISE, 150), (TODAY, 150)):
        fine = fines.record(CATALOGUE, "parking", BILL_NUMBER, day)
        assert fine.amount == Money(francs)
        assert fine.issued_on == day
    fine = fines.record(CATALOGUE, "parking", BILL_NUMBER, TODAY)
    assert (fine.bill_number, fine.service, fine.subject) == (BILL_NUMBER, "fine", "parking")
    assert (fine.legal_basis, fine.status, fine.quantity) == ("Loi de 2026", BillStatus.DUE, 1)


@pytest.mark.parametrize(
    ("offence", "day"),
    [
        ("murder", TODAY),
        ("off", TODAY),
        ("unpriced", TODAY),
        ("parking", SINCE - timedelta(days=1)),
    ],
)
def test_nothing_is_recorded_without_an_offence_and_an_amount_in_force(
    offence: str, day: date
) -> None:
    with pytest.raises(UnknownOffenceError):
        fines.record(CATALOGUE, offence, BILL_NUMBER, day)


@pytest.mark.parametrize("code", ["no such", "off", "first_act", "fine"])
def test_nothing_is_asked_for_that_is_off_free_or_recorded_by_others(code: str) -> None:
    with pytest.raises(UnknownServiceError):
        read(code, {})


def test_nothing_is_asked_for_before_its_first_tariff() -> None:
    with pytest.raises(UnknownServiceError):
        read("card", {}, SINCE - timedelta(days=1))


def test_a_fee_per_unit_is_multiplied_and_dated() -> None:
    copies = read("copy", ANSWERS)
    assert (copies.unit, copies.quantity, copies.amount) == (Money(150), 3, Money(450))
    assert read("copy", ANSWERS, RISE - timedelta(days=1)).amount == Money(300)
    owed = copies.bill(BILL_NUMBER, TODAY)
    assert (owed.amount, owed.quantity, owed.issued_on) == (Money(450), 3, TODAY)
    assert (owed.service, owed.subject, owed.legal_basis) == ("copy", "copy", "Loi de 2026")


def test_a_fixed_fee_is_the_tariff() -> None:
    card = read("card", {"nina": "12345678901234A"})
    assert (card.amount, card.unit, card.quantity) == (Money(150), Money(150), 1)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(["amount", "francs", "unit", "fee", "price"]), st.text()))
def test_no_answer_of_the_citizen_names_the_amount(more: dict[str, str]) -> None:
    priced = read("copy", ANSWERS | more)
    assert priced.amount == Money(450)
    assert priced.fingerprint == read("copy", ANSWERS).fingerprint


@pytest.mark.parametrize("missing", list(ANSWERS))
def test_an_answer_that_is_missing_is_named(missing: str) -> None:
    answers = {name: value for name, value in ANSWERS.items() if name != missing}
    with pytest.raises(UnknownServiceError, match=missing):
        read("copy", answers)


@settings(max_examples=80)
@given(TYPED, TYPED)
def test_two_requests_are_the_same_when_and_only_when_every_answer_is(
    one: dict[str, str], other: dict[str, str]
) -> None:
    same = read("copy", one).fingerprint == read("copy", other).fingerprint
    assert same is (one == other)


def test_the_order_of_the_answers_does_not_make_another_request() -> None:
    backwards = dict(reversed(ANSWERS.items()))
    assert read("copy", backwards).fingerprint == read("copy", ANSWERS).fingerprint


def test_the_same_answers_to_another_service_are_another_request() -> None:
    assert read("copy", ANSWERS).fingerprint != read("extract", ANSWERS).fingerprint


def test_a_new_tariff_does_not_make_another_request() -> None:
    before = read("copy", ANSWERS, RISE - timedelta(days=1))
    assert before.fingerprint == read("copy", ANSWERS, RISE).fingerprint


def test_the_nina_may_be_left_out_and_two_ninas_are_two_requests() -> None:
    without = read("card", {})
    assert without.fingerprint == read("card", {"nina": ""}).fingerprint
    ninas = {read("card", {"nina": f"1234567890123{last}A"}).fingerprint for last in "45"}
    assert len(ninas | {without.fingerprint}) == 3


def test_a_fingerprint_tells_nothing_of_what_was_typed() -> None:
    fingerprint = read("card", {"nina": "12345678901234A"}).fingerprint
    assert len(fingerprint) == 64
    assert int(fingerprint, 16)


@settings(max_examples=40)
@given(st.integers(0, 10**8 - 1))
def test_whatever_is_drawn_a_bill_number_is_well_typed(drawn: int) -> None:
    bill_number = number.draw(lambda _below: drawn)
    assert int(bill_number[:8]) == drawn
    assert check_digits.hold(bill_number, 10)


def test_a_bill_number_is_drawn_from_all_there_are() -> None:
    asked: list[int] = []

    def below(bound: int) -> int:
        asked.append(bound)
        return bound - 1

    assert number.draw(below)[:8] == "9" * 8
    assert asked == [10**8]
