"""The web, Valkey, PostgreSQL, the operator or the SMS centre fails while people pay."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.phone import Phone, PhoneError, Screen
from sandbox.world import World
from tests.chaos.citizens import PAYING, REFUSING, Citizen, Town, confirm
from tests.chaos.plugs import (
    flush,
    frozen,
    heal_sms_centre,
    kill,
    plugs_back,
    power_cut,
    restart_valkey,
    start_valkey,
    trouble_operator,
    trouble_sms_centre,
)
from tests.e2e.audit import Audit, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

OUTAGE = 5.0  # seconds
BURST = 12  # citizens at once, more than the web server has threads


def test_a_web_server_that_dies_after_its_answer_keeps_its_word(world: World, town: Town) -> None:
    town.pay(*PAYING, REFUSING)
    kill(world["web"])
    town.wait_until_asked()
    plugs_back(world)
    town.recovers()


def test_a_web_server_that_dies_in_a_burst_of_turns_takes_each_turn_once(
    world: World, town: Town, audit: Audit
) -> None:
    citizens = [town.newcomer("00") for _ in range(BURST)]
    known = len(audit.rows("SELECT 1 FROM attempts"))
    with ThreadPoolExecutor(BURST) as threads:
        ends = [threads.submit(pay_stubbornly, citizen) for citizen in citizens]
        wait_for("a payment", lambda: len(audit.rows("SELECT 1 FROM attempts")) > known)
        kill(world["web"])
        world["web"].start()
    assert all(end.result() for end in ends)
    town.recovers()


def pay_stubbornly(citizen: Citizen) -> bool:
    phone = citizen.phone
    bill = insist(phone, lambda: phone.dial(f"*789*1*{citizen.fine.bill_number}#"))
    assert not bill.over
    return confirm(bill, lambda: insist(phone, lambda: phone.answer("1"))).over


def insist(phone: Phone, turn: Callable[[], Screen]) -> Screen:
    """Where the network gives no answer, the gateway sends the same turn again."""
    screens: list[Screen] = []

    def answered() -> bool:
        try:
            screens.append(phone.repeat() if tried else turn())
        except PhoneError:
            tried.append(True)
        return bool(screens)

    tried: list[bool] = []
    wait_for("a screen", answered)
    return screens[0]


def test_valkey_forgets_everything(world: World, town: Town) -> None:
    town.two_halves_pay()
    flush(world)
    town.recovers()


def test_valkey_is_away_for_a_while(world: World, town: Town, audit: Audit) -> None:
    town.two_halves_pay()
    kill(world["valkey"])
    screen = audit.phone("+22378000002").dial("*789#")
    assert (screen.over, "Service indisponible" in screen) == (True, True)
    time.sleep(OUTAGE)
    start_valkey(world)
    town.recovers()


def test_valkey_stays_away_and_the_sweeper_finishes_alone(
    world: World, town: Town, audit: Audit
) -> None:
    payers = town.pay(*PAYING)
    kill(world["valkey"])
    for citizen in payers:
        town.wait_for_receipt(citizen)
    assert not audit.phone("+22378000002").dial("*789#").text.startswith("Sàrali")
    start_valkey(world)
    town.recovers()


@pytest.mark.parametrize("hurt", [flush, restart_valkey])
def test_the_worker_needs_no_help_when_valkey_is_back(
    world: World, town: Town, hurt: Callable[[World], None]
) -> None:
    hurt(world)
    kill(world["sweeper"])
    citizen = town.pay_without_sweeper("00")
    town.wait_for_receipt(citizen)
    plugs_back(world)
    town.recovers()


def test_a_worker_frozen_beyond_its_lease_can_do_no_harm(
    world: World, town: Town, audit: Audit
) -> None:
    kill(world["sweeper"])
    # This wallet is debited well before the operator's reply: the worker is still waiting for it.
    slow = town.pay_without_sweeper("31")
    town.wait_for_debit(slow)
    with frozen(world["worker"]):
        world["sweeper"].start()
        town.wait_for_receipt(slow)
        others = (
            "SELECT 1 FROM outbox JOIN attempts ON ref = attempt_id"
            " WHERE bill_number = %s AND outbox.version > 1"
        )
        wait_for("another to take over", lambda: audit.rows(others, slow.fine.bill_number))
    wait_for("the worker to find out", lambda: "claim_lost" in world["worker"].log.read_text())
    town.recovers()


def test_postgresql_crashes(world: World, town: Town, audit: Audit) -> None:
    town.two_halves_pay()
    kill(world["postgres"])
    screen = audit.phone("+22378000002").dial("*789#")
    assert (screen.over, "Service indisponible" in screen) == (True, True)
    time.sleep(OUTAGE)
    plugs_back(world)
    town.recovers(all_paid=False)


def test_the_power_goes_out(world: World, town: Town) -> None:
    town.two_halves_pay()
    power_cut(world)
    plugs_back(world)
    town.recovers(all_paid=False)


def test_the_operator_is_away_when_it_should_be_asked(world: World, town: Town) -> None:
    trouble_operator(world, down=True)
    with frozen(world["worker"], world["sweeper"]):  # so that nobody knows before all have paid
        town.pay(*PAYING, REFUSING)
    time.sleep(OUTAGE)
    trouble_operator(world, down=False)
    town.recovers()


def test_the_operator_cuts_the_line_when_it_should_tell(world: World, town: Town) -> None:
    town.pay(*PAYING, REFUSING)
    town.wait_until_asked()
    trouble_operator(world, drop=True)
    time.sleep(OUTAGE)
    trouble_operator(world, drop=False)
    town.recovers()


def test_the_sms_centre_fails_and_the_same_text_arrives(world: World, town: Town) -> None:
    trouble_sms_centre(world, "500", "timeout", "500", "timeout")
    town.pay("00", "00", REFUSING)
    town.recovers()


def test_the_sms_centre_is_away_for_a_while(world: World, town: Town) -> None:
    trouble_sms_centre(world, "down")
    payers = town.pay(*PAYING)
    for citizen in payers:
        town.wait_for_debit(citizen)
    time.sleep(OUTAGE)
    assert [town.told(citizen) for citizen in payers] == [[]] * len(payers)
    heal_sms_centre(world)
    town.recovers()
