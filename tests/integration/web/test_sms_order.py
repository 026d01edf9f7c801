"""SMS that come twice, late, in the wrong order or to what nobody has read: nothing is paid."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from sms.gateway import Refused, Unknown
from tests.integration.web.citizen import Door, at_once, rows
from tests.integration.web.correspondent import Correspondent, PostOffice, one
from tests.integration.web.outages import going_back
from tests.integration.web.till import Clock, attempts_of
from tests.integration.web.words import confirm, words
from ussd_app.usecases import drain
from ussd_app.usecases.correspond import WINDOW

PAID_BY = words("pay.sent", wallet_name="Orange Money")


def screen(first_words: str) -> str:
    return first_words.removeprefix("CON ").removeprefix("END ")


@pytest.fixture
def awa(door: Door, clock: Clock) -> Correspondent:
    """A subscriber who never wrote before; the clock is in the test's hand."""
    assert door.context.now is clock
    return Correspondent(door, PostOffice(), "+22370000001").employ()


def outcomes(door: Door) -> list[str]:
    with door.context.db.begin() as tx:
        found = tx.execute(text("SELECT outcome FROM inbound_messages ORDER BY inbound_id"))
        return list(found.scalars())


def test_a_message_brought_again_does_nothing_twice(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    for body, expected in ((f"payer {bill}", screen(confirm(bill))), ("1", screen(PAID_BY))):
        first = awa.send(body)
        awa.send(body, first)
        assert one(awa.post()).startswith(expected)
        awa.send(body, first)
        assert awa.post() == []
        awa.wait(timedelta(seconds=20))
    assert len(attempts_of(door.context, bill)) == 1


def test_a_message_worked_on_again_after_a_death_does_nothing_twice(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    awa.send("1")
    awa.post()
    with door.context.db.begin() as tx:  # the worker died before it could write that it was done
        tx.execute(
            text(
                "UPDATE inbound_messages SET handled_at = NULL, outcome = NULL, session_id = NULL,"
                " ends = false, text = '1' WHERE inbound_id = 2"
            )
        )
        tx.execute(text("UPDATE outbox SET due_at = now() - interval '1 day' WHERE kind='inbound'"))
    assert awa.post() == []
    assert outcomes(door) == ["shown", "ended"]
    assert len(attempts_of(door.context, bill)) == 1


def test_a_one_ten_minutes_later_pays_nothing_and_shows_where_one_stands(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    awa.wait(timedelta(minutes=9))
    shown = one(awa.writes("1"))
    assert shown.startswith(words("greet.resume"))
    assert not attempts_of(door.context, bill)
    assert one(awa.writes("1")).startswith(screen(confirm(bill)))
    assert one(awa.writes("1")).startswith(screen(PAID_BY))
    assert len(attempts_of(door.context, bill)) == 1


def test_a_one_that_the_network_kept_for_ten_minutes_pays_nothing(
    door: Door, awa: Correspondent
) -> None:
    first, second = door.fine(), door.fine()
    awa.writes(f"PAYER {first}")
    typed_at = door.context.now()
    awa.wait(timedelta(minutes=10))
    awa.writes(f"PAYER {second}")
    awa.send("1", at=typed_at)
    awa.post()
    assert not attempts_of(door.context, first)
    assert not attempts_of(door.context, second)


def test_what_was_typed_before_the_confirmation_had_left_pays_nothing(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    typed_at = door.context.now() - timedelta(seconds=5)
    (shown,) = awa.writes(f"PAYER {bill}")
    awa.send("1", at=typed_at)
    assert awa.post() == [shown]
    assert not attempts_of(door.context, bill)
    assert outcomes(door) == ["shown", "shown_again"]
    awa.wait(timedelta(seconds=20))
    assert one(awa.writes("1")).startswith(screen(PAID_BY))


def test_two_answers_in_the_wrong_order_pay_nothing(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    now = door.context.now()
    awa.send("1", at=now)
    awa.send(f"PAYER {bill}", at=now - timedelta(seconds=3))
    assert awa.post()[-1].startswith(screen(confirm(bill)))
    assert not attempts_of(door.context, bill)


def test_a_bill_and_its_answer_at_once_show_the_bill_once_and_pay_nothing(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.send(f"PAYER {bill}")
    awa.send("1")
    assert one(awa.post()).startswith(screen(confirm(bill)))
    assert outcomes(door) == ["shown", "early"]
    assert not attempts_of(door.context, bill)


def test_a_one_typed_twice_pays_once_and_is_answered_once(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    awa.send("1")
    awa.send("1")
    assert one(awa.post()).startswith(screen(PAID_BY))
    assert len(attempts_of(door.context, bill)) == 1


def test_a_last_word_that_never_left_does_not_silence_what_is_written_later(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    awa.office.fates.append(Refused("not now"))
    assert awa.writes("1") == []
    awa.wait(WINDOW)
    awa.writes("1")
    assert outcomes(door) == ["shown", "ended", "shown"]
    assert len(attempts_of(door.context, bill)) == 1


@pytest.mark.parametrize("fate", [Unknown("timeout"), Refused("code 406")])
def test_a_confirmation_that_may_not_have_left_cannot_be_answered(
    door: Door, awa: Correspondent, fate: Unknown | Refused
) -> None:
    bill = door.fine()
    awa.office.fates = [fate]
    assert awa.writes(f"PAYER {bill}") == []
    awa.office.fates = []
    awa.writes("1")
    assert not attempts_of(door.context, bill)  # though a copy has left by now: nobody has read it
    assert awa.office.carried[-1][1].startswith(screen(confirm(bill)))
    assert one(awa.writes("1")).startswith(screen(PAID_BY))


def test_a_confirmation_that_never_arrived_is_sent_again_and_not_paid(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    (shown,) = awa.writes(f"PAYER {bill}")
    failed = b"id=ATXid_1&status=Failed&failureReason=DeliveryFailure"
    assert door.post("/sms/africastalking/delivery", failed).status_code == 200
    assert awa.writes("1") == [shown]
    assert not attempts_of(door.context, bill)
    assert one(awa.writes("1")).startswith(screen(PAID_BY))


def test_without_a_session_in_redis_an_answer_pays_nothing(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    door.context.redis.client.flushall()
    assert one(awa.writes("1")).startswith(words("greet.resume"))
    assert not attempts_of(door.context, bill)


def test_a_confirmation_that_redis_has_gone_back_to_pays_nothing_unread(
    door: Door, awa: Correspondent
) -> None:
    refused, wanted = door.fine(), door.fine()
    awa.writes("MENU", "1", "1")
    assert refused in one(awa.writes(refused))
    with going_back(door.context) as go_back:
        assert wanted in one(awa.writes("0", wanted))
        go_back()
        awa.writes("1")
    assert not attempts_of(door.context, refused)


def test_the_window_is_no_longer_than_a_session_lives() -> None:
    assert timedelta(minutes=2) <= WINDOW <= timedelta(minutes=10)


def test_many_workers_and_many_ones_make_one_payment(door: Door, awa: Correspondent) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    for _ in range(8):
        awa.send("1")
    at_once([lambda: str(drain.drain(door.context, threads=2))] * 4)
    assert len(attempts_of(door.context, bill)) == 1
    assert len([out for out in outcomes(door) if out == "ended"]) == 1
    assert len(awa.post()) == 1


def test_a_message_brought_by_many_at_once_is_kept_once(door: Door, awa: Correspondent) -> None:
    at_once([lambda: awa.send("AIDE", "MO_same")] * 8)
    assert rows(door.context, "inbound_messages") == 1
    assert len(awa.post()) == 1


def test_a_bill_that_changed_meanwhile_is_shown_again_and_not_paid(
    door: Door, awa: Correspondent
) -> None:
    bill = door.fine()
    awa.writes(f"PAYER {bill}")
    with door.context.db.begin() as tx:
        tx.execute(text("UPDATE bills SET francs = francs + 500, version = version + 1"))
    assert "3 500 F CFA" in one(awa.writes("1"))
    assert not attempts_of(door.context, bill)
    assert one(awa.writes("1")).startswith(screen(PAID_BY))
