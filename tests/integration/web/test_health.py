"""What operators of the service ask: does it live, is it ready, what happened; and wrong doors."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.integration.web.citizen import PROBLEM, USSD, Door, Phone, everything
from tests.integration.web.outages import NO_DATABASE, NO_REDIS
from ussd_app.store.database import Database
from ussd_app.store.redis import Store
from ussd_app.usecases.context import Context

WRONG_METHODS = [
    ("GET", USSD),
    ("PUT", USSD),
    ("DELETE", USSD),
    ("GET", f"{USSD}/events"),
    ("GET", "/sms/africastalking/delivery"),
    ("GET", "/callbacks/orange_mp/1"),
    ("POST", "/v/6537567762600777"),
    ("POST", "/healthz"),
    ("POST", "/readyz"),
    ("DELETE", "/metrics"),
    ("GET", "/sandbox/fines"),
]
NO_SUCH_PATH = [
    "/", "/ussd", "/ussd/nobody", "/ussd/africastalking/", "/ussd/nobody/x", "/v", "/v/",
    "/v/1/2", "/callbacks/orange_mp", "/callbacks/orange_mp/", "/sandbox", "/admin", "/.env",
    "/static/../ussd_app/settings.py", "/static/%2e%2e/verification.py", "/%00", "//", "/v/a/../b",
]  # fmt: skip


def ready(door: Door) -> tuple[int, dict[str, bool]]:
    answer = door.request("GET", "/readyz")
    return answer.status_code, json.loads(answer.get_data())


def test_a_living_process_says_so_whatever_it_depends_on(door: Door) -> None:
    assert door.request("GET", "/healthz").status_code == 200
    door.give(replace(door.context, db=Database(NO_DATABASE), redis=Store(NO_REDIS)))
    assert door.request("GET", "/healthz").status_code == 200


def test_it_is_ready_when_both_servers_answer(door: Door) -> None:
    assert ready(door) == (200, {"database": True, "redis": True})


def test_it_names_the_part_that_is_missing(door: Door) -> None:
    context = door.context
    door.give(replace(context, redis=Store(NO_REDIS)))
    assert ready(door) == (503, {"database": True, "redis": False})
    door.give(replace(context, db=Database(NO_DATABASE)))
    assert ready(door) == (503, {"database": False, "redis": True})


@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_a_database_of_another_revision_is_not_ready(
    door: Door, context: Context, revision: str
) -> None:
    change = text("UPDATE alembic_version SET version_num = :revision RETURNING version_num")
    with context.db.begin() as tx:
        head = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        tx.execute(change, {"revision": revision})
    try:
        assert ready(door) == (503, {"database": False, "redis": True})
    finally:
        with context.db.begin() as tx:
            tx.execute(change, {"revision": head})
    assert ready(door) == (200, {"database": True, "redis": True})


def test_turns_are_counted_by_how_they_ended(door: Door, phone: Phone) -> None:
    shown = door.figure("sarali_turns_total", outcome="shown")
    repeated = door.figure("sarali_turns_total", outcome="repeated")
    phone.dial()
    phone.again()
    assert door.figure("sarali_turns_total", outcome="shown") == shown + 1
    assert door.figure("sarali_turns_total", outcome="repeated") == repeated + 1


def test_what_the_workers_did_is_read_from_the_tables(door: Door, phone: Phone) -> None:
    assert not door.figure("sarali_day_attempts", status="created")
    phone.pay(door.fine())
    assert door.figure("sarali_day_attempts", status="created", operator="orange_mp") == 1


def test_without_a_database_there_are_still_figures(door: Door) -> None:
    door.give(replace(door.context, db=Database(NO_DATABASE)))
    answer = door.request("GET", "/metrics")
    assert answer.status_code == 200
    assert "sarali_turns" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("method", "path"), WRONG_METHODS)
def test_a_wrong_method_is_a_problem(door: Door, method: str, path: str) -> None:
    before = everything(door.context)
    answer = door.request(method, path)
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert everything(door.context) == before


def test_a_wrong_method_is_told_the_right_one(door: Door) -> None:
    """RFC 9110, 15.5.6: a 405 must say what the path allows."""
    assert "POST" in door.request("GET", USSD).headers.get("Allow", "")
    assert "GET" in door.request("POST", "/readyz").headers.get("Allow", "")


@pytest.mark.parametrize("path", NO_SUCH_PATH)
def test_a_path_that_is_none_is_a_problem(door: Door, path: str) -> None:
    answer = door.request("GET", path)
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "status", "detail"}


def test_the_answers_of_every_door_are_hardened(door: Door) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/nothing", "/v/1", "/static/page.css"):
        headers = door.request("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
