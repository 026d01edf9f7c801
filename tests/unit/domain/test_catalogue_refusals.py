"""A catalogue that cannot be used is refused with the file, the key and the reason."""

import tomllib
from typing import NamedTuple

import pytest

from domain.catalogue import reading
from domain.catalogue.reading import CatalogueError

FILE = "services.toml"
SERVICE = """
[[service]]
code = "birth_copy"
family = "civil"
authority = "Centre d'état civil"
fee = "per_unit"
enabled = true
  [[service.tariff]]
  amount = 100
  since = 2006-06-28
  legal_basis = "Loi 2006-024"
  source = "mairiecommune3.ml"
  certainty = "A"
  [[service.field]]
  name = "copies"
  kind = "quantity"
"""
OFFENCE = """
[[offence]]
code = "class_1"
enabled = true
"""
PLACE = """
[[place]]
slug = "kati"
name = "Kati"
"""


class Broken(NamedTuple):
    """One change to a good document, and the words its refusal must hold."""

    why: str
    old: str
    new: str
    key: str
    reason: str


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
]


def refusal(text: str) -> str:
    with pytest.raises(CatalogueError) as refused:
        reading.read({FILE: tomllib.loads(text)})
    return str(refused.value)


def test_the_document_below_is_good_until_it_is_broken() -> None:
    assert list(reading.read({FILE: tomllib.loads(SERVICE)}).services) == ["birth_copy"]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.why)
def test_a_broken_service_is_refused_with_file_key_and_reason(broken: Broken) -> None:
    assert SERVICE.count(broken.old) == 1
    words = refusal(SERVICE.replace(broken.old, broken.new))
    assert words.startswith(f"{FILE}: ")
    assert broken.key in words
    assert broken.reason in words


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
    ("text", "code"), [(SERVICE, "birth_copy"), (OFFENCE, "class_1"), (PLACE, "kati")]
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
