"""Under which id Moov can be asked about a push: theirs, from the reply, or none; what it takes."""

import pytest

from payments.operators.base import NO_TOKEN, Answer, NoAnswer, Outcome
from tests.contract.operators.case import ORDER
from tests.contract.operators.moov import CASE
from tests.contract.operators.moov_answers import PUSH, REF, STATUS, answered, told

BARE = "<description>IN PENDING STATE</description><status>100</status>"
WITHOUT_A_KEY = {
    "lost": NoAnswer.LOST,
    "not sent": NoAnswer.NOT_SENT,
    "a server error": Answer(500, told(PUSH, "100").body),
    "a page": Answer(200, b"<html>720261122000006</html>"),
    "the answer to another question": told(STATUS, "100"),
    "no ids, as clients have seen it": answered(PUSH, BARE),
    "only our own id": answered(PUSH, f"{BARE}<transid>{ORDER.attempt_id}</transid>"),
    "an empty id": told(PUSH, "100", ""),
    "an id of spaces": told(PUSH, "100", "   "),
    "an id with a space": told(PUSH, "100", "7202 6"),
    "an id with a line": told(PUSH, "100", "7202\n6"),
    "an id in another script": told(PUSH, "100", "٧٢٠"),
    "an id too long": told(PUSH, "100", "7" * 65),
    "an id of elements": told(PUSH, "100", "<id>7</id>"),
    "two ids": answered(PUSH, f"{BARE}<referenceid>7</referenceid><referenceid>8</referenceid>"),
}


@pytest.mark.parametrize("code", ["0", "100", "10", "92", "98", "99", "77"])
def test_a_reply_gives_the_id_whatever_it_says(code: str) -> None:
    assert CASE.operator.read_key(told(PUSH, code), ORDER) == REF


@pytest.mark.parametrize("outcome", WITHOUT_A_KEY.values(), ids=list(WITHOUT_A_KEY))
def test_a_reply_without_one_id_of_theirs_gives_none(outcome: Outcome) -> None:
    assert CASE.operator.read_key(outcome, ORDER) is None


def test_the_key_of_an_order_is_the_attempt_and_cannot_be_asked_about() -> None:
    key = CASE.operator.own_key(ORDER)
    assert key == ORDER.attempt_id
    assert CASE.operator.inquire(ORDER, key, NO_TOKEN) is None


def test_the_same_order_is_pushed_under_the_attempt_whatever_the_key() -> None:
    one, other = (CASE.operator.collect(ORDER, key, NO_TOKEN) for key in ("", REF))
    assert one is not None
    assert one == other


@pytest.mark.parametrize(
    ("francs", "allowed"),
    [(0, False), (5, True), (3000, True), (3002, False), (2_000_000, True), (2_000_005, False)],
)
def test_amounts_are_multiples_of_5_between_bounds(francs: int, *, allowed: bool) -> None:
    assert CASE.operator.capabilities.amounts.allow(francs) is allowed
