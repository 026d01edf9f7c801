"""Fees that follow from what was chosen, or from the tender that was named."""

from datetime import date, timedelta

import pytest

from domain.catalogue import (
    Catalogue,
    Choice,
    FeeKind,
    Field,
    FieldKind,
    Service,
    Tariff,
    Tender,
)
from domain.money import Money
from registries import requests
from registries.requests import Request, UnknownServiceError

BILL_NUMBER = "4821937028"
SINCE, RISE = date(2020, 1, 1), date(2026, 1, 1)
TODAY = date(2026, 11, 22)


def tariff(francs: int, since: date) -> Tariff:
    return Tariff(Money(francs), since, f"Loi de {since.year}", "a source", "A")


TARIFFS = (tariff(100, SINCE), tariff(150, RISE))
VEHICLES = (
    Choice("bicycle", TARIFFS),
    Choice("moto", (tariff(700, RISE),)),
    Choice("truck"),
)
VEHICLE = (
    Field("plate", FieldKind.TEXT, 2, 20),
    Field("vehicle", FieldKind.CHOICE, 0, 0, choices=VEHICLES),
)
TENDERED = (
    Field("tender", FieldKind.TENDER, 1, 12),
    Field("company", FieldKind.TEXT, 2, 20),
    Field("sets", FieldKind.QUANTITY, 1, 3),
)
CLOSES = date(2026, 11, 30)
CATALOGUE = Catalogue(
    services={
        "vignette": Service(
            "vignette", "local", "Mairie", FeeKind.BY_CHOICE, enabled=True, fields=VEHICLE
        ),
        "documents": Service(
            "documents", "other", "Autorité", FeeKind.BY_TENDER, enabled=True, fields=TENDERED
        ),
    },
    tenders={
        "114": Tender("114", "documents", "Pont de Kayes", tariff(50_000, RISE), CLOSES),
        "115": Tender("115", "others", "Route", tariff(10_000, RISE), CLOSES),
    },
)


def read(code: str, answers: dict[str, str], day: date = TODAY) -> Request:
    return requests.read(CATALOGUE, code, answers, day)


@pytest.mark.parametrize(
    ("vehicle", "day", "francs"),
    [
        ("bicycle", TODAY, 150),
        ("bicycle", RISE - timedelta(days=1), 100),
        ("moto", TODAY, 700),
    ],
)
def test_a_fee_by_choice_is_the_tariff_of_what_was_chosen(
    vehicle: str, day: date, francs: int
) -> None:
    request = read("vignette", {"plate": "AB 1234", "vehicle": vehicle}, day)
    assert (request.amount, request.unit, request.quantity) == (Money(francs), Money(francs), 1)
    assert request.bill(BILL_NUMBER, day).amount == Money(francs)


@pytest.mark.parametrize(
    ("vehicle", "day"),
    [
        ("truck", TODAY),  # no amount known
        ("boat", TODAY),  # no such choice
        ("", TODAY),
        ("moto", RISE - timedelta(days=1)),  # not begun
    ],
)
def test_a_choice_without_an_amount_in_force_cannot_be_asked_for(vehicle: str, day: date) -> None:
    with pytest.raises(UnknownServiceError):
        read("vignette", {"plate": "AB 1234", "vehicle": vehicle}, day)


def test_a_fee_by_tender_is_the_tariff_of_its_notice_whatever_else_is_answered() -> None:
    request = read("documents", {"tender": "114", "company": "BTP", "sets": "3"})
    assert (request.amount, request.legal_basis) == (Money(50_000), "Loi de 2026")
    last = read("documents", {"tender": "114", "company": "BTP", "sets": "1"}, CLOSES)
    assert last.amount == request.amount


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("116", TODAY),
        ("115", TODAY),  # of another service
        ("114", CLOSES + timedelta(days=1)),
        ("114", RISE - timedelta(days=1)),
        ("", TODAY),
    ],
)
def test_a_tender_that_is_not_open_cannot_be_asked_for(number: str, day: date) -> None:
    with pytest.raises(UnknownServiceError):
        read("documents", {"tender": number, "company": "BTP", "sets": "1"}, day)
