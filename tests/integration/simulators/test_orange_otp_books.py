"""The pure parts of the simulated eWallet: its fates, and how it tells a merchant."""

from collections.abc import Callable, Mapping

import pytest

from simulators.orange_otp import herald
from simulators.orange_otp.access import Account
from simulators.orange_otp.bank import Callback
from simulators.orange_otp.fates import FATES, Answer, Happening, fate_of
from tests.integration.simulators.shop import Clock

MOVES = {Happening.DEBIT, Happening.OVERDEBIT}


@pytest.mark.parametrize("status", [200, 202, 403, 404])
def test_an_answer_ends_the_telling(status: int) -> None:
    assert len(told(lambda: status < 500)) == 1


def test_no_answer_is_told_again_signed_anew() -> None:
    rings = told(lambda: False)
    assert len(rings) == 3
    assert len({ring["X-Sonatel-Idempotency-Key"] for ring in rings}) == 1
    assert len({ring["X-Sonatel-Signature"] for ring in rings}) == 3


def told(answer: Callable[[], bool]) -> list[Mapping[str, str]]:
    clock, rings = Clock(), []

    def post(url: str, body: bytes, headers: Mapping[str, str]) -> bool:
        assert (url, body) == ("http://x/", b"{}")
        rings.append(headers)
        return answer()

    account = Account(callback_url="http://x/")
    herald.tell(account, Callback({}, "event"), clock, post, clock.sleep)
    return rings


def test_the_table_has_the_fates_it_can_show() -> None:
    listed = "00 10 11 20 21 22 30 31 32 33 40 41 42 43"
    assert list(FATES) == listed.split()
    assert fate_of("76123412") is fate_of("76123444") is fate_of("76123499") is FATES["00"]
    assert {fate.answer for fate in FATES.values()} == set(Answer)
    assert {one for fate in FATES.values() for _, one in fate.plan} == set(Happening)


@pytest.mark.parametrize("name", FATES)
def test_a_plan_is_in_order_and_soon_over(name: str) -> None:
    seconds = [at for at, _ in FATES[name].plan]
    assert seconds == sorted(seconds)
    assert all(0 <= at <= 10 for at in seconds)
    assert len([1 for _, happening in FATES[name].plan if happening in MOVES]) <= 1
