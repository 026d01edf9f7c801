"""The places as they are shipped: the country's twenty units, Bamako's town halls, the missions."""

import tomllib
from pathlib import Path

import pytest

import domain.catalogue
from domain import gsm7
from domain.catalogue import Catalogue, FeeKind, Place, PlaceKind, Scope, Service, reading
from domain.catalogue.reading import KEY_MAX

FILE = Path(domain.catalogue.__file__).parent / "places.toml"
CATALOGUE = reading.read({FILE.name: tomllib.loads(FILE.read_text("utf-8"))})
PLACES = CATALOGUE.places
# Laws 2023-006 (CA) and 2023-007 (CT), and ISO 3166-2, which swaps two and lacks nine.
UNITS = {
    "Bamako": ("00", "00", "ML-BKO"),
    "Kayes": ("01", "01", "ML-1"),
    "Koulikoro": ("02", "02", "ML-2"),
    "Sikasso": ("03", "03", "ML-3"),
    "Ségou": ("04", "04", "ML-4"),
    "Mopti": ("05", "05", "ML-5"),
    "Tombouctou": ("06", "06", "ML-6"),
    "Gao": ("07", "07", "ML-7"),
    "Kidal": ("08", "08", "ML-8"),
    "Taoudénit": ("09", "09", "ML-10"),
    "Ménaka": ("10", "10", "ML-9"),
    "Bougouni": ("11", "15", ""),
    "Dioïla": ("12", "13", ""),
    "Nioro": ("13", "11", ""),
    "Koutiala": ("14", "16", ""),
    "Kita": ("15", "12", ""),
    "Nara": ("16", "14", ""),
    "Bandiagara": ("17", "19", ""),
    "San": ("18", "17", ""),
    "Douentza": ("19", "18", ""),
}


def of_kind(kind: PlaceKind) -> list[Place]:
    return [place for place in PLACES.values() if place.kind is kind]


def service(*scopes: Scope) -> Service:
    return Service("x", "x", "x", FeeKind.FREE, enabled=True, scopes=frozenset(scopes))


def test_the_district_and_the_nineteen_regions_have_their_official_codes() -> None:
    units = (*of_kind(PlaceKind.DISTRICT), *of_kind(PlaceKind.REGION))
    assert {place.name: (place.ca, place.ct, place.iso) for place in units} == UNITS
    coded = [place for place in PLACES.values() if place.ca or place.ct or place.iso]
    assert len(coded) == len(units) == 20


@pytest.mark.parametrize("series", ["ca", "ct", "iso"])
def test_no_official_code_is_there_twice(series: str) -> None:
    codes = [getattr(place, series) for place in PLACES.values() if getattr(place, series)]
    assert len(set(codes)) == len(codes)


def test_every_place_has_a_key_of_its_own_or_none() -> None:
    keys = [place.key for place in PLACES.values() if place.key]
    assert len(set(keys)) == len(keys)
    assert all(1 <= key <= KEY_MAX for key in keys)


def test_keys_are_for_ever() -> None:
    # People dial them: *789*3*1*194*1998*7*2# is Kati today and in ten years.
    keys = {place.slug: place.key for place in PLACES.values()}
    assert [keys[f"bamako_{n}"] for n in range(1, 7)] == [1, 2, 3, 4, 5, 6]
    assert keys["kati"] == 7
    regions = [place for place in of_kind(PlaceKind.REGION) if place.key]
    assert all(place.key == 10 + int(place.ca) for place in regions)
    assert [keys[f"bamako_arrondissement_{n}"] for n in range(1, 8)] == [*range(31, 38)]
    assert [place.key for place in of_kind(PlaceKind.MISSION)] == [*range(41, 59)]


def test_what_cannot_be_reached_is_not_offered() -> None:
    silent = {place.name for place in PLACES.values() if not place.key}
    assert silent == {"Bamako", "Taoudénit"}  # not a town hall; no chief town known


def test_names_can_be_shown_and_no_two_are_alike() -> None:
    names = [gsm7.to_wire(place.name) for place in PLACES.values()]
    assert len(set(names)) == len(names)
    assert not any("?" in name for name in names)


def test_a_slug_is_the_name_and_never_a_code() -> None:
    assert not [slug for slug in PLACES if any(code in slug for code in ("ml_", "ca_", "ct_"))]
    assert {"kayes", "menaka", "taoudenit", "bamako_4", "embassy_paris"} <= set(PLACES)


@pytest.mark.parametrize(
    ("scopes", "first", "last", "count"),
    [
        ((Scope.BAMAKO,), "Commune I", "Arrond. 7", 13),
        ((Scope.REGIONS,), "Kati", "Douentza", 19),
        ((Scope.MISSIONS,), "Ambassade Paris", "Consulat Bouaké", 18),
        ((Scope.BAMAKO, Scope.REGIONS), "Commune I", "Arrond. 7", 32),
    ],
)
def test_a_service_is_asked_for_where_it_is_open_by_key(
    scopes: tuple[Scope, ...], first: str, last: str, count: int
) -> None:
    offered = CATALOGUE.places_of(service(*scopes))
    assert [place.key for place in offered] == sorted(place.key for place in offered)
    assert (offered[0].name, offered[-1].name, len(offered)) == (first, last, count)


def test_a_service_opens_in_bamako_then_in_the_regions_then_in_the_missions() -> None:
    begins = CATALOGUE.places_of(service(Scope.BAMAKO))
    goes_on = CATALOGUE.places_of(service(Scope.BAMAKO, Scope.REGIONS))
    everywhere = CATALOGUE.places_of(service(*Scope))
    assert set(begins) < set(goes_on) < set(everywhere)
    keys = {place.slug: place.key for place in begins}
    assert all(keys.get(place.slug, place.key) == place.key for place in everywhere)


def test_a_place_that_is_not_offered_is_nowhere() -> None:
    assert not Catalogue({}).places_of(service(*Scope))
    assert PLACES["taoudenit"] not in CATALOGUE.places_of(service(*Scope))
