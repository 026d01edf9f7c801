"""What is kept of sessions: where one was cut, how each went; and which operators respond."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.store.rows import CHECK, refused_insert
from ussd_app.store import checkpoints, health, journeys
from ussd_app.store.journeys import Journey, Reason
from ussd_app.usecases.context import Context

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REST = timedelta(seconds=60)
JOURNEY = Journey(
    session_key="session-a",
    channel="africastalking",
    lang="fr",
    errand="fine",
    screen="bill.confirm",
    reason=Reason.TIMED_OUT,
    turns=2,
    seconds=20,
    started_at=NOON,
)


def test_of_a_subscriber_the_last_place_is_kept(context: Context) -> None:
    with context.db.begin() as tx:
        checkpoints.save(tx, "somebody", "first", NOON)
        checkpoints.save(tx, "somebody", "second", NOON + MINUTE)
        checkpoints.save(tx, "somebody else", "theirs", NOON)
        assert checkpoints.load(tx, "somebody", NOON) == "second"
        assert checkpoints.load(tx, "somebody", NOON + MINUTE) is None
        assert checkpoints.load(tx, "nobody", NOON - MINUTE) is None
        checkpoints.forget(tx, "somebody")
        assert checkpoints.load(tx, "somebody", NOON - MINUTE) is None
        assert checkpoints.load(tx, "somebody else", NOON - MINUTE) == "theirs"


def test_what_is_older_is_purged_and_nothing_else(context: Context) -> None:
    with context.db.begin() as tx:
        for n in range(4):
            checkpoints.save(tx, str(n), "place", NOON + n * MINUTE)
        checkpoints.purge(tx, NOON + MINUTE)
        since = NOON - MINUTE
        assert [checkpoints.load(tx, str(n), since) for n in range(4)] == [
            None, None, "place", "place",
        ]  # fmt: skip


def test_a_session_is_one_journey_however_often_it_is_written(context: Context) -> None:
    longer = replace(JOURNEY, screen="pay.sent", reason=Reason.PAYMENT, turns=3, seconds=31)
    with context.db.begin() as tx:
        journeys.write(tx, [])
        journeys.write(tx, [JOURNEY, replace(JOURNEY, session_key="session-b")])
        journeys.write(tx, [longer])
        found = journeys.ends(tx, NOON - MINUTE)
        assert sorted(found) == [
            ("fine", "bill.confirm", "timed_out", 1),
            ("fine", "pay.sent", "payment", 1),
        ]
        assert journeys.ends(tx, NOON) == []
        assert journeys.spread(tx, "turns", (1, 2, 3), NOON - MINUTE) == ([0, 1, 2, 2], 5)
        assert journeys.spread(tx, "seconds", (20, 30), NOON - MINUTE) == ([1, 1, 2], 51)
        assert journeys.spread(tx, "turns", (1,), NOON) == ([0, 0], 0)


@pytest.mark.parametrize(
    "changes",
    [{"reason": ""}, {"reason": "bored"}, {"turns": 0}, {"turns": -1}, {"seconds": -1}],
)
def test_a_journey_ends_for_a_reason_that_is_known(
    context: Context, changes: dict[str, object]
) -> None:
    assert refused_insert(context, "journeys", changes) == CHECK


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_can_be_written(context: Context, reason: Reason) -> None:
    with context.db.begin() as tx:
        journeys.write(tx, [replace(JOURNEY, reason=reason)])
        assert [found[2] for found in journeys.ends(tx, NOON - MINUTE)] == [reason]


def test_an_operator_rests_after_three_failures_in_a_row(context: Context) -> None:
    with context.db.begin() as tx:
        for n in range(3):
            assert health.down(tx, NOON) == frozenset()
            health.failed(tx, "orange_mp", NOON + n * MINUTE, REST)
        assert health.down(tx, NOON + 2 * MINUTE) == {"orange_mp"}
        assert health.down(tx, NOON + 2 * MINUTE + REST) == frozenset()
        health.failed(tx, "orange_mp", NOON + 9 * MINUTE, REST)
        assert health.down(tx, NOON + 9 * MINUTE) == {"orange_mp"}
        health.answered(tx, "orange_mp")
        assert health.down(tx, NOON + 9 * MINUTE) == frozenset()
        for _ in range(2):
            health.failed(tx, "orange_mp", NOON + 9 * MINUTE, REST)
        assert health.down(tx, NOON + 9 * MINUTE) == frozenset()


def test_each_operator_rests_for_itself(context: Context) -> None:
    with context.db.begin() as tx:
        health.answered(tx, "moov")
        for operator in ("orange_mp", "moov", "orange_mp", "telecel", "orange_mp"):
            health.failed(tx, operator, NOON, REST)
        assert health.down(tx, NOON) == {"orange_mp"}
        for operator in ("moov", "moov"):
            health.failed(tx, operator, NOON, REST)
        assert health.down(tx, NOON) == {"orange_mp", "moov"}


def test_nobody_has_failed_less_than_never(context: Context) -> None:
    assert refused_insert(context, "operator_health", {"failures": -1}) == CHECK
