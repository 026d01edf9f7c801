"""What is left to do is claimed by one, kept while it works, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from ussd_app.store import outbox
from ussd_app.store.outbox import Claim, Kind, LostClaimError
from ussd_app.usecases.context import Context

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
LEASE = timedelta(seconds=15)
SECOND = timedelta(seconds=1)


def put(context: Context, ref: str, due_at: datetime) -> None:
    with context.db.begin() as tx:
        outbox.put(tx, Kind.ATTEMPT, ref, due_at)


def claim(context: Context, now: datetime) -> Claim | None:
    with context.db.begin() as tx:
        return outbox.claim(tx, now, LEASE)


def claimed(context: Context, now: datetime) -> Claim:
    found = claim(context, now)
    assert found is not None
    return found


def release(context: Context, mine: Claim, due_at: datetime | None) -> None:
    with context.db.begin() as tx:
        outbox.release(tx, mine, due_at)


def test_nothing_is_claimed_before_it_is_due(context: Context) -> None:
    put(context, "a", NOON)
    assert claim(context, NOON - SECOND) is None
    assert claimed(context, NOON).ref == "a"


def test_what_waits_longest_is_claimed_first(context: Context) -> None:
    for ref, seconds in (("late", 0), ("first", -20), ("second", -10)):
        put(context, ref, NOON + seconds * SECOND)
    assert [claimed(context, NOON).ref for _ in range(3)] == ["first", "second", "late"]
    assert claim(context, NOON) is None


def test_the_same_thing_put_twice_is_one_row_due_at_the_earlier(context: Context) -> None:
    for order in ((0, 60), (60, 0)):
        for seconds in order:
            put(context, f"{order}", NOON + seconds * SECOND)
    assert {claimed(context, NOON).ref for _ in range(2)} == {"(0, 60)", "(60, 0)"}
    assert claim(context, NOON) is None


def test_the_kind_is_part_of_what_a_row_is(context: Context) -> None:
    with context.db.begin() as tx:
        for kind in Kind:
            outbox.put(tx, kind, "1", NOON)
    assert {claimed(context, NOON).kind for _ in Kind} == set(Kind)


def test_a_claim_excludes_others_until_its_lease_runs_out(context: Context) -> None:
    put(context, "a", NOON)
    first = claimed(context, NOON)
    assert claim(context, NOON + LEASE - SECOND) is None
    second = claimed(context, NOON + LEASE)
    assert second.ref == first.ref
    assert second.version > first.version
    assert second.tries == first.tries + 1


def test_who_lost_a_claim_can_neither_hold_nor_release_it(context: Context) -> None:
    put(context, "a", NOON)
    lost, kept = claimed(context, NOON), claimed(context, NOON + LEASE)
    for deed in (outbox.hold, lambda tx, mine: outbox.release(tx, mine, NOON)):
        with pytest.raises(LostClaimError), context.db.begin() as tx:
            deed(tx, lost)
    release(context, kept, None)
    assert claim(context, NOON + 2 * LEASE) is None


def test_a_claim_released_twice_is_lost_once_somebody_else_took_the_row(context: Context) -> None:
    put(context, "a", NOON)
    mine = claimed(context, NOON)
    release(context, mine, NOON)
    claimed(context, NOON)
    with pytest.raises(LostClaimError):
        release(context, mine, None)


def test_a_release_makes_the_row_due_again_or_lets_it_rest(context: Context) -> None:
    put(context, "a", NOON)
    release(context, claimed(context, NOON), NOON + 5 * SECOND)
    assert claim(context, NOON + 4 * SECOND) is None
    release(context, claimed(context, NOON + 5 * SECOND), None)
    assert claim(context, NOON + 365 * 86_400 * SECOND) is None
    put(context, "a", NOON)
    assert claimed(context, NOON).ref == "a"


@pytest.mark.parametrize("released_to", [None, NOON + 3600 * SECOND])
def test_a_put_made_while_the_row_is_claimed_is_honoured(
    context: Context, released_to: datetime | None
) -> None:
    put(context, "a", NOON)
    mine = claimed(context, NOON)
    put(context, "a", NOON + SECOND)
    assert claim(context, NOON + SECOND) is None
    release(context, mine, released_to)
    assert claimed(context, NOON + SECOND).ref == "a"


def test_a_later_put_does_not_delay_a_sooner_release(context: Context) -> None:
    put(context, "a", NOON)
    mine = claimed(context, NOON)
    put(context, "a", NOON + 3600 * SECOND)
    release(context, mine, NOON + SECOND)
    assert claimed(context, NOON + SECOND).ref == "a"


def test_a_fact_taken_back_leaves_nothing_to_do(context: Context) -> None:
    with context.db.begin() as tx:
        outbox.put(tx, Kind.ATTEMPT, "a", NOON)
        tx.rollback()
    assert claim(context, NOON) is None


def test_the_wait_of_the_oldest_is_told(context: Context) -> None:
    with context.db.begin() as tx:
        assert outbox.oldest_claimable(tx) is None
    put(context, "a", NOON)
    put(context, "b", NOON - SECOND)
    with context.db.begin() as tx:
        assert outbox.oldest_claimable(tx) == NOON - SECOND


def test_each_row_is_claimed_by_one_of_many_workers(context: Context) -> None:
    rows, workers = 60, 8
    for n in range(rows):
        put(context, str(n), NOON - n * SECOND)
    start = Barrier(workers)

    def work(_worker: int) -> list[str]:
        start.wait()
        mine = []
        while (found := claim(context, NOON)) is not None:
            mine.append(found.ref)
        return mine

    with ThreadPoolExecutor(workers) as threads:
        taken = [ref for mine in threads.map(work, range(workers)) for ref in mine]
    assert sorted(taken) == sorted(str(n) for n in range(rows))
