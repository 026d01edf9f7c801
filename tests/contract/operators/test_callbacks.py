"""A callback is believed in nothing; a forged one is not even a reason to ask."""

import pytest

from tests.contract.operators.case import Case, Knock
from tests.contract.operators.cases import CASES, every_case


@pytest.mark.parametrize(
    ("case", "knock"),
    [
        pytest.param(case, knock, id=f"{case.name}: {knock.about}")
        for case in CASES
        for knock in case.knocks
    ],
)
def test_a_callback_is_worth_what_its_signature_is(case: Case, knock: Knock) -> None:
    assert case.operator.hear(knock.callback) == knock.heard


@every_case
def test_only_the_token_of_the_account_opens_its_door(case: Case) -> None:
    assert not case.operator.is_door("")
    assert not case.operator.is_door("0f0e0d0c")
    assert not case.operator.is_door("é")
    if case.door:
        assert case.operator.is_door(case.door)
        assert not case.operator.is_door(case.door[:-1])
        assert not case.operator.is_door(case.door + "0")
