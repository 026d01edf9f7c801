"""Every fate of the sandbox's wallets at Wave, seen by our connector over the simulator's wire.

What can be seen of a payment is compared with a table written by hand from the sandbox's
contract, not with the simulator's own.
"""

from dataclasses import dataclass

import pytest

from domain.payment import Evidence, Failure, Kind
from payments.operators.base import Prepared
from tests.integration.simulators.wave_world import World, order

WATCHED = 26.0  # seconds: a session lives 20, and the list is closed 5 later
STEP = 0.25

COMPLETED, FAILED = "checkout.session.completed", "checkout.session.payment_failed"


@dataclass(frozen=True)
class Expected:
    """What a fate looks like; `seen` are the kinds of evidence, or why it failed, in order."""

    seen: tuple[str, ...]
    rings: tuple[str, ...] = ()
    debited: int | None = None
    lines: tuple[str, ...] = ()
    tries: int = 1  # to create the session
    forged: int = 0


def paid(*rings: str, tries: int = 1) -> Expected:
    return Expected(("pending", "paid"), rings, 3000, ("CREDIT",), tries)


EXPECTED = {
    "00": paid(COMPLETED),
    "07": paid(COMPLETED),
    "99": paid(COMPLETED),
    "10": Expected(("pending", "insufficient"), (FAILED,)),
    "11": Expected(("pending", "expired")),
    "12": Expected(("pending", "expired")),
    "20": paid(tries=2),
    "21": Expected(("pending", "expired"), tries=2),
    "22": paid(tries=2),
    "30": paid(COMPLETED, COMPLETED),
    "31": paid(COMPLETED),
    "32": paid(),
    "33": Expected(("pending", "expired"), (COMPLETED,), forged=1),
    "40": Expected(("pending", "paid"), (FAILED, COMPLETED), 3000, ("CREDIT",)),
    "41": Expected(("pending", "paid"), (COMPLETED,), 3000, ("CREDIT", "REVERSAL")),
    "42": Expected(("pending", "paid"), (COMPLETED,), 3500, ("CREDIT",)),
    "43": Expected(("pending", "unrecognised", "paid"), (COMPLETED,), 3000, ("CREDIT",)),
    "44": paid(COMPLETED),
}


@dataclass
class Story:
    """What was seen of one payment."""

    world: World
    key: str
    tries: int
    facts: list[Evidence]

    @property
    def seen(self) -> tuple[str, ...]:
        words = [fact.failure or fact.kind for fact in self.facts]
        return tuple(w.value for n, w in enumerate(words) if n == 0 or words[n - 1] != w)


def create(world: World, ending: str) -> tuple[Prepared, int]:
    for tries in (1, 2, 3):
        prepared = world.prepare(order(ending))
        if prepared is not None:
            return prepared, tries
        world.live(1)
    raise AssertionError("no session")


@pytest.fixture(params=EXPECTED)
def fate(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def story(fate: str) -> Story:
    world = World()
    prepared, tries = create(world, fate)
    story = Story(world, prepared.key, tries, [])
    for _ in range(int(WATCHED / STEP)):
        story.facts += world.inquire(prepared.key)
        world.live(STEP)
    return story


def test_asking_tells_it_in_order(fate: str, story: Story) -> None:
    assert (story.seen, story.tries) == (EXPECTED[fate].seen, EXPECTED[fate].tries)


def test_it_rings_as_often_as_it_should_and_the_thief_is_not_heard(fate: str, story: Story) -> None:
    rings, expected = story.world.rings, EXPECTED[fate]
    assert tuple(ring.body["type"] for ring in rings) == expected.rings
    assert [ring.heard.genuine for ring in rings].count(False) == expected.forged
    for ring in rings:
        if ring.heard.genuine:
            assert ring.heard.attempt_ids == (order().attempt_id,)
            assert ring.heard.event == ring.body["id"]
    if fate == "30":
        assert len({ring.heard.event for ring in rings}) == 1


def test_the_wallet_is_debited_at_most_once(fate: str, story: Story) -> None:
    charges, expected = story.world.bank.charges(), EXPECTED[fate]
    if expected.debited is None:
        assert charges == []
        return
    (charge,) = charges
    fact = next(fact for fact in story.facts if fact.kind is Kind.PAID)
    assert charge["operator"] == "wave"
    assert charge["payer"] == f"+223761234{fate}"
    assert charge["amount"] == fact.francs == expected.debited
    assert charge["operator_ref"] == fact.operator_ref
    assert charge["reversed"] is ("REVERSAL" in expected.lines)


def test_the_list_has_the_money_and_nothing_else(fate: str, story: Story) -> None:
    statement = story.world.statement()
    assert statement is not None
    lines = statement.lines
    assert tuple(line.kind.value for line in lines) == EXPECTED[fate].lines
    assert {line.attempt_id for line in lines} <= {order().attempt_id}
    assert {line.payer for line in lines} <= {f"+223761234{fate}"}
    assert all(line.francs == EXPECTED[fate].debited for line in lines)
    refs = {fact.operator_ref for fact in story.facts if fact.kind is Kind.PAID}
    assert {line.operator_ref for line in lines} == refs
    assert len({line.line_key for line in lines}) == len(lines)


def test_nothing_is_told_before_it_happened() -> None:
    world = World()
    prepared, _ = create(world, "00")
    world.live(1.25)
    assert [fact.kind for fact in world.inquire(prepared.key)] == [Kind.PENDING]
    world.live(0.25)
    assert [fact.kind for fact in world.inquire(prepared.key)] == [Kind.PAID]


def test_a_failed_try_leaves_the_session_open_until_it_expires() -> None:
    world = World()
    prepared, _ = create(world, "10")
    world.live(19.75)
    assert [fact.kind for fact in world.inquire(prepared.key)] == [Kind.PENDING]
    world.live(0.25)
    assert [fact.failure for fact in world.inquire(prepared.key)] == [Failure.INSUFFICIENT]
