"""Every fate at Orange's web payment, as the connector learns of it.

What is learned is compared with a table written by hand from the sandbox's contract, not with the
simulator's own.
"""

import json
from dataclasses import dataclass, replace

import pytest

from domain.payment import Status
from payments.evidence import fold
from payments.operators.base import Callback, Heard, Prepared
from payments.operators.orange_web import Account, OrangeWeb
from simulators.bearers import SignedBearers
from simulators.inbox import Inbox, Message
from simulators.orange_web import access
from simulators.orange_web.bank import Bank, Notification
from simulators.orange_web.citizen import Citizen
from simulators.orange_web.server import create_app
from tests.integration.simulators.shop import FRANCS, URL, Clock, Dice, Shop, facts_of, order

OURS = Account(
    base_url=URL,
    country="dev",
    currency="OUV",
    client_id="sandbox",
    client_secret="sandbox",
    merchant_key="sandbox",
    return_url="https://sarali.example/",
)


@dataclass(frozen=True)
class Expected:
    """What a fate looks like: what is `asked`, in words; who rang; and the money."""

    asked: tuple[str, ...]
    rings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    status: Status = Status.SUCCEEDED


OK = "SUCCESS"
PAID = Expected(("pending", "paid"), (OK,), ("CREDIT",))
REFUSED = Expected(("pending", "other"), ("FAILED",), status=Status.FAILED)

EXPECTED = {
    **dict.fromkeys(("00", "07", "20", "21", "22", "31", "42", "44", "99"), PAID),
    **dict.fromkeys(("10", "11"), REFUSED),
    "12": Expected(("pending", "expired"), status=Status.FAILED),
    "30": replace(PAID, rings=(OK, OK)),
    "32": replace(PAID, rings=()),
    "33": replace(REFUSED, rings=("forged", "FAILED")),
    "40": replace(PAID, asked=("pending", "other", "paid"), rings=("FAILED", OK)),
    "41": replace(PAID, lines=("CREDIT", "REVERSAL"), status=Status.REVERSED),
    "43": replace(PAID, asked=("pending", "unrecognised", "paid")),
}
every_fate = pytest.mark.parametrize("ending", EXPECTED)


class World:
    """One payment, from the citizen's menu to the statement."""

    def __init__(self, ending: str) -> None:
        self.clock, dice = Clock(), Dice()
        self.bank = Bank(self.clock, dice.token)
        bearers = SignedBearers(self.clock, "key", access.LIFETIME)
        app = create_app(self.bank, bearers, access.Account())
        self.operator = OrangeWeb(OURS, timeout=20, expiry=20)
        self.shop = Shop(self.operator, app, self.clock)
        self.order = order(ending)
        self.delivered: list[Message] = [{"to": "+22376000000", "text": "Bonjour"}]
        self.citizen = Citizen(self.bank, Inbox(self.clock, lambda: self.delivered))
        self.rings: list[Notification] = []
        self.clock.passing = self._pass

    def play(self) -> None:
        prepared = self.prepare()
        assert prepared is not None
        text = f"Payez ici: {prepared.link} Tresor public"
        self.delivered.append({"to": self.order.payer.e164, "text": text})
        self.shop.watch(self.order, prepared.key, seconds=22)

    def prepare(self) -> Prepared | None:
        request = self.operator.prepare(self.order, self.shop.bearer())
        return self.operator.read_prepare(self.shop(request))

    def _pass(self) -> None:
        self.citizen.look()
        self.rings += self.bank.advance()


def played(ending: str) -> World:
    world = World(ending)
    world.play()
    return world


@every_fate
def test_the_connector_learns_what_happened(ending: str) -> None:
    assert played(ending).shop.kinds() == EXPECTED[ending].asked


@every_fate
def test_the_money_is_where_the_evidence_says(ending: str) -> None:
    world, expected = played(ending), EXPECTED[ending]
    charges = world.bank.charges()
    assert [charge["amount"] for charge in charges] == [FRANCS] * bool(expected.lines)
    assert world.shop.paid() == [(one["operator_ref"], one["amount"]) for one in charges]
    for charge in charges:
        assert charge["operator"] == "orange_web"
        assert charge["payer"] == world.order.payer.e164
        assert charge["reversed"] is ("REVERSAL" in expected.lines)


@every_fate
def test_the_statement_has_the_money_and_names_the_attempt(ending: str) -> None:
    world, expected = played(ending), EXPECTED[ending]
    lines = world.shop.lines()
    assert tuple(line.kind for line in lines) == expected.lines
    assert all(line.attempt_id == world.order.attempt_id for line in lines)
    assert all(line.payer == world.order.payer.national for line in lines)
    standing = fold(FRANCS, [*world.shop.learned, *facts_of(lines)])
    assert standing.status is expected.status


@every_fate
def test_notifications_ring_as_often_as_told(ending: str) -> None:
    world = played(ending)
    words = [
        "forged" if r.body["notif_token"] == "thief" else r.body["status"] for r in world.rings
    ]
    assert tuple(words) == EXPECTED[ending].rings
    for ring in world.rings:
        assert ring.url == world.order.callback_url
        assert set(ring.body) == {"status", "notif_token", "txnid"}
        callback = Callback({}, json.dumps(ring.body).encode(), world.clock.now)
        assert world.operator.hear(callback) == Heard(genuine=True)


def test_a_lost_answer_costs_the_attempt_and_no_money() -> None:
    world = World("00")
    assert world.prepare() is not None
    assert world.prepare() is None  # the same order_id again
    world.clock.sleep(25)
    assert world.bank.charges() == []


def test_nobody_opens_a_page_whose_link_was_not_sent() -> None:
    world = World("00")
    prepared = world.prepare()
    assert prepared is not None
    world.shop.watch(world.order, prepared.key, seconds=21)
    assert world.shop.kinds() == ("pending", "expired")


def test_an_address_the_operator_would_refuse_is_no_setting() -> None:
    longest = f"https://sarali.example/{'a' * 97}"
    assert replace(OURS, return_url=longest).return_url == longest
    with pytest.raises(ValueError, match="return_url"):
        replace(OURS, return_url=f"{longest}a")
