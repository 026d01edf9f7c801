"""A merchant code that is dialled, with every fate it can show: nobody is asked, the report tells.

What the report does not let us name is no bill's and no receipt proves it: it stands in suspense,
whoever paid it is told, and an alarm hands it to people.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain import gsm7
from sandbox.phone import Phone, Screen
from sandbox.world import World
from tests.e2e import invariants
from tests.e2e.audit import Audit, Charge, wait_for
from tests.e2e.wallets import OVERCHARGE, RECEIPT, REVERSED, choose

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CODE, LABEL = "dialcode", "Code USSD"
FINE = 3_000  # francs: the fine that the sandbox records
DIAL = f"*166*4*000000*{FINE}#"
TOLD = f"Amende {{bill}}, 3 000 F CFA: composez {DIAL} et payez exactement cette somme."
APART = f"{LABEL}: {{francs}} F CFA reçus de ce numéro, mais pas pour une somme attendue."
SETTLED_WITHIN = 60.0  # seconds: what the sandbox promises
PATIENCE = 90.0
UNSURE = "+22370700200"  # pays two bills of the same amount


@dataclass(frozen=True)
class Fate:
    """What becomes of one payment: the messages, the francs of each debit, and what is known."""

    told: tuple[str, ...]
    debits: tuple[int, ...] = ()
    receipts: tuple[str, ...] = ()  # the state of each, as its verification says
    reversed: bool = False
    unnamed: int = 0  # of the debits, those that nobody can say whose they are

    @property
    def paid(self) -> bool:
        return self.receipts == ("valid",)

    @property
    def lines(self) -> int:
        return len(self.debits) * (1 + self.reversed)


PAID = Fate((TOLD, RECEIPT), (FINE,), ("valid",))
FATES: Mapping[str, Fate] = {
    "00": PAID,
    "11": Fate((TOLD,)),
    "12": PAID,  # there is no prompt to expire
    "30": Fate((TOLD, RECEIPT, APART.format(francs="3 000")), (FINE, FINE), ("valid",), unnamed=1),
    "40": Fate((TOLD, APART.format(francs="3 000")), (FINE,), unnamed=1),
    "41": Fate((TOLD, RECEIPT, REVERSED), (FINE,), ("cancelled",), reversed=True),
    "42": Fate((TOLD, APART.format(francs="3 500")), (FINE + OVERCHARGE,), unnamed=1),
}
every_fate = pytest.mark.parametrize("fate", FATES)


@dataclass(frozen=True)
class Lived:
    """A world in which all of it happened; the last screen of each, and of which bill."""

    audit: Audit
    bills: Mapping[str, str]
    screens: Mapping[str, Screen]
    unsure: tuple[str, str]

    def charges(self, fate: str) -> list[Charge]:
        return self.audit.charges(self.bills[fate])

    def unnamed(self) -> set[str]:
        """The transactions that people are told of."""
        found = self.audit.rows("SELECT * FROM alarms WHERE operator = %s", CODE)
        assert {row["alarm"] for row in found} == {"money without an attempt"}
        return {row["subject"] for row in found}


def number_of(fate: str) -> str:
    return f"+223707001{fate}"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARALI_OPERATORS", f"orange_mp,{CODE}")
        world = World(tmp_path_factory.mktemp("dialled") / "home")
        world.start()
    try:
        yield live(Audit(world), world.base_url)
    finally:
        world.stop()


def live(audit: Audit, base_url: str) -> Lived:
    bills = {fate: audit.fine().bill_number for fate in FATES}
    unsure = (audit.fine().bill_number, audit.fine().bill_number)
    screens = {}
    for fate, bill_number in bills.items():
        phone = Phone(base_url, number_of(fate))
        choose(phone, bill_number, LABEL)
        screens[fate] = phone.answer("1")
    both = [Phone(base_url, UNSURE) for _ in unsure]
    for phone, bill_number in zip(both, unsure, strict=True):
        choose(phone, bill_number, LABEL)
    assert all(phone.answer("1").over for phone in both)
    stated = sum(fate.lines for fate in FATES.values()) + len(unsure)
    wait_for("the whole report", lambda: len(lines(audit)) == stated, PATIENCE)
    audit.wait_until_at_rest(PATIENCE)
    return Lived(audit, bills, screens, unsure)


def lines(audit: Audit) -> list[dict[str, object]]:
    return audit.rows("SELECT * FROM statement_lines WHERE operator = %s", CODE)


@every_fate
def test_the_screen_and_the_message_say_exactly_what_to_dial(lived: Lived, fate: str) -> None:
    assert lived.screens[fate].over
    assert f"Composez {DIAL} et payez exactement cette somme." in lived.screens[fate].text
    assert f"composez {DIAL} et payez" in lived.audit.inbox(number_of(fate))[0].text


@every_fate
def test_the_citizen_is_told_exactly_this_within_a_minute(lived: Lived, fate: str) -> None:
    bill_number = lived.bills[fate]
    numbers = [row["receipt_number"] for row in lived.audit.receipts(bill_number)]
    inbox = lived.audit.inbox(number_of(fate))
    words = {"bill": bill_number, "wallet": LABEL, "receipt": "".join(numbers)}
    expected = [gsm7.to_wire(text.format(**words)) for text in FATES[fate].told]
    assert [sms.text[: len(start)] for sms, start in zip(inbox, expected, strict=True)] == expected
    assert {(sms.encoding, sms.segments) for sms in inbox} == {("GSM-7", 1)}
    assert inbox[-1].at - inbox[0].at <= timedelta(seconds=SETTLED_WITHIN)


@every_fate
def test_the_operator_debited_exactly_this(lived: Lived, fate: str) -> None:
    found = [(c.payer, c.amount, c.reversed) for c in lived.charges(fate)]
    gone = FATES[fate].reversed
    assert found == [(number_of(fate), francs, gone) for francs in FATES[fate].debits]


@every_fate
def test_what_can_be_named_is_proved_and_what_cannot_is_for_people(lived: Lived, fate: str) -> None:
    receipts = lived.audit.receipts(lived.bills[fate])
    states = [lived.audit.verification(row["receipt_number"])["state"] for row in receipts]
    assert states == [*FATES[fate].receipts]
    proved = [row["operator_ref"] for row in receipts]
    charged = [charge.operator_ref for charge in lived.charges(fate)]
    unnamed = [ref for ref in charged if ref in lived.unnamed()]
    assert len(unnamed) == FATES[fate].unnamed
    assert Counter([*proved, *unnamed]) == Counter(charged)


@every_fate
def test_the_bill_and_its_books_agree(lived: Lived, fate: str) -> None:
    (bill,) = lived.audit.rows("SELECT * FROM bills WHERE bill_number = %s", lived.bills[fate])
    assert (bill["status"] == "paid") == FATES[fate].paid
    books = {"operator_clearing": -FINE, "revenue": FINE} if FATES[fate].paid else {}
    assert lived.audit.balances(lived.bills[fate]) == books
    tried = lived.audit.rows("SELECT * FROM attempts WHERE bill_number = %s", lived.bills[fate])
    assert len(tried) == len(FATES[fate].receipts)


def test_money_that_could_be_of_two_bills_pays_neither(lived: Lived) -> None:
    for bill_number in lived.unsure:
        (charge,) = lived.audit.charges(bill_number)
        assert (charge.payer, charge.amount, charge.reversed) == (UNSURE, FINE, False)
        assert charge.operator_ref in lived.unnamed()
        assert lived.audit.receipts(bill_number) == []
        assert "1 Payer: " in lived.audit.phone(UNSURE).dial(f"*789*1*{bill_number}#")
    assert len(lived.audit.inbox(UNSURE)) == 2 * len(lived.unsure)  # what to dial, what is kept


def test_what_nobody_can_name_stands_in_suspense_and_in_an_alarm(lived: Lived) -> None:
    unnamed = [c for c in lived.audit.charges() if c.operator_ref in lived.unnamed()]
    assert {c.operator_ref for c in unnamed} == lived.unnamed()
    apart = lived.audit.ledger()[f"suspense:{CODE}"]
    assert apart == sum(charge.amount for charge in unnamed if not charge.reversed)


@pytest.mark.parametrize(
    "invariant",
    [
        invariants.no_attempt_is_left_open,
        invariants.a_bill_is_paid_when_a_valid_receipt_says_so,
        invariants.every_franc_the_operator_holds_for_us_is_in_the_books,
        invariants.quittances_have_no_gap,
        invariants.each_text_arrived_and_no_other,
    ],
)
def test_what_must_hold_of_the_whole_world_holds(
    lived: Lived, invariant: Callable[[Audit], invariants.Wrongs]
) -> None:
    assert invariant(lived.audit) == []
