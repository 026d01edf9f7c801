"""Every fate a wallet can have, from the key pressed to what is told, booked and proved.

All are lived at once on one world, through HTTP; then one table says what must have become of each.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain import gsm7
from sandbox.phone import Phone
from sandbox.world import World
from tests.e2e.audit import Audit, Fine, wait_for
from tests.e2e.invariants import broken

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SETTLED_WITHIN = 60.0  # seconds: what the sandbox promises
FINE = 3_000  # francs: the fine that the sandbox records
OVERCHARGE = 500

RECEIPT = "REÇU Trésor Public: Amende {bill}, 3 000 F CFA payés le"
POOR = "Amende {bill}, 3 000 F CFA: NON PAYÉ. Solde insuffisant. Rien n'a été débité."
REFUSED = (
    "Amende {bill}, 3 000 F CFA: NON PAYÉ."
    " La demande Orange Money a été refusée. Rien n'a été débité."
)
EXPIRED = "Amende {bill}, 3 000 F CFA: NON PAYÉ. La demande Orange Money est restée sans réponse."
FAILED = "Amende {bill}, 3 000 F CFA: NON PAYÉ. Orange Money a refusé."
REVERSED = (
    "Amende {bill}: Orange Money a annulé ce paiement de 3 000 F CFA. Le reçu {receipt} est annulé."
)
SET_ASIDE = "Amende {bill}: 3 500 F CFA débités au lieu de 3 000 F CFA. La somme est gardée à part"

PAID_SCREEN, DUE_SCREEN = "Paiement déjà fait le", "1 Payer: Orange Money"


@dataclass(frozen=True)
class Fate:
    """What becomes of one payment. `told` are the messages, in order, and there are no others."""

    name: str
    told: tuple[str, ...]
    debited: int = 0  # what the operator holds in the end, in francs
    returned: int = 0  # what it debited and gave back
    receipt: str = ""  # what anyone who checks the receipt is told, if there is one
    next_dial: str = DUE_SCREEN

    @property
    def revenue(self) -> int:
        return FINE if self.receipt == "valid" else 0


def paid(name: str, *told: str) -> Fate:
    return Fate(name, (*told, RECEIPT), FINE, receipt="valid", next_dial=PAID_SCREEN)


FATES = {
    "00": paid("paid at once"),
    "10": Fate("not enough money", (POOR,)),
    "11": Fate("refused by the citizen", (REFUSED,)),
    "12": Fate("the prompt expires", (EXPIRED,)),
    "20": paid("the request times out, but the wallet is debited"),
    "21": Fate("the request times out, nothing debited", (EXPIRED,)),
    "22": paid("HTTP 500, but debited"),
    "30": paid("the callback comes twice"),
    "31": paid("the callback comes before the reply"),
    "32": paid("the callback never comes"),
    "33": Fate("a forged callback says paid, then the citizen refuses", (REFUSED,)),
    "40": paid("success after a reported failure", FAILED),
    "41": Fate("paid, then reversed by the operator", (RECEIPT, REVERSED), 0, FINE, "cancelled"),
    "42": Fate("the wrong amount is debited", (SET_ASIDE,), FINE + OVERCHARGE),
    "43": paid("an unknown status word, then paid"),
    "44": paid("the handset is busy, then paid"),
}
# Seconds from the request to the refusal or the expiry: before them only a liar could know.
OPERATOR_REFUSES_AFTER = {"11": 2.0, "12": 20.0, "21": 20.0, "33": 3.0, "40": 2.0}

CALLER, RELATIVE, BAMBARA_CALLER = "+22376000500", "+22376000600", "+22376000700"


def number_of(fate: str) -> str:
    return f"+223710001{fate}"


@dataclass(frozen=True)
class Lived:
    """A world in which all of it happened and nothing is left to do."""

    audit: Audit
    fines: dict[str, Fine]  # by the number of the phone that asked to pay


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with World(tmp_path_factory.mktemp("fates") / "home") as world:
        audit = Audit(world)
        numbers = [number_of(fate) for fate in FATES]
        fines = {number: audit.fine() for number in (*numbers, CALLER, BAMBARA_CALLER)}
        choose_bambara(audit.phone(BAMBARA_CALLER))
        for number in (*numbers, BAMBARA_CALLER):
            phone = audit.phone(number)
            phone.dial(f"*789*1*{fines[number].bill_number}#")
            assert phone.answer("1").over
        ask_a_relative(audit.phone(CALLER), fines[CALLER])
        wait_for("every message", lambda: all_told(audit), SETTLED_WITHIN)
        audit.wait_until_at_rest(SETTLED_WITHIN)
        yield Lived(audit, fines)


def all_told(audit: Audit) -> bool:
    return all(len(audit.inbox(number_of(fate))) >= len(FATES[fate].told) for fate in FATES)


def choose_bambara(phone: Phone) -> None:
    assert "Bamanankan" in phone.dial("*789#")
    assert "Alamani sara" in phone.answer("2")


def ask_a_relative(phone: Phone, fine: Fine) -> None:
    phone.dial(f"*789*1*{fine.bill_number}#")
    assert "2 Un autre numéro" in phone.answer("2")
    phone.answer("2")
    assert "1 Orange Money 76000600 paie" in phone.answer("76000600")
    assert "76000600 va recevoir un SMS" in phone.answer("1")


@pytest.fixture(params=FATES, ids=lambda fate: f"{fate} {FATES[fate].name}")
def fate(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_citizen_is_told_exactly_this(lived: Lived, fate: str) -> None:
    fine = lived.fines[number_of(fate)]
    receipts = [row["receipt_number"] for row in lived.audit.receipts(fine.bill_number)]
    arrived = lived.audit.inbox(number_of(fate))
    expected = [
        gsm7.to_wire(words.format(bill=fine.bill_number, receipt="".join(receipts)))
        for words in FATES[fate].told
    ]
    assert len(arrived) == len(expected), [sms.text for sms in arrived]
    for sms, words in zip(arrived, expected, strict=True):
        assert sms.text.startswith(words)
        assert (sms.encoding, sms.segments) == ("GSM-7", 1)


def test_the_operator_debited_exactly_this(lived: Lived, fate: str) -> None:
    charges = lived.audit.charges(lived.fines[number_of(fate)].bill_number)
    assert len(charges) <= 1
    assert {charge.payer for charge in charges} <= {number_of(fate)}
    assert sum(c.amount for c in charges if not c.reversed) == FATES[fate].debited
    assert sum(c.amount for c in charges if c.reversed) == FATES[fate].returned


def test_the_books_say_what_the_operator_did(lived: Lived, fate: str) -> None:
    expected = {
        "operator_clearing": -FATES[fate].debited,
        "suspense": FATES[fate].debited - FATES[fate].revenue,
        "revenue": FATES[fate].revenue,
    }
    found = lived.audit.balances(lived.fines[number_of(fate)].bill_number)
    assert found == {book: francs for book, francs in expected.items() if francs}


def test_the_receipt_says_the_same_by_web_and_by_phone(lived: Lived, fate: str) -> None:
    fine = lived.fines[number_of(fate)]
    found = lived.audit.receipts(fine.bill_number)
    assert [bool(row["cancelled_at"]) for row in found] == {
        "": [],
        "valid": [False],
        "cancelled": [True],
    }[FATES[fate].receipt]
    for row in found:
        number = row["receipt_number"]
        said = lived.audit.verification(number)
        assert (said["state"], said["amount"]) == (FATES[fate].receipt, FINE)
        assert said["bill_number_ends"] == fine.bill_number[-3:]
        screen = lived.audit.phone("+22378000001").dial(f"*789*9*{number}#")
        assert ("REÇU VALIDE" in screen, "REÇU ANNULÉ" in screen) == (
            FATES[fate].receipt == "valid",
            FATES[fate].receipt == "cancelled",
        )


def test_the_next_dial_shows_where_the_bill_stands(lived: Lived, fate: str) -> None:
    bill_number = lived.fines[number_of(fate)].bill_number
    screen = lived.audit.phone(number_of(fate)).dial(f"*789*1*{bill_number}#")
    assert FATES[fate].next_dial in screen


def test_only_the_operator_says_how_it_ended_and_nobody_before_it(lived: Lived, fate: str) -> None:
    facts = lived.audit.rows(
        "SELECT e.*, a.submitted_at FROM evidence e JOIN attempts a USING (attempt_id)"
        " WHERE a.bill_number = %s AND kind NOT IN ('submitting', 'unknown', 'pending', 'busy')"
        " AND kind <> 'unrecognised'",
        lived.fines[number_of(fate)].bill_number,
    )
    charges = lived.audit.charges(lived.fines[number_of(fate)].bill_number)
    assert facts
    for fact in facts:
        assert fact["source"] in {"reply", "inquiry", "statement"}, fact
        if fact["kind"] in {"paid", "reversed"}:
            assert fact["seen_at"] >= charges[0].at
        elif fate in OPERATOR_REFUSES_AFTER:
            wait = timedelta(seconds=OPERATOR_REFUSES_AFTER[fate])
            assert fact["seen_at"] >= fact["submitted_at"] + wait


def test_a_relative_is_warned_before_being_debited_and_both_get_the_receipt(lived: Lived) -> None:
    bill_number = lived.fines[CALLER].bill_number
    (charge,) = lived.audit.charges(bill_number)
    heads_up, *receipts = lived.audit.inbox(RELATIVE)
    assert heads_up.text.startswith(f"Le 76000500 vous demande de payer: Amende {bill_number}")
    asked = lived.audit.rows("SELECT * FROM attempts WHERE bill_number = %s", bill_number)
    assert heads_up.at < charge.at
    assert [row["payer"] for row in asked] == [charge.payer] == [RELATIVE]
    assert [sms.text for sms in receipts] == [sms.text for sms in lived.audit.inbox(CALLER)]
    assert [sms.text.startswith(RECEIPT.format(bill=bill_number)) for sms in receipts] == [True]


def test_who_chose_bambara_gets_the_receipt_in_bambara(lived: Lived) -> None:
    (sms,) = lived.audit.inbox(BAMBARA_CALLER)
    assert sms.text.startswith("RESI ")
    assert lived.fines[BAMBARA_CALLER].bill_number in sms.text
    assert (sms.encoding, sms.segments) == ("GSM-7", 1)


def test_what_must_hold_of_the_whole_world_holds(lived: Lived) -> None:
    assert broken(lived.audit) == {}
