"""The page of failures is true: what it names is there, and no failure lacks its answer."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.simulation.faults import Fault
from ussd_app.connectors import CONNECTORS
from ussd_app.manuscripts import LOCALES
from ussd_app.translations import Translations

ROOT = Path(__file__).parents[3]
COLUMNS = 7
QUOTED = re.compile(r"`([^`]+)`")
OF_CODE = ("payments.", "ussd_app.")


@dataclass(frozen=True)
class Row:
    """One failure: what is quoted in each of its cells."""

    number: str
    rules: tuple[str, ...]
    fates: tuple[str, ...]
    operators: tuple[str, ...]
    faults: tuple[str, ...]
    texts: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> Iterator[Row]:
    for line in (ROOT / "docs" / "failures.md").read_text("utf-8").splitlines():
        if not re.match(r"\| [FP]\d", line):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == COLUMNS, line
        number, _, rule, fate, fault, text, test = cells
        fates, _, operators = fate.partition(" : ")
        yield Row(
            number=number,
            rules=tuple(one for one in QUOTED.findall(rule) if one.startswith(OF_CODE)),
            fates=tuple(QUOTED.findall(fates)),
            operators=tuple(operators.split(", ")) if operators else (),
            faults=tuple(QUOTED.findall(fault)),
            texts=tuple(QUOTED.findall(text)),
            tests=tuple(QUOTED.findall(test)),
        )


ROWS = list(rows())
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)


def test_the_twenty_failures_are_all_there_in_order() -> None:
    numbers = [row.number for row in ROWS if row.number.startswith("F")]
    assert numbers == [f"F{n}" for n in range(1, 21)]


@every_row
def test_a_failure_has_a_rule_a_way_to_happen_a_text_and_a_test(row: Row) -> None:
    assert row.rules
    assert row.fates or row.faults
    assert row.texts
    assert row.tests


@every_row
def test_its_rules_stand_where_the_page_says(row: Row) -> None:
    for name in row.rules:
        assert callable(found(name)), name


def found(name: str) -> object:
    """What a dotted name names: a function of a module, or of a class in it."""
    parts = name.split(".")
    at = next(n for n in range(len(parts) - 1, 0, -1) if is_module(".".join(parts[:n])))
    thing: object = importlib.import_module(".".join(parts[:at]))
    for part in parts[at:]:
        thing = getattr(thing, part)
    return thing


def is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@every_row
def test_its_fates_are_lived_at_the_operators_named(row: Row) -> None:
    assert bool(row.fates) == bool(row.operators)
    for operator in row.operators:
        assert operator in CONNECTORS
        lived = importlib.import_module(f"simulators.{operator}.fates").FATES
        assert set(row.fates) <= lived.keys(), operator


@every_row
def test_its_faults_are_simulated(row: Row) -> None:
    simulated = "".join(
        path.read_text("utf-8")
        for path in (ROOT / "tests" / "simulation").glob("*.py")
        if path.name != "faults.py"
    )
    for name in row.faults:
        assert name in Fault.__members__
        assert f"Fault.{name}" in simulated, name


@every_row
def test_its_texts_are_in_every_language_of_the_page(row: Row) -> None:
    texts = Translations.read([LOCALES], ("fr", "bm"))
    for text_id in row.texts:
        for lang in ("fr", "bm"):
            assert texts.template(lang, text_id), (lang, text_id)


@every_row
def test_its_tests_exist(row: Row) -> None:
    for name in row.tests:
        path, _, function = name.partition("::")
        assert function in functions_of(ROOT / path), name


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
