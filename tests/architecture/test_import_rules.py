"""The import rules hold, and each of them can fail."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
RULES = configparser.ConfigParser()
RULES.read(ROOT / ".importlinter", encoding="utf-8")
PACKAGES = RULES["importlinter"]["root_packages"].split()
CONTRACTS = [name for name in RULES.sections() if name.startswith("importlinter:contract:")]


class Violation(NamedTuple):
    contract: str
    module: str  # gets a line more
    line: str


VIOLATIONS = [
    Violation("parts", "domain/money.py", "import payments"),
    Violation("parts", "menus/engine.py", "import sms"),
    Violation("parts", "payments/__init__.py", "import ussd_app"),
    Violation("parts", "smpp/pdu.py", "import sms"),
    Violation("inside-ussd-app", "ussd_app/usecases/__init__.py", "import ussd_app.wiring"),
    Violation("inside-ussd-app", "ussd_app/settings.py", "import ussd_app.store"),
    Violation("inside-ussd-app", "ussd_app/store/__init__.py", "import ussd_app.aggregators"),
    Violation("inside-ussd-app", "ussd_app/utilities.py", ""),  # a module without a place
    Violation("inside-ussd-app", "ussd_app/web/__init__.py", "import ussd_app.links"),
    Violation("pure", "menus/engine.py", "import time"),
    Violation("pure", "smpp/codec.py", "import socket"),
    Violation("pure", "domain/money.py", "from os import environ"),
    Violation("pure", "payments/__init__.py", "import logging"),
    Violation("pure", "sms/__init__.py", "import requests"),
    Violation("sdk", "ussd_app/web/__init__.py", "import africastalking"),
    Violation("storage", "ussd_app/usecases/__init__.py", "import sqlalchemy"),
    Violation("storage", "ussd_app/web/__init__.py", "import redis"),
    Violation("queue", "ussd_app/web/__init__.py", "import rq"),
    Violation("flask", "ussd_app/usecases/__init__.py", "import flask"),
    Violation("operators", "payments/operators/other.py", "import payments.operators.orange_mp"),
    Violation("operators", "payments/operators/base.py", "import payments.operators.orange_mp"),
    Violation("operators", "payments/wire/documents.py", "import payments.operators.orange_mp"),
    Violation(
        "dialects", "ussd_app/aggregators/other.py", "import ussd_app.aggregators.africastalking"
    ),
    Violation("simulators", "simulators/__init__.py", "import payments"),
    Violation("one-simulator", "simulators/moov/bank.py", "import simulators.wave.bank"),
    Violation("one-simulator", "simulators/clock.py", "import simulators.moov"),
    Violation("sandbox", "sandbox/phone.py", "import ussd_app"),
    Violation("homologation", "homologation/script.py", "import ussd_app.aggregators.base"),
    Violation("who-plays-a-gateway", "ussd_app/web/__init__.py", "import homologation.line"),
    Violation("nobody-needs-the-world", "ussd_app/web/__init__.py", "import simulators"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the tree, to break."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("__pycache__", "*.toml", "*.html"),
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_rules_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_rule_has_a_violation_below() -> None:
    covered = {f"importlinter:contract:{violation.contract}" for violation in VIOLATIONS}
    assert covered == set(CONTRACTS)


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda v: f"{v.contract}:{v.module}:{v.line}")
def test_a_violation_is_found(copy: Path, violation: Violation) -> None:
    module = copy / violation.module
    before = module.read_text(encoding="utf-8") if module.exists() else ""
    module.write_text(f"{before}\n{violation.line}\n", encoding="utf-8")

    done = lint(copy)

    name = RULES[f"importlinter:contract:{violation.contract}"]["name"]
    assert done.returncode != 0
    assert f"{name} BROKEN" in " ".join(done.stdout.split())
