"""Every fate of the sandbox's wallets at the GSMA's operator, as our connector lives it.

What is learned is compared with a table written by hand from the sandbox's contract.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from domain.payment import Failure, Kind, Source, Status
from payments.operators.gsma import Account, Gsma
from simulators.bearers import Bearers, Client
from simulators.gsma.bank import Bank
from simulators.gsma.fates import FATES, Answer, Fate, Happening, fate_of
from simulators.gsma.order import Payee
from simulators.gsma.server import Merchant, create_app
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

HOST = "http://gsma.example"
OPERATOR = Gsma(
    Account(
        base_url=f"{HOST}/v1.2/mm",
        token_url=f"{HOST}/oauth/accesstoken",
        client_id="sandbox",
        client_secret="sandbox",
        api_key="sandbox",
        payee_type="organisationid",
        payee="TRESOR",
    ),
    timeout=3.0,
    expiry=20.0,
)
MOVES = {Happening.DEBIT, Happening.OVERDEBIT}


def open_wire(fates: Callable[[str], Fate] = fate_of) -> Wire:
    clock, digits = Clock(), minting(32)
    bank = Bank(clock, lambda: uuid.UUID(digits()), fates)
    bearers = Bearers(Client("sandbox", "sandbox"), clock, digits)
    wire = Wire(clock, bank.advance)
    merchant = Merchant("sandbox", Payee("organisationid", "TRESOR"))
    wire.app = create_app(bank, bearers, merchant, wire.pause)
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
OK, NO, WHY = "completed", "requestDeclined", "genericError"
GOOD = Expected((PENDING, PAID), PAID, (OK,), 3000)
EXPECTED = {
    "00": GOOD,
    "07": GOOD,
    "44": GOOD,
    "10": Expected((FAILED,), FAILED, failure=Failure.INSUFFICIENT),
    "11": Expected((PENDING, FAILED), FAILED, (NO,), failure=Failure.REFUSED),
    "12": Expected((PENDING, FAILED), FAILED, (WHY,), failure=Failure.OTHER),
    "20": Expected((UNKNOWN, PAID), PAID, (), 3000),
    "21": Expected((UNKNOWN,), UNKNOWN),  # until the statements are closed past its patience
    "22": Expected((UNKNOWN, PAID), PAID, (), 3000),
    "30": Expected((PENDING, PAID), PAID, (OK, OK), 3000),
    "31": GOOD,
    "32": Expected((PENDING, PAID), PAID, (), 3000),
    "33": Expected((PENDING, FAILED), FAILED, (OK, NO), failure=Failure.REFUSED),
    "40": Expected((PENDING, FAILED, PAID), PAID, (WHY, OK), 3000),
    "41": Expected((PENDING, PAID), Status.REVERSED, (OK,), 3000),
    "42": Expected((PENDING, OTHER), OTHER, (OK,), 3500),
    "43": GOOD,
}
each_fate = pytest.mark.parametrize("name", EXPECTED)


def lived(name: str) -> tuple[Wire, Story]:
    wire = open_wire()
    return wire, live(OPERATOR, wire, order_of(name))


def test_the_table_has_every_fate_of_the_sandbox_the_protocol_can_show() -> None:
    listed = "00 10 11 12 20 21 22 30 31 32 33 40 41 42 43"
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
        assert charge["operator"] == "gsma"
        assert charge["payer"] == order.payer.e164
        assert (charge["bill_number"], charge["order_id"]) == (order.bill_number, order.attempt_id)


@each_fate
def test_the_callback_rings_as_often_as_documented(name: str) -> None:
    wire, _ = lived(name)
    told = [json.loads(letter.body) for letter in wire.letters]
    words = tuple(one.get("transactionStatus") or one.get("errorCode") for one in told)
    assert words == EXPECTED[name].rings
    for letter in wire.letters:
        assert (letter.method, letter.url) == ("PUT", order_of(name).callback_url)
        assert letter.headers["X-CorrelationID"] == OPERATOR.own_key(order_of(name))
        assert heard(OPERATOR, letter, START) == (True, "", ())


def test_only_an_unknown_word_is_an_alarm() -> None:
    alarms = {name: lived(name)[1].standing.alarms for name in EXPECTED}
    assert alarms["43"] == ("unrecognised word: authorised",)
    assert {name for name, told in alarms.items() if told} == {"40", "42", "43"}


def test_everything_answered_is_of_the_document() -> None:
    document = Document("gsma-mobile-money-1.2.0-merchant-payments.yaml")
    schemas = {
        "transactions": "responseTransaction",
        "requeststates": "requestStateObject",
        "responses": "responseResponse",
    }
    asked = set()
    for name in EXPECTED:
        wire, _ = lived(name)
        for request, answer in wire.answers[1:]:
            if not answer.body.startswith(b"{"):
                continue
            place = request.url.removeprefix(f"{HOST}/v1.2/mm/").split("/")[0]
            schema = "requestStateObject" if request.method == "POST" else schemas[place]
            wanted = schema if answer.status < 400 else "errorObject"
            assert document.complaints(wanted, json.loads(answer.body)) == []
            asked.add((place, answer.status))
    assert {place for place, _ in asked} == {*schemas, "transactions"}
    assert {status for _, status in asked} == {200, 202, 400, 404, 500}


def test_a_callback_is_of_the_document() -> None:
    document = Document("gsma-mobile-money-1.2.0-merchant-payments.yaml")
    for name in ("00", "33", "40"):
        for letter in lived(name)[0].letters:
            told = json.loads(letter.body)
            schema = "errorObject" if "errorCode" in told else "responseTransaction"
            assert document.complaints(schema, told) == []


def test_a_transaction_is_debited_once_whatever_the_plan() -> None:
    greedy = ((1, Happening.DEBIT), (2, Happening.OVERDEBIT), (3, Happening.DEBIT))
    wire = open_wire(lambda _: Fate(Answer.ACCEPTED, greedy))
    live(OPERATOR, wire, order_of("00"), seconds=5)
    assert [charge["amount"] for charge in wire.charges()] == [3000]


def test_a_debit_is_reversed_once_and_only_after_it_was_made() -> None:
    undo = ((1, Happening.REVERSE), (2, Happening.DEBIT), (3, Happening.REVERSE))
    wire = open_wire(lambda _: Fate(Answer.ACCEPTED, (*undo, (4, Happening.REVERSE))))
    order = order_of("00")
    story = live(OPERATOR, wire, order, seconds=5)
    reconcile(OPERATOR, wire, story, order)
    told = [fact.kind for fact in story.facts if fact.source is Source.STATEMENT]
    assert told == [Kind.PAID, Kind.REVERSED]
    assert story.standing.status is Status.REVERSED
