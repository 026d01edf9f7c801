"""The pure parts of the simulated Moov, with a clock that the test moves by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from simulators.moov.bank import Bank
from simulators.moov.fates import FATES, Answer, Fate, Happening, fate_of
from simulators.moov.payment import SPEECH, Code, Order, RefusedError

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
    return Bank(clock, fate_of if fate is None else lambda _: fate)


def push(bank: Bank, payer: str = "+22366123400", attempt: str = "attempt") -> str:
    _, told = bank.push(Order(payer, 3000, attempt, "4821937028"))
    return told["referenceid"]


def test_the_table_has_the_fates_this_protocol_can_show() -> None:
    assert list(FATES) == ["00", "10", "11", "12", "20", "21", "22", "40", "41", "42", "43"]


@pytest.mark.parametrize("ending", [n for n in map("{:02d}".format, range(100)) if n not in FATES])
def test_everything_else_is_as_00(ending: str) -> None:
    assert fate_of(f"+223661234{ending}") is FATES["00"]


def test_every_answer_and_every_happening_is_some_wallets_fate() -> None:
    assert {fate.answer for fate in FATES.values()} == set(Answer)
    assert {what for fate in FATES.values() for _, what in fate.plan} == set(Happening)
    assert set(SPEECH) == set(Code)


@pytest.mark.parametrize("name", FATES)
def test_a_plan_is_in_order_and_over_within_20_seconds(name: str) -> None:
    plan = FATES[name].plan
    seconds = [at for at, _ in plan]
    assert seconds == sorted(seconds)
    assert all(0 < at <= 20 for at in seconds)
    assert len([1 for _, happening in plan if happening in MOVES]) <= 1


def test_nothing_happens_before_its_time() -> None:
    clock = Clock()
    bank = bank_of(clock)
    ref = push(bank)
    clock.sleep(1.4)
    bank.advance()
    assert bank.status(ref)["status"] == "100"
    clock.sleep(0.1)
    bank.advance()
    assert bank.status(ref)["status"] == "0"


def test_an_answer_names_the_transaction_and_no_amount() -> None:
    clock = Clock()
    bank = bank_of(clock)
    ref = push(bank)
    clock.sleep(2)
    bank.advance()
    told = {"description": "SUCCESS", "referenceid": ref, "status": "0", "transid": "attempt"}
    assert bank.status(ref) == told


def test_the_same_push_twice_is_two_debits() -> None:
    """Nothing at this operator protects from it: whoever pushes again pays again."""
    clock = Clock()
    bank = bank_of(clock)
    assert push(bank) != push(bank)
    clock.sleep(2)
    bank.advance()
    assert [charge["order_id"] for charge in bank.charges()] == ["attempt", "attempt"]


def test_a_transaction_is_debited_once_whatever_the_plan() -> None:
    clock = Clock()
    greedy = ((1, Happening.DEBIT), (2, Happening.OVERDEBIT), (3, Happening.DEBIT))
    bank = bank_of(clock, Fate(Answer.PENDING, greedy))
    push(bank)
    clock.sleep(5)
    bank.advance()
    assert [charge["amount"] for charge in bank.charges()] == [3000]


def test_a_debit_is_reversed_once_and_only_after_it_was_made() -> None:
    clock = Clock()
    undo = ((1, Happening.REVERSE), (2, Happening.DEBIT), (3, Happening.REVERSE))
    bank = bank_of(clock, Fate(Answer.PENDING, (*undo, (4, Happening.REVERSE))))
    ref = push(bank)
    clock.sleep(5)
    bank.advance()
    clock.sleep(10)
    rows = [line.split(";") for line in (bank.report(START) or "").splitlines()[2:]]
    assert [row[0] for row in rows] == ["CREDIT", "REVERSAL"]
    assert [row[6] for row in rows] == ["", ref]
    assert [row[3:6] for row in rows] == [["attempt", "66123400", "3000"]] * 2
    assert [charge["reversed"] for charge in bank.charges()] == [True]
    assert bank.status(ref)["status"] == "0"


@pytest.mark.parametrize("unknown", ["", "attempt", "4821937028", "720261122000006"])
def test_only_its_own_ids_are_known(unknown: str) -> None:
    bank = bank_of(Clock())
    push(bank)
    with pytest.raises(RefusedError) as refused:
        bank.status(unknown)
    assert refused.value.code is Code.NO_SUCH


def test_ids_of_one_millisecond_and_after_a_restart_differ() -> None:
    clock = Clock()
    before = bank_of(clock)
    refs = [push(before) for _ in range(3)]
    clock.sleep(0.5)
    refs.append(push(bank_of(clock)))
    assert refs[0] == "72026112211404000"
    assert len(set(refs)) == 4


def test_a_clock_set_back_does_not_reopen_a_period() -> None:
    clock = Clock()
    bank = bank_of(clock, Fate(Answer.PENDING, ((0, Happening.DEBIT),)))
    clock.sleep(10)
    assert bank.report(START) is not None
    clock.sleep(-9)
    push(bank)
    bank.advance()
    clock.sleep(30)
    period, _header, line = (bank.report(START) or "").splitlines()
    assert line.split(";")[1] >= "2026-11-22T03:10:10"
    assert period.endswith("closed")
