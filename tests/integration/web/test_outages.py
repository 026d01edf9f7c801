"""A server is missing: the citizen is told in time, nothing is done by half, and it heals."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.integration.conftest import Servers
from tests.integration.web.citizen import CODE, USSD, Door, Phone, everything, form
from tests.integration.web.outages import (
    NO_DATABASE,
    NO_REDIS,
    Forgetful,
    deaf,
    frozen,
    only_reading,
)
from tests.integration.web.till import attempts_of
from tests.integration.web.words import SENT, confirm, end
from ussd_app.store.database import Database
from ussd_app.store.redis import Store
from ussd_app.usecases import journeys
from ussd_app.usecases.context import Context

UNAVAILABLE = end("unavailable", code=CODE)
GATEWAY_WAITS = 10  # seconds, at Africa's Talking
IN_TIME = pytest.mark.timeout(GATEWAY_WAITS)

MISSING = {
    "database": lambda context: replace(context, db=Database(NO_DATABASE)),
    "redis": lambda context: replace(context, redis=Store(NO_REDIS)),
}


@pytest.fixture(params=MISSING)
def broken(request: pytest.FixtureRequest, context: Context) -> Context:
    """The same adapters but one, whose server is down."""
    found: Context = MISSING[request.param](context)
    return found


def test_without_a_server_a_call_ends_politely(door: Door, phone: Phone, broken: Context) -> None:
    number, context = door.fine(), door.context
    before = everything(context)
    door.give(broken)
    for typed in ("", "1", f"1*{number}", f"1*{number}*1", "9*6537567762600777", "3*1*12*1998*1*3"):
        assert phone.dial(typed=typed) == UNAVAILABLE
    after = everything(context)
    assert {key for key in after["redis"] if not key.startswith("ussd")} == set()
    assert {**after, "redis": []} == {**before, "redis": []}


def test_a_redis_that_does_not_say_how_it_is_is_not_trusted(
    door: Door, phone: Phone, servers: Servers
) -> None:
    client = door.context.redis.client
    client.acl_setuser(
        "guest", enabled=True, nopass=True, keys=["*"], categories=["+@all"], commands=["-info"]
    )
    store = Store(servers.redis_url.replace("unix://", "unix://guest:x@"))
    door.give(replace(door.context, redis=store))
    number = door.fine()
    try:
        assert phone.show(number).startswith(confirm(number))
        assert phone.type("1").startswith(confirm(number))
        assert phone.type("1").startswith(SENT)
        assert journeys.collect_over(door.context) == 1
    finally:
        client.acl_deluser("guest")
        store.client.close()


def test_a_server_that_comes_back_finds_the_session_where_it_was(
    door: Door, phone: Phone, broken: Context
) -> None:
    number, context = door.fine(), door.context
    phone.show(number)
    door.give(broken)
    assert phone.type("1") == UNAVAILABLE
    door.give(context)
    assert phone.again().startswith(SENT)
    assert len(attempts_of(context, number)) == 1


def test_a_call_that_met_an_outage_is_counted(door: Door, phone: Phone, broken: Context) -> None:
    before = door.figure("sarali_turns_total", outcome="unavailable")
    door.give(broken)
    phone.dial()
    assert door.figure("sarali_turns_total", outcome="unavailable") == before + 1


def test_bad_turns_are_refused_as_ever_during_an_outage(door: Door, broken: Context) -> None:
    door.give(broken)
    assert door.post(USSD, b"").status_code == 400
    assert door.post(USSD, b"x" * 10_000).status_code == 413
    code_of_others = form("+22370000001", "session", "", "*111#")
    assert door.post(USSD, code_of_others).get_data().startswith(end("unknown_code").encode())


@IN_TIME
def test_a_redis_that_hangs_ends_the_call_in_time(door: Door, phone: Phone) -> None:
    with deaf() as port:
        store = Store(f"redis://127.0.0.1:{port}/0")
        door.give(replace(door.context, redis=store))
        assert phone.dial() == UNAVAILABLE
        store.client.close()


@IN_TIME
def test_a_database_that_hangs_ends_the_call_in_time(door: Door, phone: Phone) -> None:
    with deaf() as port:
        database = Database(f"postgresql+psycopg://sarali@127.0.0.1:{port}/sarali")
        door.give(replace(door.context, db=database))
        assert phone.dial() == UNAVAILABLE
        database.dispose()


def test_a_database_that_freezes_ends_the_call_in_time(door: Door, phone: Phone) -> None:
    """A connection already open has no time limit of its own to run into."""
    number = door.fine()
    phone.show(number)
    with ThreadPoolExecutor(1) as thread:
        with frozen(door.context):
            answer = thread.submit(phone.type, "1")
            told, _ = wait([answer], timeout=GATEWAY_WAITS)
        assert answer.result()
    assert phone.again().startswith(SENT)
    assert len(attempts_of(door.context, number)) == 1
    assert told, "the gateway would have given up"


@IN_TIME
def test_a_bill_that_somebody_holds_too_long_ends_the_call_in_time(
    door: Door, phone: Phone
) -> None:
    number = door.fine()
    phone.show(number)
    with door.context.db.begin() as tx:
        tx.execute(text("SELECT 1 FROM bills FOR UPDATE"))
        assert phone.type("1") == UNAVAILABLE
    assert not attempts_of(door.context, number)
    assert phone.again().startswith(SENT)


@pytest.fixture
def read_only(context: Context, servers: Servers) -> Iterator[Context]:
    with only_reading(context, servers.database_url) as found:
        yield found


def test_a_database_that_only_reads_shows_bills_and_opens_nothing(
    door: Door, phone: Phone, read_only: Context
) -> None:
    number, context = door.fine(), door.context
    door.give(read_only)
    assert phone.show(number).startswith(confirm(number))
    assert phone.type("1") == UNAVAILABLE
    door.give(context)
    assert not attempts_of(context, number)
    assert phone.again().startswith(SENT)


def test_a_session_that_cannot_be_kept_does_not_hide_what_was_done(
    door: Door, phone: Phone, servers: Servers
) -> None:
    number, context = door.fine(), door.context
    phone.show(number)
    forgetful = Forgetful(servers.redis_url)
    door.give(replace(context, redis=forgetful))
    sent = phone.type("1")
    assert sent.startswith(SENT)
    assert phone.again() == sent
    door.give(context)
    assert phone.again() == sent
    assert len(attempts_of(context, number)) == 1
    forgetful.client.close()


def test_connections_that_the_database_dropped_are_not_noticed(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.show(number)
    mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with door.context.db.begin() as tx:
        tx.execute(text(f"{mine} AND datname = current_database()"))
    assert phone.type("1").startswith(SENT)


def test_a_payment_is_opened_though_nobody_can_be_woken(
    door: Door, phone: Phone, servers: Servers
) -> None:
    class Sleepless(Store):
        def wake(self) -> None:
            Store(NO_REDIS).wake()

    number, context = door.fine(), door.context
    store = Sleepless(servers.redis_url)
    door.give(replace(context, redis=store))
    assert phone.pay(number).startswith(SENT)
    store.client.close()
    with context.db.begin() as tx:
        due = tx.execute(text("SELECT ref FROM outbox WHERE due_at IS NOT NULL")).scalars().all()
    assert due == [attempts_of(context, number)[0].attempt_id]
