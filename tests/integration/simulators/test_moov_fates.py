"""Every fate of the sandbox's wallets at Moov, played between the connector and the simulator.

The clock is the test's; the requests are the connector's own. What is learned is compared with a
table written by hand from the sandbox's contract, not with the simulator's own.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.msisdn import Msisdn
from domain.payment import Evidence, Failure, Kind, Source, Status
from payments.evidence import fold
from payments.operators.base import NO_TOKEN, Answer, HttpRequest, NoAnswer, Order, Outcome
from payments.operators.moov import Account, Moov
from payments.reconciliation import Line, evidence_of, proves_absence
from simulators.moov.bank import Bank
from simulators.moov.server import create_app

START = datetime(2026, 11, 22, 3, 10, 4, tzinfo=UTC)
URL, TOKEN, FRANCS = "http://moov.test", "sandbox", 3000
TIMEOUT, EXPIRY, GRACE = 3.0, 20.0, 20.0
MOOV = Moov(Account(URL, TOKEN), timeout=TIMEOUT, expiry=EXPIRY)


@dataclass(frozen=True)
class Expected:
    """What a fate looks like; `seen` are the changes told by asking, None that cannot be asked."""

    reply: Kind
    seen: tuple[str, ...] | None
    status: Status
    debited: int | None = None
    lines: tuple[str, ...] = ()
    failure: Failure | None = None


PENDING, PAID, ODD, GAVE_UP, FAILED = "pending", "said paid", "77", "expired", "other"
DONE = Expected(
    Kind.PENDING, (PENDING, PAID), Status.SUCCEEDED, debited=FRANCS, lines=("CREDIT",)
)  # fmt: skip
LOST_DEBIT = Expected(Kind.UNKNOWN, None, Status.SUCCEEDED, debited=FRANCS, lines=("CREDIT",))
ENDED = Expected(Kind.PENDING, (PENDING, GAVE_UP), Status.FAILED, failure=Failure.EXPIRED)

EXPECTED = {
    "00": DONE,
    "07": DONE,
    "99": DONE,
    "10": Expected(Kind.FAILED, ("insufficient",), Status.FAILED, failure=Failure.INSUFFICIENT),
    "11": ENDED,
    "12": ENDED,
    "20": LOST_DEBIT,
    "21": Expected(Kind.UNKNOWN, None, Status.UNKNOWN),
    "22": LOST_DEBIT,
    "30": DONE,
    "31": DONE,
    "32": DONE,
    "33": DONE,
    "40": Expected(
        Kind.PENDING, (PENDING, FAILED, PAID), Status.SUCCEEDED, FRANCS, ("CREDIT",)
    ),
    "41": Expected(
        Kind.PENDING, (PENDING, PAID), Status.REVERSED, FRANCS, ("CREDIT", "REVERSAL")
    ),
    "42": Expected(Kind.PENDING, (PENDING, PAID), Status.MISMATCH, FRANCS + 500, ("CREDIT",)),
    "43": Expected(Kind.PENDING, (PENDING, ODD, PAID), Status.SUCCEEDED, FRANCS, ("CREDIT",)),
    "44": DONE,
}  # fmt: skip


class World:
    """The simulator, its clock, and the way from the connector to it."""

    def __init__(self) -> None:
        self.now = START
        self.bank = Bank(lambda: self.now)
        self.http: FlaskClient = create_app(self.bank, TOKEN, self.sleep).test_client()

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.bank.advance()

    def send(self, request: HttpRequest) -> Outcome:
        """Send as our transport does: what takes longer than the timeout is lost."""
        sent = self.now
        reply = self.http.open(
            request.url.removeprefix(URL),
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        if (self.now - sent).total_seconds() > request.timeout:
            return NoAnswer.LOST
        return Answer(reply.status_code, reply.data)


@dataclass
class Story:
    """What became of one payment, as the connector saw it."""

    order: Order
    replied: tuple[Evidence, ...]
    key: str
    asked: list[Evidence] = field(default_factory=list)
    lines: tuple[Line, ...] = ()
    closed: tuple[datetime, datetime] = (START, START)
    charges: list[dict[str, Any]] = field(default_factory=list)

    @property
    def api(self) -> list[Evidence]:
        return [Evidence(Kind.SUBMITTING, Source.OURS), *self.replied, *self.asked]

    @property
    def seen(self) -> tuple[str, ...]:
        words = [_shown(fact) for fact in self.asked]
        return tuple(word for n, word in enumerate(words) if n == 0 or words[n - 1] != word)


def _shown(fact: Evidence) -> str:
    if fact.kind is Kind.PENDING:
        return PAID if fact.word else PENDING
    return str(fact.failure.value if fact.failure else fact.word)


def play(name: str) -> Story:
    """Push to the wallet of that fate, ask every half second, and read the statement at the end."""
    world, payer = World(), Msisdn.parse(f"+223661234{name}")
    order = Order(
        f"attempt-{name}", "4821937028", payer, FRANCS, "https://sarali.test/nobody", START
    )
    outcome = world.send(MOOV.collect(order, MOOV.own_key(order), NO_TOKEN))
    key = MOOV.read_key(outcome, order) or MOOV.own_key(order)
    story = Story(order, MOOV.read_collect(outcome, order), key)
    while world.now < START + timedelta(seconds=25):
        request = MOOV.inquire(order, key, NO_TOKEN)
        if request is not None:
            story.asked += MOOV.read_inquire(world.send(request), order)
        world.sleep(0.5)
    world.sleep(EXPIRY + GRACE)
    statement = MOOV.read_statement(world.send(MOOV.statement(START, NO_TOKEN)))
    assert statement is not None
    story.lines, story.closed = statement.lines, (statement.since, statement.until)
    story.charges = world.http.get("/sandbox/charges?bill_number=4821937028").json or []
    return story


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    return {name: play(name) for name in EXPECTED}


every_fate = pytest.mark.parametrize("name", EXPECTED)


@every_fate
def test_the_push_is_answered_as_documented(stories: dict[str, Story], name: str) -> None:
    assert [fact.kind for fact in stories[name].replied] == [EXPECTED[name].reply]


@every_fate
def test_only_a_reply_that_arrived_can_be_asked_about(
    stories: dict[str, Story], name: str
) -> None:  # fmt: skip
    story, seen = stories[name], EXPECTED[name].seen
    assert (story.key == story.order.attempt_id) is (seen is None)
    assert story.seen == (seen or ())


@every_fate
def test_no_answer_of_the_api_is_money(stories: dict[str, Story], name: str) -> None:
    assert fold(FRANCS, stories[name].api).debits == ()


@every_fate
def test_the_statement_settles_it(stories: dict[str, Story], name: str) -> None:
    story, expected = stories[name], EXPECTED[name]
    standing = fold(FRANCS, [*story.api, *(evidence_of(line) for line in story.lines)])
    assert (standing.status, standing.failure) == (expected.status, expected.failure)
    assert tuple(line.kind.value for line in story.lines) == expected.lines
    assert {line.attempt_id for line in story.lines} <= {story.order.attempt_id}
    assert {line.payer for line in story.lines} <= {story.order.payer.national}


@every_fate
def test_the_wallet_is_debited_at_most_once_and_the_statement_says_how_much(
    stories: dict[str, Story], name: str
) -> None:
    story, expected = stories[name], EXPECTED[name]
    if expected.debited is None:
        assert story.charges == []
        return
    (charge,) = story.charges
    assert charge["operator"] == "moov"
    assert charge["payer"] == story.order.payer.e164
    assert charge["amount"] == expected.debited
    assert charge["reversed"] is ("REVERSAL" in expected.lines)
    assert charge["order_id"] == story.order.attempt_id
    assert {line.operator_ref for line in story.lines} == {charge["operator_ref"]}
    assert {line.francs for line in story.lines} == {expected.debited}
    assert story.key in {charge["operator_ref"], story.order.attempt_id}


def test_what_was_lost_and_never_debited_is_closed_by_its_absence(
    stories: dict[str, Story],
) -> None:
    story, patience = stories["21"], timedelta(seconds=EXPIRY + GRACE)
    assert proves_absence(Status.UNKNOWN, START, story.closed, patience)
    assert not proves_absence(Status.UNKNOWN, START, (START, START + patience / 2), patience)


def test_an_undocumented_status_raises_an_alarm_and_ends_nothing(
    stories: dict[str, Story],
) -> None:
    odd = [fact for fact in stories["43"].asked if fact.kind is Kind.UNRECOGNISED]
    assert [fact.word for fact in odd] == ["77"] * len(odd)
    assert fold(FRANCS, odd).status is Status.PENDING
    assert fold(FRANCS, odd).alarms


def test_the_wrong_token_ends_no_attempt() -> None:
    world, wrong = World(), Moov(Account(URL, "wrong"), timeout=TIMEOUT, expiry=EXPIRY)
    order = Order("attempt", "4821937028", Msisdn.parse("+22366123400"), FRANCS, "", START)
    reply = world.send(wrong.collect(order, order.attempt_id, NO_TOKEN))
    facts = wrong.read_collect(reply, order)
    assert facts == (Evidence(Kind.UNRECOGNISED, Source.REPLY, word="98"),)
    asked = wrong.inquire(order, "720261122000006", NO_TOKEN)
    assert asked is not None
    assert wrong.read_inquire(world.send(asked), order) == ()
    assert wrong.read_statement(world.send(wrong.statement(START, NO_TOKEN))) is None
    world.sleep(30)
    assert world.bank.charges() == []


def test_an_unknown_transaction_is_no_proof_of_failure() -> None:
    order = Order("attempt", "4821937028", Msisdn.parse("+22366123400"), FRANCS, "", START)
    asked = MOOV.inquire(order, "720261122000006", NO_TOKEN)
    assert asked is not None
    assert MOOV.read_inquire(World().send(asked), order) == ()
