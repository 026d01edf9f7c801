"""Every fate at Orange Money by password, as the connector learns of it.

What is learned is compared with a table written by hand from the sandbox's contract, not with the
simulator's own.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from domain.payment import Status
from payments.evidence import fold
from payments.operators.base import Callback, Heard
from payments.operators.orange_otp import Account, OrangeOtp
from simulators.bearers import SignedBearers
from simulators.orange_otp import access, herald
from simulators.orange_otp.bank import Bank
from simulators.orange_otp.server import create_app
from tests.integration.simulators.shop import FRANCS, URL, Clock, Dice, Shop, facts_of, order

SECRETS = ("whsec-one", "whsec-two")
OURS = Account(
    base_url=URL,
    client_id="sandbox",
    client_secret="sandbox",
    partner_code="000000",
    dial="#144#391#",
    callback_token="door",
    callback_secrets=SECRETS[1:],  # we have rotated already, they sign with both
    wrong_otp_codes=frozenset({"sandbox-otp"}),
)
THEIRS = access.Account(callback_secrets=SECRETS)


@dataclass(frozen=True)
class Expected:
    """What a fate looks like: `replied` and then `asked`, in words; who rang; and the money."""

    replied: str
    asked: tuple[str, ...] = ()
    rings: tuple[str, ...] = ()
    debited: int | None = None
    lines: tuple[str, ...] = ()
    status: Status = Status.SUCCEEDED


NO = Status.FAILED
RANG = ("SUCCESS",)
AT_ONCE = Expected("pending", ("paid",), RANG, FRANCS, ("CREDIT",))
SOON = replace(AT_ONCE, asked=("pending", "paid"))

EXPECTED = {
    "00": AT_ONCE,
    "07": AT_ONCE,
    "12": AT_ONCE,
    "44": AT_ONCE,
    "99": AT_ONCE,
    "10": Expected("insufficient", ("other",), status=NO),
    "11": Expected("pending", ("pending", "refused"), ("CANCELLED",), status=NO),
    "20": Expected("unknown", ("paid",), (), FRANCS, ("CREDIT",)),
    "21": Expected("unknown", status=Status.UNKNOWN),
    "22": Expected("unknown", ("pending", "paid"), (), FRANCS, ("CREDIT",)),
    "30": replace(SOON, rings=RANG * 2),
    "31": AT_ONCE,
    "32": replace(SOON, rings=()),
    "33": Expected("pending", ("pending", "refused"), ("forged", "CANCELLED"), status=NO),
    "40": replace(SOON, asked=("pending", "other", "paid"), rings=("FAILED", "SUCCESS")),
    "41": replace(SOON, lines=("CREDIT", "REVERSAL"), status=Status.REVERSED),
    "42": replace(SOON, debited=FRANCS + 500, status=Status.MISMATCH),
    "43": replace(SOON, asked=("pending", "unrecognised", "paid")),
}
every_fate = pytest.mark.parametrize("ending", EXPECTED)


@dataclass
class Ring:
    at: datetime
    callback: Callback
    word: str


class World:
    """One payment, from the citizen's menu to the statement."""

    def __init__(self, ending: str) -> None:
        self.clock = Clock()
        self.bank = Bank(self.clock, Dice().below, THEIRS.wrong_otp_code)
        bearers = SignedBearers(self.clock, "key", access.LIFETIME)
        app = create_app(self.bank, bearers, THEIRS, self.clock.sleep)
        self.operator = OrangeOtp(OURS, timeout=20, expiry=10)
        self.shop = Shop(self.operator, app, self.clock)
        self.rings: list[Ring] = []
        self.clock.passing = self._ring
        self.order = replace(order(ending), otp=self._otp(ending))

    def play(self) -> None:
        key = self.operator.own_key(self.order)
        token = self.shop.bearer()
        reply = self.shop(self.operator.collect(self.order, key, token))
        self.replied = self.clock.now
        self.shop.learn(self.operator.read_collect(reply, self.order))
        self.shop.watch(self.order, key, seconds=12)

    def _otp(self, ending: str) -> str:
        answer = self.shop.app.test_client().get(f"/sandbox/otp?msisdn=%2B223761234{ending}")
        assert answer.json is not None
        otp: str = answer.json["otp"]
        return otp

    def _ring(self) -> None:
        for callback in self.bank.advance():
            body = json.dumps(callback.body).encode()
            signed = herald.headers(THEIRS, callback, body, self.clock.now)
            headers = {name.lower(): value for name, value in signed.items()}
            word = "forged" if callback.forged else str(callback.body["status"])
            self.rings.append(Ring(self.clock.now, Callback(headers, body, self.clock.now), word))


