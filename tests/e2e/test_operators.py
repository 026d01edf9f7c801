"""Every operator at once, every fate at each: the same promises, whatever protocol they speak.

One world offers all the wallets; each fate is lived at each of them, through HTTP, at the same
time; then the operators' own books say what must have become of each.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from domain import gsm7
from sandbox.world import World
from tests.e2e.audit import Audit, Charge, Fine, Text, wait_for
from tests.e2e.invariants import broken
from tests.e2e.wallets import CASES, WAITING, WALLETS, Case, live, pay

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SETTLED_WITHIN = 60.0  # seconds: what the sandbox promises
PATIENCE = 90.0  # seconds, for all of it at once on a machine that may be busy
TELEPHONES = 6  # in use at the same time
FINE = 3_000  # francs: the fine that the sandbox records
DEFAULT = "orange_mp"
SHORT_LIVED = {"40", "41"}  # what they pass through lasts six seconds: before there is a crowd


@dataclass(frozen=True)
class Lived:
    """A world in which all of it happened and nothing is left to do."""

    audit: Audit
    base_url: str
    fines: dict[Case, Fine]

    def charges(self, case: Case) -> list[Charge]:
        return self.audit.charges(self.fines[case].bill_number)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARALI_OPERATORS", ",".join([DEFAULT, *WALLETS]))
        world = World(tmp_path_factory.mktemp("operators") / "home")
        world.start()
    with_all = Audit(world)
    try:
        fines = {case: with_all.fine() for case in CASES}
        lively = Lived(with_all, world.base_url, fines)
        hasty = [case for case in CASES if case.fate in SHORT_LIVED]
        pay_all(lively, hasty)
        wait_for("the first message of each", lambda: first_told(with_all, hasty))
        pay_all(lively, [case for case in CASES if case not in hasty])
        wait_for("every message", lambda: all_told(with_all), PATIENCE)
        with_all.wait_until_at_rest(PATIENCE)
        yield lively
    finally:
        world.stop()


def pay_all(lived: Lived, cases: list[Case]) -> None:
    def ends(case: Case) -> bool:
        return pay(case, lived.base_url, lived.fines[case].bill_number).over

    with ThreadPoolExecutor(TELEPHONES) as telephones:
        assert all(telephones.map(ends, cases))


def first_told(audit: Audit, cases: list[Case]) -> bool:
    arrived = Counter(sms.to for sms in audit.inbox() if not _is_waiting(sms))
    return all(arrived[case.number] > case.wallet.link for case in cases)


def all_told(audit: Audit) -> bool:
    arrived = Counter(sms.to for sms in audit.inbox() if not _is_waiting(sms))
    return all(arrived[case.number] >= case.tellings for case in CASES)


def _is_waiting(sms: Text) -> bool:
    return gsm7.to_wire(WAITING).partition("{wallet} ")[2] in sms.text


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def test_the_citizen_is_told_exactly_this(lived: Lived, case: Case) -> None:
    bill_number = lived.fines[case].bill_number
    receipts = [row["receipt_number"] for row in lived.audit.receipts(bill_number)]
    inbox = lived.audit.inbox(case.number)
    arrived = [sms for sms in inbox if not _is_waiting(sms)]
    assert len(inbox) - len(arrived) in case.waits, [sms.text for sms in inbox]
    assert not _is_waiting(inbox[-1])
    heard_all = not (case.outcome.fleeting and len(arrived) == case.tellings)
    told = case.told(bill_number, "".join(receipts), heard_all=heard_all)
    expected = [gsm7.to_wire(words) for words in told]
    assert len(arrived) == len(expected), [sms.text for sms in arrived]
    for sms, words in zip(arrived, expected, strict=True):
        assert sms.text.startswith(words)
        assert (sms.encoding, sms.segments) == ("GSM-7", 1)


def test_it_is_told_within_a_minute(lived: Lived, case: Case) -> None:
    """A minute from the request to the operator: before it, so many wait for one worker."""
    (attempt,) = attempts_of(lived, case)
    last = max(sms.at for sms in lived.audit.inbox(case.number))
    assert last - attempt["submitted_at"] <= timedelta(seconds=SETTLED_WITHIN)


def test_the_operator_debited_exactly_this(lived: Lived, case: Case) -> None:
    due = FINE + case.outcome.over
    expected = [(case.number, due, case.outcome.reversed)] * case.outcome.debits
    assert [(c.payer, c.amount, c.reversed) for c in lived.charges(case)] == expected


def test_a_bill_is_paid_when_one_live_debit_pays_it(lived: Lived, case: Case) -> None:
    exact = [c for c in lived.charges(case) if not c.reversed and c.amount == FINE]
    bill_number = lived.fines[case].bill_number
    (bill,) = lived.audit.rows("SELECT status FROM bills WHERE bill_number = %s", bill_number)
    assert (bill["status"] == "paid") == (len(exact) == 1) == case.outcome.paid
    screen = lived.audit.phone(case.number).dial(f"*789*1*{bill_number}#")
    assert ("Paiement déjà fait le" in screen, "1 Payer: " in screen) == (
        case.outcome.paid,
        not case.outcome.paid,
    )


def test_the_receipt_is_worth_what_the_debit_is(lived: Lived, case: Case) -> None:
    bill_number = lived.fines[case].bill_number
    found = lived.audit.receipts(bill_number)
    said = [lived.audit.verification(row["receipt_number"])["state"] for row in found]
    assert said == [*case.outcome.receipts]
    proved = [(row["operator"], row["operator_ref"], row["francs"]) for row in found]
    assert (
        proved
        == [(case.operator, c.operator_ref, FINE) for c in lived.charges(case)][
            : len(case.outcome.receipts)
        ]
    )


def test_the_books_say_what_the_operator_did(lived: Lived, case: Case) -> None:
    held = sum(c.amount for c in lived.charges(case) if not c.reversed)
    revenue = FINE if case.outcome.paid else 0
    expected = {"operator_clearing": -held, "suspense": held - revenue, "revenue": revenue}
    found = lived.audit.balances(lived.fines[case].bill_number)
    assert found == {book: francs for book, francs in expected.items() if francs}


def test_nothing_is_known_that_the_operator_did_not_say(lived: Lived, case: Case) -> None:
    facts = lived.audit.rows(
        "SELECT e.*, a.created_at, a.submitted_at FROM evidence e"
        " JOIN attempts a USING (attempt_id) WHERE a.bill_number = %s AND kind IN"
        " ('paid', 'reversed', 'failed', 'not_sent', 'closed_unpaid')",
        lived.fines[case].bill_number,
    )
    charges = {charge.operator_ref: charge for charge in lived.charges(case)}
    money = [fact for fact in facts if fact["kind"] in {"paid", "reversed"}]
    assert {fact["operator_ref"] for fact in money} == {*charges}
    for fact in money:
        charge = charges[fact["operator_ref"]]
        assert (fact["francs"], fact["seen_at"] >= charge.at) == (charge.amount, True), fact
        assert fact["kind"] == "paid" or charge.reversed, fact
    failed = [fact for fact in facts if fact["kind"] == "failed"]
    if failed or not case.outcome.fleeting:
        assert {fact["failure"] for fact in failed} == {*case.outcome.failures}
    asked = "created_at" if case.wallet.link else "submitted_at"  # a link is asked for before
    patience = timedelta(seconds=case.outcome.refused_after)
    assert all(fact["seen_at"] - fact[asked] >= patience for fact in failed), failed
    sources = {(fact["kind"], fact["source"]) for fact in facts}
    assert {source for _, source in sources} <= {"reply", "inquiry", "statement"}
    assert (("closed_unpaid", "statement") in sources) == case.outcome.never_heard_of
    assert "not_sent" not in {kind for kind, _ in sources}


def attempts_of(lived: Lived, case: Case) -> list[dict[str, Any]]:
    bill_number = lived.fines[case].bill_number
    found = lived.audit.rows("SELECT * FROM attempts WHERE bill_number = %s", bill_number)
    assert [(row["operator"], row["payer"]) for row in found] == [(case.operator, case.number)]
    return found


def test_each_operator_holds_what_the_ledger_says(lived: Lived) -> None:
    ledger = lived.audit.ledger()
    assert sum(ledger.values()) == 0
    held = {operator: live(lived.base_url, operator) for operator in WALLETS}
    assert all(held.values())
    cleared = {f"operator_clearing:{operator}": -francs for operator, francs in held.items()}
    assert {k: v for k, v in ledger.items() if k.startswith("operator_clearing:")} == cleared


def test_what_must_hold_of_the_whole_world_holds(lived: Lived) -> None:
    assert broken(lived.audit) == {}
