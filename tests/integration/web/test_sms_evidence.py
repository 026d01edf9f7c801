"""What is known of a text decides whether it is sent again: reports, doubt, the night, the cost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from simulators.sms_centre.centre import Fault
from sms import notices
from sms.quiet import NIGHT
from tests.integration.web.airwaves import Airwaves
from tests.integration.web.citizen import PROBLEM, Door, everything
from tests.integration.web.till import Clock
from ussd_app.usecases import balance

NUMBER = "+22376000001"
ONE_INFOBIP, ONE_ORANGE = {"infobip": 100}, {"orange": 100}
TOMORROW = timedelta(days=1)


def statuses(airwaves: Airwaves) -> list[tuple[str, str | None]]:
    with airwaves.door.context.db.begin() as tx:
        rows = tx.exec_driver_sql("SELECT status, provider_id FROM messages ORDER BY message_id")
        return [(row.status, row.provider_id) for row in rows]


def tries(airwaves: Airwaves) -> list[tuple[str, str | None]]:
    with airwaves.door.context.db.begin() as tx:
        rows = tx.exec_driver_sql("SELECT provider, outcome FROM sendings ORDER BY sending_id")
        return [(row.provider, row.outcome) for row in rows]


def metrics(door: Door) -> list[str]:
    page = door.request("GET", "/metrics").get_data(as_text=True)
    return [line for line in page.splitlines() if "sms_" in line and not line.startswith("#")]


def test_an_unanswered_text_goes_to_another_provider_than_the_silent_one(
    door: Door, clock: Clock
) -> None:
    airwaves = Airwaves(door, clock, {"infobip": 100, "orange": 0})
    airwaves.centre.expect([Fault.SILENT], "infobip")
    airwaves.tell(NUMBER)
    airwaves.seconds(30)
    assert tries(airwaves) == [("infobip", "unknown"), ("orange", "sent")]
    assert [len(times) for times in airwaves.arrivals().values()] == [1]


@pytest.mark.parametrize("shares", [ONE_INFOBIP, ONE_ORANGE], ids=str)
def test_a_report_of_a_text_whose_sending_was_not_answered_ends_the_doubt(
    door: Door, clock: Clock, shares: dict[str, int]
) -> None:
    (provider,) = shares
    airwaves = Airwaves(door, clock, shares)
    airwaves.centre.expect([Fault.TIMEOUT], provider)
    airwaves.tell(NUMBER)
    airwaves.seconds(1)
    assert [status for status, _ in statuses(airwaves)] == ["unknown"]
    airwaves.seconds(1)
    ((status, provider_id),) = statuses(airwaves)
    assert status == "sent"
    assert provider_id
    airwaves.seconds(60)
    assert tries(airwaves) == [(provider, "unknown")]


def test_a_report_that_comes_while_nobody_looks_is_found_before_the_next_try(
    door: Door, clock: Clock
) -> None:
    """The report may be kept in the moment in which a sending is being given up."""
    airwaves = Airwaves(door, clock, ONE_INFOBIP)
    airwaves.centre.expect([Fault.TIMEOUT], "infobip")
    airwaves.tell(NUMBER)
    airwaves.seconds(2)
    with door.context.db.begin() as tx:
        tx.exec_driver_sql("UPDATE messages SET status = 'unknown', provider_id = NULL")
    airwaves.seconds(60)
    assert tries(airwaves) == [("infobip", "unknown")]
    assert [status for status, _ in statuses(airwaves)] == ["sent"]


def test_where_two_texts_to_a_number_are_in_doubt_nobody_can_tell_which_arrived(
    door: Door, clock: Clock
) -> None:
    airwaves = Airwaves(door, clock, ONE_ORANGE)
    airwaves.centre.expect([Fault.SILENT, Fault.TIMEOUT], "orange")
    for _ in range(2):
        airwaves.tell(NUMBER)
    airwaves.seconds(60)
    assert [status for status, _ in statuses(airwaves)] == ["sent", "sent"]
    assert len(tries(airwaves)) == 4  # both were sent again: a receipt may be read twice


def test_a_report_about_somebody_elses_number_ends_no_doubt(door: Door, clock: Clock) -> None:
    airwaves = Airwaves(door, clock, ONE_ORANGE)
    airwaves.centre.expect([Fault.SILENT], "orange")
    airwaves.tell(NUMBER)
    airwaves.second()
    for address in ("tel:+22376000002", "tel:", "nobody", ""):
        info = f'{{"address": "{address}", "deliveryStatus": "DeliveredToTerminal"}}'
        body = f'{{"deliveryInfoNotification": {{"callbackData": "x", "deliveryInfo": {info}}}}}'
        assert (
            door.post("/sms/orange/delivery", body.encode(), "application/json").status_code == 200
        )
    assert [status for status, _ in statuses(airwaves)] == ["unknown"]


def test_a_text_that_must_not_be_read_twice_waits_for_the_report(
    door: Door, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "ONCE_ONLY", frozenset({"sms.heads_up"}))
    airwaves = Airwaves(door, clock)
    airwaves.reported = False
    for provider in ("infobip", "orange"):
        airwaves.centre.expect([Fault.SILENT], provider)
    airwaves.tell(NUMBER, "sms.heads_up")
    airwaves.seconds(60)
    assert [outcome for _, outcome in tries(airwaves)] == ["unknown"]
    assert statuses(airwaves) == [("unknown", None)]


def test_what_surely_did_not_leave_is_sent_again_however_it_reads(
    door: Door, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "ONCE_ONLY", frozenset({"sms.heads_up"}))
    airwaves = Airwaves(door, clock, {"infobip": 100, "orange": 0})
    airwaves.centre.remain(Fault.DOWN, "infobip")
    airwaves.tell(NUMBER, "sms.heads_up")
    airwaves.seconds(5)
    assert tries(airwaves) == [("infobip", "unknown"), ("orange", "sent")]


def test_at_night_only_what_somebody_waits_for_is_sent(door: Door, clock: Clock) -> None:
    until_night = clock().replace(hour=22, minute=0, second=0) + TOMORROW - clock()
    clock.advance(seconds=until_night.total_seconds())
    airwaves = Airwaves(door, clock, night=NIGHT)
    receipt, reversal = airwaves.tell(NUMBER), airwaves.tell(NUMBER, "sms.reversed")
    airwaves.seconds(3)
    assert set(airwaves.arrivals()) == {receipt}
    clock.advance(hours=7, minutes=59)
    airwaves.seconds(30)
    assert set(airwaves.arrivals()) == {receipt}
    clock.advance(seconds=60)
    airwaves.seconds(3)
    assert set(airwaves.arrivals()) == {receipt, reversal}


def test_segments_and_francs_are_counted_by_provider(door: Door, clock: Clock) -> None:
    airwaves = Airwaves(door, clock, {"infobip": 50, "orange": 50}, price="12.5")
    airwaves.receipts(20)
    airwaves.seconds(2)
    carried = [provider for provider, _ in tries(airwaves)]
    infobip, orange = carried.count("infobip"), carried.count("orange")
    assert min(infobip, orange) > 0
    assert set(metrics(door)) >= {
        f'sarali_day_sms_sendings{{outcome="sent",provider="infobip"}} {infobip}.0',
        f'sarali_day_sms_segments{{provider="infobip"}} {infobip}.0',
        f'sarali_day_sms_segments{{provider="orange"}} {orange}.0',
        f'sarali_day_sms_francs{{provider="infobip"}} {12.5 * infobip}',
        'sarali_sms_weight{provider="infobip"} 50.0',
    }
    assert not [line for line in metrics(door) if "francs" in line and "orange" in line]


def test_other_weights_in_the_configuration_are_taken_over(door: Door, clock: Clock) -> None:
    airwaves = Airwaves(door, clock)
    balance.balance(door.context)
    assert airwaves.weights() == {"infobip": 50, "orange": 50}
    configured = {"infobip": 90, "orange": 10}
    door.give(replace(door.context, sms=replace(door.context.sms, weights=configured)))
    balance.balance(door.context)
    assert airwaves.weights() == configured


def test_a_bearer_is_kept_and_asked_for_anew_when_it_is_refused(door: Door, clock: Clock) -> None:
    airwaves = Airwaves(door, clock, ONE_ORANGE)
    airwaves.receipts(3)
    assert kept(door) == 1
    with door.context.db.begin() as tx:
        tx.exec_driver_sql("UPDATE operator_tokens SET bearer = 'revoked'")
    airwaves.tell(NUMBER)
    airwaves.seconds(10)
    assert len(airwaves.arrivals()) == 4
    assert [outcome for _, outcome in tries(airwaves)] == ["sent"] * 3 + ["unknown", "sent"]


def kept(door: Door) -> int:
    with door.context.db.begin() as tx:
        return int(tx.exec_driver_sql("SELECT count(*) FROM operator_tokens").scalar_one())


@pytest.mark.parametrize("path", ["", "/wrong", "/secret-of-the-door-", "/secret-of-the-doors"])
def test_where_the_door_has_a_secret_nobody_else_reports(
    door: Door, clock: Clock, path: str
) -> None:
    Airwaves(door, clock)
    door.give(replace(door.context, sms=replace(door.context.sms, secret="secret-of-the-door")))
    before = everything(door.context)
    body = b'{"results": [{"messageId": "x", "status": {"groupName": "DELIVERED"}}]}'
    answer = door.post(f"/sms/infobip/delivery{path}", body, "application/json")
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
    assert everything(door.context) == before
    right = door.post("/sms/infobip/delivery/secret-of-the-door", body, "application/json")
    assert right.status_code == 200


def test_a_provider_that_carries_nothing_for_us_has_no_door(door: Door) -> None:
    answer = door.post("/sms/infobip/delivery", b"{}", "application/json")
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
