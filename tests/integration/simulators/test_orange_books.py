"""The pure parts of the simulated operator, with a clock that the test moves by hand."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from simulators.orange_mp.bank import Bank
from simulators.orange_mp.fates import FATES, Answer, Fate, Happening, fate_of
from simulators.orange_mp.payment import INIT_OUTCOME, SPEECH, BusinessError, Order, Status

START = datetime(2026, 11, 22, 3, 10, 4, tzinfo=UTC)
MOVES = {Happening.DEBIT, Happening.OVERDEBIT}


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def bank_of(clock: Clock, fate: Fate | None = None) -> Bank:
    tokens = (f"T{n}" for n in itertools.count(1))
    return Bank(clock, lambda: next(tokens), fate_of if fate is None else lambda _: fate)


def pay(bank: Bank, subscriber: str = "76123400") -> str:
    token = bank.init()
    bank.pay(Order(token, "attempt", subscriber, "70000000", 3000, "4821937028", "http://x/"))
    return token


def test_the_table_has_every_fate_of_the_sandbox() -> None:
    listed = "00 10 11 12 20 21 22 30 31 32 33 40 41 42 43 44"
    assert list(FATES) == listed.split()


@pytest.mark.parametrize("ending", [n for n in map("{:02d}".format, range(100)) if n not in FATES])
def test_everything_else_is_as_00(ending: str) -> None:
    assert fate_of(f"761234{ending}") is FATES["00"]


def test_every_answer_and_every_happening_is_some_wallets_fate() -> None:
    assert {fate.answer for fate in FATES.values()} == set(Answer)
    plans = [plan for fate in FATES.values() for plan in (fate.plan, fate.when_pushed)]
    assert {happening for plan in plans for _, happening in plan} == set(Happening)


def test_every_status_has_its_words() -> None:
    assert set(SPEECH) == set(Status)
    assert set(INIT_OUTCOME) == set(Answer) - {Answer.HANGS, Answer.BREAKS}


@pytest.mark.parametrize("name", FATES)
def test_a_plan_is_in_order_and_over_within_20_seconds(name: str) -> None:
    for plan in (FATES[name].plan, FATES[name].when_pushed):
        seconds = [at for at, _ in plan]
        assert seconds == sorted(seconds)
        assert all(0 < at <= 20 for at in seconds)
        assert len([1 for _, happening in plan if happening in MOVES]) <= 1


def test_nothing_happens_before_its_time() -> None:
    clock = Clock()
    bank = bank_of(clock)
    token = pay(bank)
    clock.sleep(1.4)
    assert (bank.advance(), bank.status(token)["status"]) == ([], "PENDING")
    clock.sleep(0.1)
    (callback,) = bank.advance()
    assert callback.body["status"] == bank.status(token)["status"] == "SUCCESSFULL"
    assert bank.advance() == []


def test_a_pay_token_is_debited_once_whatever_the_plan() -> None:
    clock = Clock()
    greedy = ((1, Happening.DEBIT), (2, Happening.OVERDEBIT), (3, Happening.DEBIT))
    bank = bank_of(clock, Fate(Answer.ACCEPTED, greedy))
    pay(bank)
    clock.sleep(5)
    bank.advance()
    assert [charge["amount"] for charge in bank.charges()] == [3000]


def test_a_debit_is_reversed_once_and_only_after_it_was_made() -> None:
    clock = Clock()
    undo = ((1, Happening.REVERSE), (2, Happening.DEBIT), (3, Happening.REVERSE))
    bank = bank_of(clock, Fate(Answer.ACCEPTED, (*undo, (4, Happening.REVERSE))))
    pay(bank)
    clock.sleep(5)
    bank.advance()
    clock.sleep(10)
    kinds = [line.split(";")[0] for line in (bank.report(START) or "").splitlines()[2:]]
    assert kinds == ["CREDIT", "REVERSAL"]
    assert [charge["reversed"] for charge in bank.charges()] == [True]


def test_a_push_saves_a_busy_handset_from_expiry_once() -> None:
    clock = Clock()
    bank = bank_of(clock)
    token = pay(bank, "76123444")
    assert bank.status(token)["inittxnstatus"] == "72"
    clock.sleep(19.5)
    assert bank.push(token)["inittxnstatus"] == "200"
    clock.sleep(0.7)
    bank.push(token)
    assert (bank.advance(), bank.status(token)["status"]) == ([], "PENDING")
    clock.sleep(0.3)
    assert [callback.body["status"] for callback in bank.advance()] == ["SUCCESSFULL"]
    assert len(bank.charges()) == 1


def test_a_push_changes_nothing_for_the_others() -> None:
    clock = Clock()
    bank = bank_of(clock)
    token = pay(bank, "76123411")
    bank.push(token)
    clock.sleep(2)
    assert [callback.body["status"] for callback in bank.advance()] == ["CANCELLED"]


def test_a_used_pay_token_cannot_pay_again() -> None:
    bank = bank_of(Clock())
    token = pay(bank)
    again = Order(token, "other", "76123405", "70000000", 10, "4821937028", "http://x/")
    with pytest.raises(BusinessError):
        bank.pay(again)


def test_ids_of_one_millisecond_and_after_a_restart_differ() -> None:
    clock = Clock()
    fate = Fate(Answer.ACCEPTED)
    before, tokens = bank_of(clock, fate), []
    tokens = [before.status(pay(before))["txnid"] for _ in range(3)]
    clock.sleep(0.5)
    after = bank_of(clock, fate)
    tokens += [after.status(pay(after))["txnid"]]
    assert tokens[0] == "MP261122.0310.A04000"
    assert len(set(tokens)) == 4


def test_a_clock_set_back_does_not_reopen_a_period() -> None:
    clock = Clock()
    bank = bank_of(clock, Fate(Answer.ACCEPTED, ((0, Happening.DEBIT),)))
    clock.sleep(10)
    assert bank.report(START) is not None
    clock.sleep(-9)
    pay(bank)
    bank.advance()
    clock.sleep(30)
    period, _header, line = (bank.report(START) or "").splitlines()
    assert line.split(";")[1] >= "2026-11-22T03:10:10"
    assert period.endswith("closed")
