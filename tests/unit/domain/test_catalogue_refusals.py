"""A catalogue that cannot be used is refused with the file, the key and the reason."""

import tomllib

import pytest

from domain.catalogue import reading
from domain.catalogue.reading import CatalogueError
from tests.unit.domain.refusing import (
    FILE,
    OFFENCE,
    PLACE,
    SERVICE,
    Broken,
    assert_refused,
    refusal,
)

BROKEN = [
    Broken("a missing key", 'fee = "per_unit"', "", "fee", "missing"),
    Broken("an unknown key", 'fee = "per_unit"', 'fee = "per_unit"\nprice = 5', "price", "unknown"),
    Broken("an unknown fee", '"per_unit"', '"monthly"', "fee", "monthly"),
    Broken("an unknown kind of field", '"quantity"', '"colour"', "kind", "colour"),
    Broken("a switch in words", "enabled = true", 'enabled = "yes"', "enabled", "bool"),
    Broken("an amount with cents", "amount = 100", "amount = 100.0", "amount", "int"),
    Broken("an amount in words", "amount = 100", 'amount = "100"', "amount", "int"),
    Broken("an amount that is a switch", "amount = 100", "amount = true", "amount", "int"),
    Broken("an amount of nothing", "amount = 100", "amount = 0", "amount", "more than 0"),
    Broken("an amount below nothing", "amount = 100", "amount = -100", "amount", "more than 0"),
    Broken("an amount too high", "amount = 100", "amount = 1000000001", "amount", "at most"),
    Broken("a tariff without a date", "since = 2006-06-28", "", "since", "missing"),
    Broken("a date that is none", "2006-06-28", '"June 2006"', "since", "date"),
    Broken("no legal basis", '"Loi 2006-024"', '""', "birth_copy", "legal basis"),
    Broken("no source", '"mairiecommune3.ml"', '""', "birth_copy", "source"),
    Broken(
        "a certainty that is none", 'certainty = "A"', 'certainty = "sure"', "certainty", "A, B"
    ),
    Broken("a fee per unit of nothing", '"quantity"', '"digits"', "fee", "quantity"),
    Broken(
        "two quantities",
        '  [[service.field]]\n  name = "copies"',
        '  [[service.field]]\n  name = "sheets"\n  kind = "quantity"\n'
        '  [[service.field]]\n  name = "copies"',
        "fee",
        "exactly one",
    ),
    Broken(
        "bounds crossed",
        '"quantity"',
        '"quantity"\n  low = 5\n  high = 2',
        "copies",
        "low is above",
    ),
    Broken(
        "bounds crossed by the default", '"quantity"', '"quantity"\n  low = 10', "copies", "low"
    ),
    Broken("a code with capitals", '"birth_copy"', '"Birth_copy"', "Birth_copy", "small letters"),
    Broken("a code with a dot", '"birth_copy"', '"birth.copy"', "birth.copy", "small letters"),
    Broken("a family with a space", '"civil"', '"état civil"', "family", "small letters"),
    Broken("a field that is read as a text", '"copies"', '"copies_id"', "copies_id", "read as"),
    Broken("a field with a dash", '"copies"', '"how-many"', "how-many", "small letters"),
    Broken(
        "a field name twice",
        'kind = "quantity"',
        'kind = "quantity"\n  [[service.field]]\n  name = "copies"\n  kind = "text"',
        "birth_copy: field",
        "a name is there twice",
    ),
    Broken(
        "choices of a field that is none",
        'kind = "quantity"',
        'kind = "quantity"\n    [[service.field.choice]]\n    code = "one"',
        "copies: choice",
        "no other field has",
    ),
    Broken(
        "a scope that is none",
        'family = "civil"',
        'family = "civil"\nscopes = ["moon"]',
        "scopes",
        "moon",
    ),
    Broken(
        "two tariffs of one day",
        "  [[service.field]]",
        """  [[service.tariff]]
  amount = 200
  since = 2006-06-28
  legal_basis = "Loi"
  source = "ici"
  certainty = "A"
  [[service.field]]""",
        "birth_copy: since",
        "same day",
    ),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.why)
def test_a_broken_service_is_refused_with_file_key_and_reason(broken: Broken) -> None:
    assert_refused(SERVICE, broken)


@pytest.mark.parametrize("fee", ["fixed", "per_unit"])
def test_a_service_that_is_on_without_an_amount_is_refused(fee: str) -> None:
    begin, end = SERVICE.index("  [[service.tariff]]"), SERVICE.index("  [[service.field]]")
    unpriced = (SERVICE[:begin] + SERVICE[end:]).replace("per_unit", fee)
    assert refusal(unpriced).startswith(f"{FILE}: birth_copy: tariff: ")
    off = unpriced.replace("enabled = true", "enabled = false")
    assert not reading.read({FILE: tomllib.loads(off)}).services["birth_copy"].enabled


def test_an_offence_that_is_on_without_an_amount_is_refused() -> None:
    assert refusal(OFFENCE).startswith(f"{FILE}: class_1: tariff: ")


@pytest.mark.parametrize(
    ("text", "code"),
    [(SERVICE, "birth_copy"), (OFFENCE, "class_1"), (PLACE, "kati")],
    ids=["a service", "an offence", "a place"],
)
def test_nothing_is_there_twice_even_in_two_files(text: str, code: str) -> None:
    off = text.replace("enabled = true", "enabled = false")
    assert refusal(off + off) == f"{FILE}: {code}: it is there twice"
    with pytest.raises(CatalogueError, match=f"^second.toml: {code}: it is there twice$"):
        reading.read({"first.toml": tomllib.loads(off), "second.toml": tomllib.loads(off)})


def test_a_document_of_another_shape_is_refused_by_name() -> None:
    assert refusal('[service]\ncode = "x"').startswith(f"{FILE}: ")
    assert "colour" in refusal('colour = "blue"')


def test_a_refusal_is_a_value_error_for_the_caller() -> None:
    assert issubclass(CatalogueError, ValueError)


def test_an_empty_catalogue_offers_nothing() -> None:
    empty = reading.read({})
    assert not empty.services
    assert not empty.offences
    assert not empty.places
    assert not empty.tenders