def played(ending: str) -> World:
    world = World(ending)
    world.play()
    return world


@every_fate
def test_the_connector_learns_what_happened(ending: str) -> None:
    world, expected = played(ending), EXPECTED[ending]
    assert world.shop.kinds() == (expected.replied, *expected.asked)


@every_fate
def test_the_money_is_where_the_evidence_says(ending: str) -> None:
    world, expected = played(ending), EXPECTED[ending]
    charges = world.bank.charges()
    assert [charge["amount"] for charge in charges] == [expected.debited] * bool(expected.debited)
    assert world.shop.paid() == [(one["operator_ref"], one["amount"]) for one in charges]
    for charge in charges:
        assert charge["operator"] == "orange_otp"
        assert charge["payer"] == world.order.payer.e164
        assert charge["reversed"] is ("REVERSAL" in expected.lines)


@every_fate
def test_the_statement_has_the_money_and_nothing_else(ending: str) -> None:
    world, expected = played(ending), EXPECTED[ending]
    lines = world.shop.lines()
    assert tuple(line.kind for line in lines) == expected.lines
    assert all(line.attempt_id == world.order.attempt_id for line in lines)
    assert all(line.payer == world.order.payer.national for line in lines)
    standing = fold(FRANCS, [*world.shop.learned, *facts_of(lines)])
    assert standing.status is expected.status


@every_fate
def test_callbacks_ring_as_often_as_told_and_only_genuine_ones_count(ending: str) -> None:
    world, expected = played(ending), EXPECTED[ending]
    assert tuple(ring.word for ring in world.rings) == expected.rings
    heard = [world.operator.hear(ring.callback) for ring in world.rings]
    for ring, one in zip(world.rings, heard, strict=True):
        if ring.word == "forged":
            assert one == Heard(genuine=False)
        else:
            assert one.genuine
            assert one.attempt_ids == (world.order.attempt_id,)
    events = [one.event for one in heard if one.genuine]
    assert len(set(events)) == len(set(expected.rings) - {"forged"})


def test_the_callback_can_come_before_the_reply() -> None:
    world = played("31")
    (ring,) = world.rings
    assert ring.at < world.replied


def test_a_bearer_no_longer_admitted_costs_the_attempt_and_not_the_password() -> None:
    world = World("00")
    token = world.shop.bearer()
    world.clock.sleep(300)
    reply = world.shop(world.operator.collect(world.order, "a" * 32, token))
    world.shop.learn(world.operator.read_collect(reply, world.order))
    assert world.shop.kinds() == ("not_sent",)
    assert world.bank.charges() == []
    world.play()
    assert world.shop.paid()


def test_a_lost_request_is_not_to_be_found() -> None:
    world = played("21")
    assert world.bank.listed(None) == []


def test_a_door_that_is_not_configured_opens_to_nobody() -> None:
    closed = OrangeOtp(replace(OURS, callback_token=""), timeout=20, expiry=10)
    assert not closed.is_door("")
    assert not closed.is_door("door")


def test_what_to_dial_is_the_accounts() -> None:
    assert OrangeOtp.wallet.dial == ""
    assert OrangeOtp(OURS, timeout=20, expiry=10).wallet.dial == "#144#391#"
