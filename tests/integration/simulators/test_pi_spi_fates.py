"""Every fate of the sandbox's wallets at PI-SPI, as our connector lives it.

What is learned is compared with a table written by hand from the sandbox's contract.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from domain.msisdn import Msisdn
from domain.payment import Failure, Kind, Source, Status
from payments.operators.pi_spi import Account, PiSpi
from simulators.bearers import Bearers, Client
from simulators.pi_spi.bank import Bank, Webhook
from simulators.pi_spi.fates import FATES, Answer, Fate, Happening, fate_of
from simulators.pi_spi.server import create_app
from tests.contract.operators.openapi import Document
from tests.integration.simulators.driver import (
    START,
    Clock,
    Story,
    Wire,
    heard,
    live,
    minting,
    order_of,
    reconcile,
)

HOST, PAYEE, SECRET = "http://psp.example", "MLB00_2E4TY", "xsk_sandbox"
WEBHOOK = Webhook("http://127.0.0.1:9/callbacks/pi_spi/door", SECRET)
OPERATOR = PiSpi(
    Account(
        base_url=f"{HOST}/piz/v1",
        token_url=f"{HOST}/oauth/token",
        client_id="sandbox",
        client_secret="sandbox",
        payee_alias=PAYEE,
        callback_token="door",
        callback_secrets=(SECRET,),
    ),
    timeout=3.0,
    expiry=20.0,
)
MOVES = {Happening.PAY, Happening.OVERPAY}


def open_wire(fates: Callable[[str], Fate] = fate_of, webhook: Webhook = WEBHOOK) -> Wire:
    clock = Clock()
    bank = Bank(webhook, clock, minting(14), fates)
    bearers = Bearers(Client("sandbox", "sandbox"), clock, minting(32))
    wire = Wire(clock, bank.advance)
    wire.app = create_app(bank, bearers, PAYEE, wire.pause)
    return wire


@dataclass(frozen=True)
class Expected:
    """What a fate looks like; `seen` are the statuses from the reply on, `last` the statement's."""

    seen: tuple[Status, ...]
    last: Status
    rings: tuple[str, ...] = ()
    debited: int = 0
    failure: Failure | None = None


UNKNOWN, PENDING, FAILED = Status.UNKNOWN, Status.PENDING, Status.FAILED
PAID, OTHER = Status.SUCCEEDED, Status.MISMATCH
OK, NO, BACK = "PAIEMENT_RECU", "RTP_REJETE", "RETOUR_ENVOYE"
GOOD = Expected((PENDING, PAID), PAID, (OK,), 3000)
EXPECTED = {
    "00": GOOD,
    "07": GOOD,
    "10": GOOD,
    "44": GOOD,
    "11": Expected((PENDING, FAILED), FAILED, (NO,), failure=Failure.REFUSED),
    "12": Expected((PENDING, FAILED), FAILED, (NO,), failure=Failure.EXPIRED),
    "20": Expected((UNKNOWN, PENDING, PAID), PAID, (), 3000),
    "21": Expected((UNKNOWN, PENDING, FAILED), FAILED, (), failure=Failure.EXPIRED),
    "22": Expected((UNKNOWN, PENDING, PAID), PAID, (), 3000),
    "30": Expected((PENDING, PAID), PAID, (OK, OK), 3000),
    "31": GOOD,
    "32": Expected((PENDING, PAID), PAID, (), 3000),
    "33": Expected((PENDING, FAILED), FAILED, (OK, NO), failure=Failure.REFUSED),
    "40": Expected((PENDING, FAILED, PAID), PAID, (NO, OK), 3000),
    "41": Expected((PENDING, PAID), Status.REVERSED, (OK, BACK), 3000),
    "42": Expected((PENDING, OTHER), OTHER, (OK,), 3500),
    "43": GOOD,
}
each_fate = pytest.mark.parametrize("name", EXPECTED)


def lived(name: str) -> tuple[Wire, Story]:
    wire = open_wire()
    return wire, live(OPERATOR, wire, order_of(name))


def test_the_table_has_every_fate_of_the_sandbox_the_protocol_can_show() -> None:
    listed = "00 11 12 20 21 22 30 31 32 33 40 41 42 43"
    assert list(FATES) == listed.split()
    assert {fate.answer for fate in FATES.values()} == set(Answer)
    assert {what for fate in FATES.values() for _, what in fate.plan} == set(Happening)


@pytest.mark.parametrize("name", FATES)
def test_a_plan_is_in_order_and_over_within_20_seconds(name: str) -> None:
    plan = FATES[name].plan
    seconds = [at for at, _ in plan]
    assert seconds == sorted(seconds)
    assert all(0 < at <= 20 for at in seconds)
    assert len([1 for _, happening in plan if happening in MOVES]) <= 1


@each_fate
def test_our_connector_learns_what_became_of_it(name: str) -> None:
    wire, story = lived(name)
    assert tuple(story.seen) == EXPECTED[name].seen
    assert story.standing.failure == EXPECTED[name].failure
    reconcile(OPERATOR, wire, story, order_of(name))
    assert story.standing.status is EXPECTED[name].last


