"""The simulated operator of a merchant code: the citizen reads, dials, and only the report tells.

Both sides are held to the same document: what is reported is read by our own connector.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import requests

from payments.operators.base import NO_TOKEN, Answer
from payments.operators.dialcode import Account, Dialcode
from payments.reconciliation import Line, LineKind
from simulators.dialcode.bank import Bank
from simulators.dialcode.citizen import Citizen
from simulators.dialcode.fates import FATES, Happening, fate_of
from simulators.dialcode.server import create_app
from simulators.inbox import Inbox, Message
from tests.integration.simulators.harness import launch, running, wait_for
from tests.integration.simulators.shop import FRANCS, START, URL, Clock

MODULE, PORT = "simulators.dialcode", "SIM_DIALCODE_PORT"
DIAL = "*166*4*000000*{amount}#"
BILL = "4821937028"
LIFE = 20.0  # seconds the sandbox expects the money
WEEK = 604_800.0


@dataclass
class World:
    """The operator, its citizens and our connector, on one clock."""

    clock: Clock = field(default_factory=Clock)
    messages: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bank = Bank(self.clock)
        inbox = Inbox(self.clock, lambda: self.messages)
        self.citizen = Citizen(self.bank, inbox, DIAL, since=START)
        self.http = create_app(self.bank, "sandbox").test_client()
        account = Account(base_url=URL, token="sandbox", brand="Mali Money", dial=DIAL)
        self.operator = Dialcode(account, timeout=3.0, expiry=WEEK)
        self.clock.passing = self._pass

    def _pass(self) -> None:
        self.citizen.look()
        self.bank.advance()

    def sms(self, ending: str = "00", words: str = "", bill_number: str = BILL) -> None:
        """Deliver what the citizen with that ending is to dial, or other words."""
        code = DIAL.replace("{amount}", str(FRANCS))
        text = words or f"Amende {bill_number}, 3 000 F CFA: composez {code} et payez."
        at = self.clock().isoformat()
        self.messages.append({"to": f"+223761234{ending}", "text": text, "at": at})

    def lines(self) -> tuple[Line, ...]:
        """The report ten seconds later, as our connector reads it."""
        self.clock.sleep(10)
        request = self.operator.statement(START, NO_TOKEN)
        reply = self.http.get(request.url.removeprefix(URL), headers=dict(request.headers))
        statement = self.operator.read_statement(Answer(reply.status_code, reply.data))
        assert statement is not None
        assert statement.since <= START < statement.until
        return statement.lines


@pytest.fixture
def world() -> World:
    return World()


def test_the_table_has_the_fates_it_can_show() -> None:
    assert list(FATES) == ["00", "11", "30", "40", "41", "42"]
    assert fate_of("+22376123410") is fate_of("+22376123444") is FATES["00"]
    assert {one for plan in FATES.values() for _, one in plan} == set(Happening)


def test_only_the_late_dial_later_than_the_sandbox_waits() -> None:
    first = {ending: plan[0][0] for ending, plan in FATES.items() if plan}
    assert [ending for ending, seconds in first.items() if seconds > LIFE] == ["40"]


def test_a_citizen_dials_what_the_sms_says_a_moment_after_reading_it(world: World) -> None:
    world.sms()
    world.clock.sleep(1)
    assert world.bank.charges() == []
    world.clock.sleep(1)
    (charge,) = world.bank.charges()
    assert (charge["payer"], charge["amount"]) == ("+22376123400", FRANCS)
    assert (charge["bill_number"], charge["reversed"]) == (BILL, False)


def test_the_report_names_the_payer_as_the_operator_prints_it_and_no_bill(world: World) -> None:
    world.sms()
    world.clock.sleep(2)
    (line,), (charge,) = world.lines(), world.bank.charges()
    assert (line.kind, line.francs, line.payer) == (LineKind.CREDIT, FRANCS, "22376123400")
    assert (line.operator_ref, line.attempt_id) == (charge["operator_ref"], "")
    assert BILL not in repr(line)


@pytest.mark.parametrize(
    ("ending", "moved"),
    [
        ("00", [("CREDIT", FRANCS)]),
        ("11", []),
        ("12", [("CREDIT", FRANCS)]),
        ("30", [("CREDIT", FRANCS), ("CREDIT", FRANCS)]),
        ("40", [("CREDIT", FRANCS)]),
        ("41", [("CREDIT", FRANCS), ("REVERSAL", FRANCS)]),
        ("42", [("CREDIT", FRANCS + 500)]),
    ],
)
def test_the_report_and_the_oracle_agree_on_each_fate(
    world: World, ending: str, moved: list[tuple[str, int]]
) -> None:
    world.sms(ending)
    world.clock.sleep(30)
    lines, charges = world.lines(), world.bank.charges()
    assert [(line.kind.value, line.francs) for line in lines] == moved
    credits_ = {line.operator_ref: line for line in lines if line.kind is LineKind.CREDIT}
    undone = {line.operator_ref for line in lines if line.kind is LineKind.REVERSAL}
    assert [charge["operator_ref"] for charge in charges] == list(credits_)
    for charge in charges:
        ref = str(charge["operator_ref"])
        assert charge["amount"] == credits_[ref].francs
        assert charge["reversed"] is (ref in undone)
    assert len({line.line_key for line in lines}) == len(lines)


def test_the_late_one_dials_when_nobody_expects_it_any_more(world: World) -> None:
    world.sms("40")
    world.clock.sleep(LIFE + 1)
    assert world.bank.charges() == []
    world.clock.sleep(3)
    assert len(world.bank.charges()) == 1


def test_what_says_nothing_to_dial_is_not_dialled(world: World) -> None:
    for words in (
        "Bonjour",
        f"Amende {BILL}, 3 000 F CFA: NON PAYE. Pour payer: *789*1*{BILL}#",
        "Composez *166*4*000000*3000#",  # for which bill?
        f"Amende {BILL}: composez *166*4*999999*3000#",
    ):
        world.sms(words=words)
    world.clock.sleep(5)
    assert world.bank.charges() == []


def test_told_twice_of_one_bill_a_citizen_pays_once_and_of_two_bills_both(world: World) -> None:
    for bill_number in (BILL, BILL, "7391026451"):
        world.sms(bill_number=bill_number)
    world.clock.sleep(5)
    paid = Counter(charge["bill_number"] for charge in world.bank.charges())
    assert paid == {BILL: 1, "7391026451": 1}


def test_what_was_reversed_can_be_paid_again(world: World) -> None:
    world.sms("41")
    world.clock.sleep(10)
    world.sms("41")
    world.clock.sleep(10)
    assert [charge["reversed"] for charge in world.bank.charges()] == [True, True]


def test_an_operator_that_begins_anew_dials_nothing_again(world: World) -> None:
    world.sms()
    world.clock.sleep(5)
    bank = Bank(world.clock)
    inbox = Inbox(world.clock, lambda: world.messages)
    later = Citizen(bank, inbox, DIAL, since=START + timedelta(seconds=5))
    later.look()
    world.clock.sleep(5)
    bank.advance()
    assert bank.charges() == []


def test_wrong_requests_are_refused(world: World) -> None:
    right = {"Authorization": "Bearer sandbox"}
    assert world.http.get("/reports?since=2026-11-22T03:10:00Z").status_code == 401
    assert world.http.get("/reports?since=yesterday", headers=right).status_code == 400
    assert world.http.get(f"/reports?since={START:%FT%TZ}", headers=right).status_code == 404
    assert world.http.post("/reports", headers=right).status_code == 405


def test_a_process_reads_the_sms_centre_and_dials() -> None:
    with (
        running("simulators.sms_centre", "SIM_SMS_PORT") as centre,
        running(MODULE, PORT, SIM_SMS_PORT=centre.url.rpartition(":")[2]) as simulator,
    ):
        text = f"Amende {BILL}, 3 000 F CFA: composez *166*4*000000*3000# et payez."
        form = {"username": "sandbox", "to": "+22376123400", "message": text}
        sending = f"{centre.url}/version1/messaging"
        requests.post(sending, data=form, headers={"apiKey": "sandbox"}, timeout=5)
        charges = f"{simulator.url}/sandbox/charges?bill_number={BILL}"
        wait_for(lambda: requests.get(charges, timeout=5).json())
        (charge,) = requests.get(charges, timeout=5).json()
        assert (charge["operator"], charge["amount"]) == ("dialcode", FRANCS)
        assert re.fullmatch(r"CM[0-9]{6}\.[0-9]{6}\.[0-9]{3}", charge["operator_ref"])


def test_in_trouble_the_report_is_not_served() -> None:
    with running(MODULE, PORT) as simulator:
        faults = f"{simulator.url}/sandbox/faults"
        report = f"{simulator.url}/reports?since=2026-11-22T03:10:00Z"
        right = {"Authorization": "Bearer sandbox"}
        requests.post(faults, json={"down": True}, timeout=5)
        assert requests.get(report, headers=right, timeout=5).status_code == 503
        requests.post(faults, json={"down": False, "drop": True}, timeout=5)
        with pytest.raises(requests.ConnectionError):
            requests.get(report, headers=right, timeout=5)
        requests.post(faults, json={"drop": False}, timeout=5)
        assert requests.get(report, headers=right, timeout=5).status_code == 200


def test_without_a_port_it_says_so_and_ends() -> None:
    process = launch(MODULE)
    _, complaint = process.communicate(timeout=15)
    assert process.returncode == 1
    assert complaint.startswith("SIM_DIALCODE_PORT must be a port number")
