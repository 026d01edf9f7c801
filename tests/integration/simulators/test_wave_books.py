"""The simulated Wave's sessions and list, with a clock that the test moves by hand."""

import json
from datetime import timedelta

import pytest

from domain.payment import Failure, Kind
from payments.operators.base import NO_TOKEN, Answer
from payments.reconciliation import Statement
from simulators.wave.bank import Bank
from simulators.wave.fates import FATES, Creation, Fate, Happening, fate_of
from simulators.wave.session import ApiError, Order
from tests.integration.simulators.wave_world import START, Clock, World, document, order

KEY = {"Authorization": "Bearer sandbox"}
MOVES = {Happening.PAY, Happening.OVERPAY}
WISH = Order(3000, "ref", "+22376123400", "https://a.example/4821937028", "https://a.example/")


def bank_of(clock: Clock, fate: Fate) -> Bank:
    numbers = iter(range(1, 10_000))
    return Bank(clock, lambda: f"{next(numbers):016X}", lambda _: fate)


def test_the_table_has_every_fate_that_wave_can_show() -> None:
    listed = "00 10 11 12 20 21 22 30 32 33 40 41 42 43"
    assert list(FATES) == listed.split()


@pytest.mark.parametrize("ending", [n for n in map("{:02d}".format, range(100)) if n not in FATES])
def test_everything_else_is_as_00(ending: str) -> None:
    assert fate_of(f"+223761234{ending}") is FATES["00"]


def test_every_answer_and_every_happening_is_some_wallets_fate() -> None:
    assert {fate.creation for fate in FATES.values()} == set(Creation)
    found = {happening for fate in FATES.values() for _, happening in fate.plan}
    assert found == set(Happening) - {Happening.EXPIRE}


@pytest.mark.parametrize("name", FATES)
def test_a_plan_is_in_order_and_over_before_the_session(name: str) -> None:
    plan = FATES[name].plan
    seconds = [at for at, _ in plan]
    assert seconds == sorted(seconds)
    assert all(0 < at < 10 for at in seconds)
    assert len([1 for _, happening in plan if happening in MOVES]) <= 1


def test_a_session_is_paid_once_whatever_the_plan() -> None:
    clock = Clock()
    greedy = ((1, Happening.PAY), (2, Happening.OVERPAY), (3, Happening.MUDDLE))
    bank = bank_of(clock, Fate(Creation.ANSWERED, greedy))
    _, session = bank.create(WISH, None)
    clock.sleep(5)
    bank.advance()
    assert [charge["amount"] for charge in bank.charges()] == [3000]
    assert bank.session(str(session["id"]))["payment_status"] == "succeeded"


def test_a_refund_is_made_once_and_only_of_a_payment() -> None:
    clock = Clock()
    undo = ((1, Happening.REFUND), (2, Happening.COMPLETED), (3, Happening.PAY))
    twice = (*undo, (4, Happening.REFUND), (5, Happening.REFUND))
    bank = bank_of(clock, Fate(Creation.ANSWERED, twice))
    bank.create(WISH, None)
    clock.sleep(6)
    assert bank.advance() == []
    items = bank.transactions(None, "", 10)["items"]
    assert isinstance(items, list)
    assert [(item["amount"], item["fee"], item["balance"]) for item in items] == [
        ("2970", "30", "2970"),
        ("-2970", "-30", "0"),
    ]


def test_the_same_key_is_the_same_session_and_one_payment() -> None:
    world = World()
    first, second = world.prepare(order()), world.prepare(order())
    assert first is not None
    assert first == second
    world.live(2)
    assert world.prepare(order()) == first
    assert len(world.bank.charges()) == 1


def test_the_same_key_for_another_order_is_refused() -> None:
    world = World()
    world.prepare(order())
    answer = world.call(world.wave.prepare(order(francs=5000), NO_TOKEN))
    assert isinstance(answer, Answer)
    assert (answer.status, json.loads(answer.body)["code"]) == (409, "idempotency-mismatch")


def test_without_a_key_every_request_is_a_session() -> None:
    bank = bank_of(Clock(), Fate(Creation.ANSWERED))
    ids = {bank.create(WISH, None)[1]["id"] for _ in range(3)}
    assert len(ids) == 3