@each_fate
def test_it_is_what_was_really_debited(name: str) -> None:
    wire, story = lived(name)
    order, expected = order_of(name), EXPECTED[name]
    reconcile(OPERATOR, wire, story, order)
    charges = wire.charges()
    assert sum(charge["amount"] for charge in charges) == expected.debited
    assert [(d.operator_ref, d.francs, d.reversed) for d in story.standing.debits] == [
        (charge["operator_ref"], charge["amount"], charge["reversed"]) for charge in charges
    ]
    for charge in charges:
        assert charge["operator"] == "pi_spi"
        assert charge["payer"] == order.payer.e164
        assert (charge["bill_number"], charge["order_id"]) == (order.bill_number, order.attempt_id)


@each_fate
def test_the_callback_rings_as_often_as_documented(name: str) -> None:
    wire, _ = lived(name)
    told = [json.loads(letter.body)["data"][0] for letter in wire.letters]
    assert tuple(one["evCode"] for one in told) == EXPECTED[name].rings
    assert {(letter.method, letter.url) for letter in wire.letters} <= {("POST", WEBHOOK.url)}
    mine = (order_of(name).attempt_id,)
    worth = [heard(OPERATOR, letter, START) for letter in wire.letters]
    if name == "33":
        assert worth.pop(0) == (False, "", ())
    assert all((genuine, ids) == (True, mine) for genuine, _, ids in worth)
    assert len({event for _, event, _ in worth}) == len(set(EXPECTED[name].rings)) - (name == "33")


def test_money_given_back_before_anybody_asked_is_seen_at_once() -> None:
    wire = open_wire(lambda _: Fate(Answer.SENT, ((0.2, Happening.PAY), (0.4, Happening.RETURN))))
    story = live(OPERATOR, wire, order_of("00"), seconds=3)
    assert story.seen == [Status.PENDING, Status.REVERSED]


def test_only_an_unknown_word_is_an_alarm() -> None:
    alarms = {name: lived(name)[1].standing.alarms for name in EXPECTED}
    assert alarms["43"] == ("unrecognised word: EN_COURS",)
    assert {name for name, told in alarms.items() if told} == {"40", "42", "43"}


def test_everything_answered_is_of_the_document() -> None:
    document = Document("pi-spi-business-1.0.0.json")
    asked = set()
    for name in EXPECTED:
        if name == "43":  # a word of its own
            continue
        wire, _ = lived(name)
        for request, answer in wire.answers[1:]:
            place = request.url.removeprefix(f"{HOST}/piz/v1/").split("/")[0]
            asked.add((request.method, place, answer.status))
            consulted = {
                "demandes-paiements": "DemandePaiementConsultationReponse",
                "paiements": "Paiement",
            }
            schema = "DemandePaiementReponse" if request.method == "POST" else consulted[place]
            wanted = schema if answer.status == 200 else "Problem7807"
            told = json.loads(answer.body)
            assert document.complaints(wanted, told) == []
            if wanted.endswith("ConsultationReponse"):
                assert set(told) <= set(document.schema(wanted)["properties"])
    assert asked == {
        ("POST", "demandes-paiements", 200),
        ("POST", "demandes-paiements", 503),
        ("GET", "demandes-paiements", 200),
        ("GET", "paiements", 200),
    }


def test_a_callback_is_of_the_document() -> None:
    document = Document("pi-spi-business-1.0.0.json")
    for name in ("00", "33", "40", "41"):
        for letter in lived(name)[0].letters:
            assert document.complaints("WebhookEventsList", json.loads(letter.body)) == []


def test_a_request_is_paid_once_whatever_the_plan() -> None:
    greedy = ((1, Happening.PAY), (2, Happening.OVERPAY), (3, Happening.PAY))
    wire = open_wire(lambda _: Fate(Answer.SENT, greedy))
    live(OPERATOR, wire, order_of("00"), seconds=5)
    assert [charge["amount"] for charge in wire.charges()] == [3000]


def test_money_is_given_back_once_and_only_after_it_was_paid() -> None:
    undo = ((1, Happening.RETURN), (2, Happening.PAY), (3, Happening.RETURN))
    wire = open_wire(lambda _: Fate(Answer.SENT, (*undo, (4, Happening.RETURN))))
    order = order_of("00")
    story = live(OPERATOR, wire, order, seconds=5)
    reconcile(OPERATOR, wire, story, order)
    told = [fact.kind for fact in story.facts if fact.source is Source.STATEMENT]
    assert told == [Kind.PAID, Kind.REVERSED]
    assert story.standing.status is Status.REVERSED


def test_an_alias_of_nobody_is_a_wallet_that_cannot_pay() -> None:
    abroad = replace(order_of("00"), payer=Msisdn.parse("+221771234567"))
    wire = open_wire()
    story = live(OPERATOR, wire, abroad, seconds=2)
    assert story.standing.failure is Failure.WALLET
    assert wire.charges() == []


def test_the_same_request_again_ends_nothing() -> None:
    wire = open_wire()
    first = live(OPERATOR, wire, order_of("00"), seconds=3)
    again = live(OPERATOR, wire, order_of("00"), seconds=3)
    assert again.seen == [Status.PENDING, Status.SUCCEEDED]
    assert again.standing.alarms == ("unrecognised word: DU03",)
    assert again.standing.debits == first.standing.debits
    assert len(wire.charges()) == 1
