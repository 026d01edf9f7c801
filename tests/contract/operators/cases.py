"""The connectors that stand the contract, and their tables as parameters of tests."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

from tests.contract.operators import (
    dialcode,
    gsma,
    moov,
    orange_mp,
    orange_otp,
    orange_web,
    pi_spi,
    wave,
)
from tests.contract.operators.case import Case, Told

CASES = tuple(
    case.CASE for case in (orange_mp, orange_otp, orange_web, moov, wave, gsma, pi_spi, dialcode)
)

_Meaning = TypeVar("_Meaning")

every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def every(table: Callable[[Case], Iterable[Told[_Meaning]]]) -> pytest.MarkDecorator:
    """Run a test on each line of a table of each connector, as `case` and `told`."""
    return pytest.mark.parametrize(
        ("case", "told"),
        [
            pytest.param(case, told, id=f"{case.name}: {told.about}")
            for case in CASES
            for told in table(case)
        ],
    )
