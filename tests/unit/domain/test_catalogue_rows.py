"""Choices, places and tenders that cannot be used are refused, and an authority's own files win."""

import tomllib

import pytest

from domain.catalogue import reading
from domain.catalogue.reading import CatalogueError
from tests.unit.domain.refusing import (
    CHOICE,
    FILE,
    OFFENCE,
    PLACE,
    SERVICE,
    TENDER,
    Broken,
    assert_refused,
    refusal,
)

CHOICES = [
    Broken(
        "no choice",
        CHOICE[CHOICE.index("    [[service.field.choice]]") :],
        "",
        "vehicle: choice",
        "has some",
    ),
    Broken("a choice twice", '"moto"', '"bicycle"', "vehicle: choice", "each once"),
    Broken("a choice with a space", '"moto"', '"big moto"', "vehicle", "small letters"),
    Broken(
        "a fee by a choice there is not",
        'kind = "choice"',
        'kind = "text"',
        "vehicle",
        "no other field has",
    ),
    Broken(
        "two fields of choices",
        "  [[service.field]]\n",
        '  [[service.field]]\n  name = "colour"\n  kind = "choice"\n'
        '    [[service.field.choice]]\n    code = "red"\n  [[service.field]]\n',
        "vignette: fee",
        "exactly one choice",
    ),
    Broken(
        "a choice without an amount",
        CHOICE[CHOICE.rindex("      [[service.field.choice.tariff]]") :],
        "",
        "vignette: moto: tariff",
        "each choice needs one",
    ),
    Broken(
        "a choice for nothing",
        "amount = 3000",
        "amount = 0",
        "vehicle: moto: amount",
        "more than 0",
    ),
]
PLACES = [
    Broken("a place without a kind", 'kind = "town"', "", "kind", "missing"),
    Broken("a kind of place that is none", '"town"', '"village"', "kind", "village"),
    Broken("a place without a scope", 'scope = "regions"', "", "scope", "missing"),
    Broken("a scope that is none", '"regions"', '"everywhere"', "scope", "everywhere"),
    Broken("a slug with an accent", '"kati"', '"katí"', "katí", "small letters"),
    Broken("a name of nothing", '"Kati"', '" "', "kati: name", "empty"),
    Broken("the key that turns the page", "key = 7", "key = 98", "kati: key", "1 to 97"),
    Broken("a key below nothing", "key = 7", "key = -1", "kati: key", "1 to 97"),
    Broken("a key in words", "key = 7", 'key = "7"', "key", "int"),
    Broken("a code there is not", "key = 7", "key = 7\nzip = 1", "zip", "unknown"),
]
TENDERS = [
    Broken("a number with letters", '"2026114"', '"AO-114"', "AO-114: number", "1 to 12 digits"),
    Broken("a number too long", '"2026114"', '"1234567890123"', "number", "1 to 12 digits"),
    Broken("a name of nothing", '"Pont de Kayes"', '""', "2026114: name", "empty"),
    Broken("over before it begins", "2026-12-31", "2026-10-31", "2026114: closes", "over before"),
    Broken("a last day that is none", "2026-12-31", '"soon"', "closes", "date"),
    Broken("no tariff", TENDER[TENDER.index("  [tender.tariff]") :], "", "tariff", "missing"),
    Broken(
        "an amount of nothing", "amount = 50000", "amount = 0", "2026114: amount", "more than 0"
    ),
    Broken(
        "no field for the number",
        'kind = "tender"',
        'kind = "digits"',
        "documents: fee",
        "exactly one tender",
    ),
]


@pytest.mark.parametrize("broken", CHOICES, ids=lambda broken: broken.why)
def test_a_broken_choice_is_refused_with_file_key_and_reason(broken: Broken) -> None:
    assert_refused(CHOICE, broken)


@pytest.mark.parametrize("broken", PLACES, ids=lambda broken: broken.why)
def test_a_broken_place_is_refused_with_file_key_and_reason(broken: Broken) -> None:
    assert_refused(PLACE, broken)


@pytest.mark.parametrize("broken", TENDERS, ids=lambda broken: broken.why)
def test_a_broken_tender_is_refused_with_file_key_and_reason(broken: Broken) -> None:
    assert_refused(TENDER, broken)


def test_a_tender_of_a_service_without_a_fee_by_tender_is_refused() -> None:
    said = "tenders: 2026114: service: {} has no fee by tender"
    assert refusal(TENDER.replace('service = "documents"', 'service = "cni"')) == said.format("cni")
    fixed = SERVICE.replace("birth_copy", "documents2") + TENDER
    assert refusal(fixed.replace('service = "documents"', 'service = "documents2"')) == (
        said.format("documents2")
    )


def test_two_places_under_one_key_are_refused_whatever_their_files() -> None:
    kita = PLACE.replace("kati", "kita").replace("Kati", "Kita")
    said = "places: kita: key: 7 is kati"
    assert refusal(PLACE + kita) == said
    with pytest.raises(CatalogueError, match=f"^{said}$"):
        reading.read({FILE: tomllib.loads(PLACE)}, {"own.toml": tomllib.loads(kita)})
    both = reading.read({FILE: tomllib.loads((PLACE + kita).replace("key = 7", "key = 0"))})
    assert {place.key for place in both.places.values()} == {0}  # not offered, so no clash


def test_a_service_on_where_no_place_is_open_is_refused() -> None:
    asking = SERVICE + '  [[service.field]]\n  name = "place"\n  kind = "place"\n' + PLACE
    assert reading.read({FILE: tomllib.loads(asking)}).services["birth_copy"].enabled
    abroad = asking.replace('family = "civil"', 'family = "civil"\nscopes = ["missions"]')
    assert refusal(abroad) == "services: birth_copy: scopes: no place is open there"
    off = abroad.replace("enabled = true", "enabled = false")
    assert not reading.read({FILE: tomllib.loads(off)}).services["birth_copy"].enabled


def test_what_an_authority_adds_replaces_what_was_shipped_whole() -> None:
    shipped = {FILE: tomllib.loads(SERVICE + OFFENCE.replace("true", "false") + PLACE)}
    dearer = SERVICE.replace("amount = 100", "amount = 150").replace('"per_unit"', '"fixed"')
    moved = PLACE.replace('"Kati"', '"Kati (ville)"').replace("key = 7", "key = 9")
    added = {"own.toml": tomllib.loads(dearer + moved)}
    both = reading.read(shipped, added)
    assert both.services == reading.read(added).services
    assert both.places == reading.read(added).places
    assert list(both.offences) == ["class_1"]
    assert reading.read(shipped, {}) == reading.read(shipped)


def test_what_an_authority_adds_is_refused_by_the_name_of_its_own_file() -> None:
    added = {"own.toml": tomllib.loads(SERVICE.replace("amount = 100", "amount = 0"))}
    with pytest.raises(CatalogueError, match=r"^own\.toml: birth_copy: amount: "):
        reading.read({FILE: tomllib.loads(SERVICE)}, added)
