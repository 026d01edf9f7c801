"""A text that a citizen types: kept in the letters that a screen and a receipt can show again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import gsm7
from domain.catalogue import Catalogue, FeeKind, Field, FieldKind, Service
from menus import rules
from menus.screens import Accepted, Refused

TODAY = date(2026, 11, 22)
SERVICE = Service("documents", "other", "authority", FeeKind.FIXED, enabled=True)
NAME = rules.of_field(Field("company", FieldKind.TEXT, 2, 20), SERVICE, Catalogue({}))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Société Niger", "Société Niger"),
        ("  BTP  &  Fils ", "BTP & Fils"),
        ("L'Étoile, S.A./2-B", "L'Étoile, S.A./2-B"),
        ("Ɲɛnɛkɔrɔ", "Nyènèkòrò"),  # in the letters that will be shown again
        ("42", "42"),
        ("a" * 20, "a" * 20),
        ("été", "été"),
        ("e\u0301te", "éte"),
    ],
)
def test_a_text_is_kept_in_the_letters_of_the_wire(typed: str, kept: str) -> None:
    assert NAME(typed, TODAY) == Accepted(kept)
    assert NAME(kept, TODAY) == Accepted(kept)


@pytest.mark.parametrize(
    "typed",
    [
        "a",
        "a" * 21,
        "œ" * 11,
        "a*b",
        "a\u0000b",
        "12€",
        "<b>",
        "a{b}",
        "Ж字",
        "?!",
        "a = b",
        "a\\b",
    ],
)
def test_a_text_too_short_too_long_or_of_other_signs_is_refused(typed: str) -> None:
    assert NAME(typed, TODAY) == Refused("problem.text")


@given(st.text(max_size=30))
def test_whatever_is_typed_a_text_answers_in_what_a_screen_can_show(text: str) -> None:
    verdict = NAME(text, TODAY)
    if isinstance(verdict, Accepted):
        assert gsm7.septets(verdict.value) == len(verdict.value)
        assert NAME(verdict.value, TODAY) == verdict
