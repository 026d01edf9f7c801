"""Catalogues that are good until one thing of them is changed."""

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
kind = "town"
scope = "regions"
key = 7
"""
CHOICE = """
[[service]]
code = "vignette"
family = "local"
authority = "Mairie"
fee = "by_choice"
enabled = true
  [[service.field]]
  name = "vehicle"
  kind = "choice"
    [[service.field.choice]]
    code = "bicycle"
      [[service.field.choice.tariff]]
      amount = 1500
      since = 2009-01-01
      legal_basis = "Vignette"
      source = "ortm.ml"
      certainty = "A"
    [[service.field.choice]]
    code = "moto"
      [[service.field.choice.tariff]]
      amount = 3000
      since = 2009-01-01
      legal_basis = "Vignette"
      source = "ortm.ml"
      certainty = "A"
"""
TENDER = """
[[service]]
code = "documents"
family = "other"
authority = "Autorité contractante"
fee = "by_tender"
enabled = true
  [[service.field]]
  name = "number"
  kind = "tender"
  [[service.field]]
  name = "company"
  kind = "text"

[[tender]]
number = "2026114"
service = "documents"
name = "Pont de Kayes"
closes = 2026-12-31
  [tender.tariff]
  amount = 50000
  since = 2026-11-01
  legal_basis = "Code des marchés"
  source = "avis"
  certainty = "A"
"""


class Broken(NamedTuple):
    """One change to a good document, and the words its refusal must hold."""

    why: str
    old: str
    new: str
    key: str
    reason: str


def refusal(text: str) -> str:
    with pytest.raises(CatalogueError) as refused:
        reading.read({FILE: tomllib.loads(text)})
    return str(refused.value)


def assert_refused(good: str, broken: Broken) -> None:
    """The change is refused by file, key and reason, and only because of it."""
    reading.read({FILE: tomllib.loads(good)})
    assert good.count(broken.old) == 1
    words = refusal(good.replace(broken.old, broken.new))
    assert words.startswith(f"{FILE}: ")
    assert broken.key in words
    assert broken.reason in words
