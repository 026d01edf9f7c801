"""The door of inbound SMS: what is kept, what is answered, what is forgotten."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import text

from tests.integration.web.citizen import Door, rows
from tests.integration.web.correspondent import INBOUND, Correspondent, PostOffice, message, one
from tests.integration.web.outages import NO_DATABASE, NO_REDIS
from tests.integration.web.till import Clock, messages_of
from tests.integration.web.words import words
from ussd_app.store.database import Database
from ussd_app.store.redis import Store
from ussd_app.usecases import answer_inbound, chatter


@pytest.fixture
def awa(door: Door, clock: Clock) -> Correspondent:
    assert door.context.now is clock
    return Correspondent(door, PostOffice(), "+22370000001").employ()


@pytest.mark.parametrize("sender", ["ORANGE", "36789", "118", "Info-Tresor", "22375abc", "+1"])
def test_names_and_short_codes_are_kept_and_never_answered(
    door: Door, awa: Correspondent, sender: str
) -> None:
    body = message(sender, "AIDE", "MO_name", door.context.now())
    assert door.post(INBOUND, body).status_code == 200
    awa.post()
    assert awa.office.carried == []
    assert rows(door.context, "inbound_messages") == 1
    assert rows(door.context, "messages") == 0


def test_our_own_number_is_never_answered(awa: Correspondent) -> None:
    awa.send("AIDE", to="70000001")
    assert awa.post() == []


def test_a_number_without_its_plus_is_a_number(door: Door, awa: Correspondent) -> None:
    for n, sender in enumerate(("22370000001", " 22370000001", "70000001")):
        body = message(sender, "AIDE", f"MO_plus{n}", door.context.now())
        assert door.post(INBOUND, body).status_code == 200
        assert one(awa.post()).startswith(words("answer.help"))


@pytest.mark.parametrize("date", ["2026-11-22 06:04:45", "", "yesterday", "9999-12-31T23:59:59Z"])
def test_any_date_is_taken(awa: Correspondent, date: str) -> None:
    awa.send("AIDE", date=date)
    assert awa.post()


@pytest.mark.parametrize(
    "wrong",
    [{"id": ""}, {"id": "x" * 129}, {"id": "a\x00b"}, {"from": ""}, {"from": "7" * 33},
     {"to": "3" * 33}],
)  # fmt: skip
def test_what_is_no_message_is_refused_for_good(
    door: Door, awa: Correspondent, wrong: dict[str, str]
) -> None:
    fields = {"id": "MO_1", "from": awa.number, "to": "36789"} | wrong
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    answer = door.post(INBOUND, body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert rows(door.context, "inbound_messages") == 0


def test_the_door_takes_one_form_and_one_provider(door: Door, awa: Correspondent) -> None:
    body = message(awa.number, "AIDE", "MO_1", door.context.now())
    assert door.post(INBOUND, body, "text/plain").status_code == 400
    assert door.post("/sms/nobody/inbound", body).status_code == 404
    assert door.post(f"{INBOUND}/anything", body).status_code == 404
    assert door.post(INBOUND, message("+22370000001", "x" * 20_000, "M", door.context.now())
                     ).status_code == 413  # fmt: skip
    assert rows(door.context, "inbound_messages") == 0


def test_a_text_that_carries_anything_at_all_is_answered(door: Door, awa: Correspondent) -> None:
    for strange in ("", " ", "\x00", "🇲🇱", "ߓߊߡߊߣߊ߲ߞߊ߲", "x" * 1500, "1" * 900, "%00", "'; --"):
        awa.send(strange)
        awa.post()
    assert rows(door.context, "inbound_messages") == 9
    with door.context.db.begin() as tx:
        unanswered = text("SELECT count(*) FROM inbound_messages WHERE handled_at IS NULL")
        assert tx.execute(unanswered).scalar_one() == 0


def test_a_message_that_cannot_be_kept_is_asked_for_again(door: Door, awa: Correspondent) -> None:
    body = message(awa.number, "AIDE", "MO_1", door.context.now())
    own = door.context
    door.give(replace(own, db=Database(NO_DATABASE)))
    assert door.post(INBOUND, body).status_code == 503
    door.give(own)
    assert door.post(INBOUND, body).status_code == 200
    assert awa.post()


def test_what_was_typed_is_forgotten_once_answered_and_the_row_after_a_week(
    door: Door, awa: Correspondent
) -> None:
    awa.writes("MENU", "1", "2", "1", "12345678901234A")
    with door.context.db.begin() as tx:
        kept = tx.execute(text("SELECT DISTINCT text FROM inbound_messages")).scalars().all()
    assert kept == [""]
    awa.wait(answer_inbound.KEPT + timedelta(hours=1))
    awa.writes("AIDE")
    assert rows(door.context, "inbound_messages") == 1


def test_no_key_of_the_queue_or_of_redis_names_who_writes(door: Door, awa: Correspondent) -> None:
    awa.writes("AIDE", "MENU", "1")
    with door.context.db.begin() as tx:
        refs = tx.execute(text("SELECT ref FROM outbox")).scalars().all()
    keys = [key.decode() for key in door.context.redis.client.scan_iter()]
    for name in (*refs, *keys):
        assert "70000001" not in name
    assert messages_of(door.context, "answer")


def test_a_day_without_redis_answers_later(door: Door, awa: Correspondent) -> None:
    awa.send("AIDE")
    own = door.context
    door.give(replace(own, redis=Store(NO_REDIS)))
    assert awa.post() == []
    door.give(own)
    awa.wait(timedelta(minutes=2))
    assert one(awa.post()).startswith(words("answer.help"))


def test_trying_again_to_answer_a_message_does_not_make_it_one_too_many(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.send(f"PAYER {bill}")
    with door.context.db.begin() as tx:
        tx.execute(text("ALTER TABLE bills RENAME TO gone"))
    for _ in range(chatter.SAME_AN_HOUR + 1):
        assert awa.post() == []
        awa.wait(timedelta(minutes=2))
    with door.context.db.begin() as tx:
        tx.execute(text("ALTER TABLE gone RENAME TO bills"))
    assert bill in one(awa.post())


def test_who_does_not_know_the_secret_speaks_for_nobody(door: Door, awa: Correspondent) -> None:
    secret = "a secret of thirty-two characters"
    door.give(replace(door.context, sms=replace(door.context.sms, secret=secret)))
    body = message(awa.number, "AIDE", "MO_1", door.context.now())
    for path in (INBOUND, f"{INBOUND}/wrong", f"{INBOUND}/"):
        assert door.post(path, body).status_code == 404
    assert rows(door.context, "inbound_messages") == 0
    assert door.post(f"{INBOUND}/{quote(secret)}", body).status_code == 200
    assert awa.post()


def test_what_cannot_be_answered_for_a_day_holds_nobody_up(door: Door, awa: Correspondent) -> None:
    awa.send("AIDE")
    awa.wait(answer_inbound.GIVE_UP)
    awa.send("MENU")
    assert one(awa.post()).startswith(words("title.language"))
    assert rows(door.context, "inbound_messages") == 2