def test_expire_closes_an_open_session_and_says_nothing() -> None:
    world = World()
    prepared = world.prepare(order())
    assert prepared is not None
    answer = world.cancel(prepared.key)
    assert answer == Answer(200, b"")
    assert world.wave.read_inquire(answer, order()) == ()
    (fact,) = world.inquire(prepared.key)
    assert (fact.kind, fact.failure) == (Kind.FAILED, Failure.EXPIRED)
    world.live(30)
    assert (world.bank.charges(), world.rings) == ([], [])


@pytest.mark.parametrize("seconds", [2.0, 21.0])
def test_expire_is_too_late_for_what_is_paid_or_expired(seconds: float) -> None:
    world = World()
    prepared = world.prepare(order("00" if seconds < 20 else "12"))
    assert prepared is not None
    world.live(seconds)
    before = world.inquire(prepared.key)
    answer = world.cancel(prepared.key)
    assert isinstance(answer, Answer)
    assert (answer.status, world.wave.read_inquire(answer, order())) == (409, ())
    assert world.inquire(prepared.key) == before


def test_an_unknown_session_is_said_to_be_none() -> None:
    bank = bank_of(Clock(), Fate(Creation.ANSWERED))
    for call in (bank.session, bank.expire):
        with pytest.raises(ApiError) as refused:
            call("cos-nobody")
        assert refused.value.body["code"] == "checkout-session-not-found"


def test_the_list_is_read_as_closed_five_seconds_ago() -> None:
    world = World()
    world.prepare(order())
    world.live(1.5)
    found = world.statement()
    assert found is not None
    assert (found.until, found.lines) == (world.clock() - timedelta(seconds=5), ())
    world.live(5)
    found = world.statement()
    assert found is not None
    assert [line.francs for line in found.lines] == [3000]
    assert found.since <= START < found.until


def test_a_day_that_is_over_is_closed_whole_and_the_next_one_goes_on() -> None:
    world = World()
    world.prepare(order())
    world.live(2)
    world.live(86_400)
    whole = world.statement()
    assert whole is not None
    assert (whole.until.isoformat(), len(whole.lines)) == ("2026-11-23T00:00:00+00:00", 1)
    today = world.statement(whole.until)
    assert today is not None
    assert (today.since, today.lines) == (whole.until, ())


def test_the_list_comes_by_small_pages_each_closed_before_its_last_line() -> None:
    world = World()
    for n in range(1, 8):
        world.prepare(order(attempt=n))
        world.live(3)
    world.live(10)
    pages: list[Statement] = []
    after = ""
    while not pages or after:
        page = world.statement(after=after)
        assert page is not None
        pages.append(page)
        after = page.after
    seen = [[line.attempt_id[-1] for line in page.lines] for page in pages]
    assert seen == [["1", "2", "3"], ["4", "5", "6"], ["7"]]
    assert [page.until for page in pages[:-1]] == [page.lines[-1].at for page in pages[:-1]]
    assert pages[-1].until == world.clock() - timedelta(seconds=5)


def test_nobody_goes_on_to_what_is_not_settled_yet() -> None:
    world = World()
    for n in range(1, 5):
        world.prepare(order(attempt=n))
        world.live(3)
    page = world.statement()
    assert page is not None
    assert (page.until, page.after) == (world.clock() - timedelta(seconds=5), "")
    assert [line.attempt_id[-1] for line in page.lines] == ["1", "2"]


def test_a_larger_page_can_be_asked_for() -> None:
    world = World()
    for n in range(1, 5):
        world.prepare(order(attempt=n))
        world.live(3)
    reply = document(world.http.get("/v1/transactions?first=1000", headers=KEY))
    assert (len(reply["items"]), reply["page_info"]["has_next_page"]) == (4, False)


def test_a_clock_set_back_does_not_write_before_the_last_line() -> None:
    clock = Clock()
    bank = bank_of(clock, Fate(Creation.ANSWERED, ((0, Happening.PAY),)))
    for _ in range(2):
        bank.create(WISH, None)
        bank.advance()
        clock.sleep(-9)
    items = bank.transactions(None, "", 10)["items"]
    assert isinstance(items, list)
    assert [item["timestamp"] for item in items] == ["2026-11-22T03:10:04Z"] * 2
