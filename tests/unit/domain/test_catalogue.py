"""The catalogue as it is shipped: sourced, dated, and free of invented amounts."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

import domain.catalogue
from domain.catalogue import (
    Catalogue,
    FeeKind,
    FieldKind,
    Offence,
    Service,
    Tariff,
    Tender,
    in_force,
    reading,
)
from domain.money import Money

FOLDER = Path(domain.catalogue.__file__).parent
FILES = {path.name: tomllib.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.toml")}
DEMO = "demo.toml"
REAL = {name: document for name, document in FILES.items() if name != DEMO}


def tariffs(catalogue: Catalogue) -> list[tuple[str, Tariff]]:
    priced: list[Service | Offence] = [*catalogue.services.values(), *catalogue.offences.values()]
    fields = [field for service in catalogue.services.values() for field in service.fields]
    choices = [choice for field in fields for choice in field.choices]
    return [(item.code, row) for item in (*priced, *choices) for row in item.tariffs]


def tariff(francs: int, since: date) -> Tariff:
    return Tariff(Money(francs), since, "Loi 2006-024", "a source", "A")


def test_the_files_load_with_and_without_the_demonstration() -> None:
    assert {"services.toml", "offences.toml", "places.toml", DEMO} <= set(FILES)
    real, all_ = reading.read(REAL), reading.read(FILES)
    assert real.services == all_.services
    assert set(all_.offences) > set(real.offences)


@pytest.mark.parametrize("files", [REAL, FILES], ids=["real", "sandbox"])
def test_every_amount_says_whence_it_comes_and_how_sure_we_are(files: dict[str, object]) -> None:
    priced = tariffs(reading.read({name: FILES[name] for name in files}))
    assert priced
    for code, row in priced:
        assert row.amount > Money(0), code
        assert row.legal_basis.strip(), code
        assert row.source.strip(), code
        assert row.certainty in {"A", "B", "C"}, code


def test_demonstration_amounts_are_only_in_the_file_that_says_so() -> None:
    assert not [code for code, row in tariffs(reading.read(REAL)) if row.demo]
    assert not [code for code, row in tariffs(reading.read(REAL)) if "DEMO" in row.source.upper()]
    shown = tariffs(reading.read({DEMO: FILES[DEMO]}))
    assert shown
    assert all(
        row.demo and row.source == "DEMO" and code.startswith("demo_") for code, row in shown
    )


def test_no_fine_has_an_amount_outside_the_sandbox_until_the_treasury_gives_it() -> None:
    assert not [o.code for o in reading.read(REAL).offences.values() if o.enabled or o.tariffs]


def test_demonstration_fines_are_within_the_bounds_of_the_order() -> None:
    shown = tariffs(reading.read({DEMO: FILES[DEMO]}))
    assert all(500 <= row.amount.francs <= 18_000 for _code, row in shown)


def test_everything_that_is_on_and_costs_has_an_amount_in_force() -> None:
    today = date(2026, 11, 22)
    catalogue = reading.read(FILES)
    on = [service for service in catalogue.services.values() if service.enabled]
    priced = [s for s in on if s.fee in {FeeKind.FIXED, FeeKind.PER_UNIT}]
    assert priced
    assert [service.code for service in priced if service.tariff_on(today) is None] == []
    assert [
        o.code for o in catalogue.offences.values() if o.enabled and not o.tariff_on(today)
    ] == []
    assert [s.code for s in on if s.fee is FeeKind.FREE and s.tariffs] == []


@pytest.mark.parametrize(
    ("code", "francs"),
    [
        ("cni", 1700),
        ("cnibs", 5000),
        ("birth_copy", 100),
        ("marriage_copy", 100),
        ("death_copy", 100),
        ("family_book", 1000),
    ],
)
def test_what_is_open_costs_what_its_source_says(code: str, francs: int) -> None:
    service = reading.read(REAL).services[code]
    in_force = service.tariff_on(date(2026, 11, 22))
    assert service.enabled
    assert in_force is not None
    assert in_force.amount == Money(francs)


def test_a_copy_is_asked_for_by_act_year_place_and_number() -> None:
    fields = reading.read(REAL).services["birth_copy"].fields
    kinds = [FieldKind.DIGITS, FieldKind.YEAR, FieldKind.PLACE, FieldKind.QUANTITY]
    assert [field.kind for field in fields] == kinds
    assert not any(field.optional for field in fields)


def test_a_family_lists_what_is_on_in_the_order_of_the_file() -> None:
    catalogue = reading.read(REAL)
    assert [s.code for s in catalogue.family("identity")] == ["cni", "cnibs"]  # no passport: off
    assert not catalogue.family("transport")
    assert not catalogue.family("no such family")


def test_the_tariff_of_a_day_is_the_last_one_begun() -> None:
    first, second, third = date(2006, 6, 28), date(2022, 11, 1), date(2024, 6, 25)
    rows = (tariff(200, second), tariff(300, third), tariff(100, first))  # in no order
    day = timedelta(days=1)
    service = Service("cni", "identity", "Police", FeeKind.FIXED, enabled=True, tariffs=rows)
    offence = Offence("class_1", enabled=True, tariffs=rows)
    for priced in (service, offence):
        assert priced.tariff_on(first - day) is None
        assert priced.tariff_on(first) == rows[2]
        assert priced.tariff_on(second - day) == rows[2]
        assert priced.tariff_on(second) == rows[0]
        assert priced.tariff_on(third) == rows[1]
        assert priced.tariff_on(date(2100, 1, 1)) == rows[1]


def test_nothing_is_in_force_where_nothing_is_known() -> None:
    assert Offence("class_1", enabled=False).tariff_on(date(2026, 11, 22)) is None


def test_a_choice_has_its_own_tariffs_where_the_fee_is_by_choice() -> None:
    service = reading.read(REAL).services["vignette_bamako"]
    (field,) = service.fields
    prices = {c.code: in_force(c.tariffs, date(2026, 11, 22)) for c in field.choices}
    assert {code: row.amount.francs for code, row in prices.items() if row} == {
        "bicycle": 1500,
        "small_moto": 3000,
        "jakarta": 6000,
        "big_moto": 12_000,
    }
    assert service.tariff_on(date(2026, 11, 22)) is None
    assert not service.enabled  # the doubling after March cannot be told by the catalogue


def test_a_tender_is_open_from_the_day_of_its_tariff_through_its_last() -> None:
    first, last, day = date(2026, 11, 1), date(2026, 11, 30), timedelta(days=1)
    tender = Tender("114", "documents", "Pont", tariff(50_000, first), last)
    catalogue = Catalogue({}, tenders={"114": tender})
    for on in (first, last):
        assert catalogue.tender("documents", "114", on) is tender
    for off in (first - day, last + day):
        assert catalogue.tender("documents", "114", off) is None
    assert catalogue.tender("others", "114", first) is None
    assert catalogue.tender("documents", "115", first) is None


@pytest.mark.parametrize(
    ("fee", "enabled", "payable"),
    [
        (FeeKind.FIXED, True, True),
        (FeeKind.BY_CHOICE, True, True),
        (FeeKind.BY_TENDER, True, True),
        (FeeKind.PER_UNIT, False, False),
        (FeeKind.FREE, True, False),
        (FeeKind.RECORDED, True, False),
    ],
)
def test_what_is_on_and_costs_can_be_asked_for(
    fee: FeeKind, *, enabled: bool, payable: bool
) -> None:
    assert Service("x", "x", "x", fee, enabled).payable is payable
