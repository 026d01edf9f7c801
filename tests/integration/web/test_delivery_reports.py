"""Delivery reports are kept whatever their order or number, and never touch a payment."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from domain.msisdn import Msisdn
from sms import failover
from sms.africastalking import AfricasTalking
from sms.gateway import Sent
from tests.integration.web.citizen import PROBLEM, Door, Phone, everything, rows
from tests.integration.web.outages import NO_DATABASE
from tests.integration.web.till import paid
from ussd_app.store.database import Database
from ussd_app.usecases import drain

DELIVERY = "/sms/africastalking/delivery"


class NumberedGateway(AfricasTalking):
    """The provider, taking everything and giving ids in turn."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1", "sandbox", "sandbox", "SARALI")
        self.taken = 0

    def send(self, to: Msisdn, text: str, key: str = "") -> Sent:
        del to, text, key
        self.taken += 1
        return Sent(f"ATXid_{self.taken}")


def report(provider_id: str, word: str = "Success", **more: str) -> bytes:
    told = {"id": provider_id, "status": word, "phoneNumber": "+22370000001", "retryCount": "0"}
    return urlencode(told | more).encode()


def reports(door: Door) -> list[tuple[str, str, str | None]]:
    with door.context.db.begin() as tx:
        found = tx.execute(
            text("SELECT provider_id, word, reason FROM delivery_reports ORDER BY 1")
        )
        return [(row.provider_id, row.word, row.reason) for row in found]


def send_a_receipt(door: Door, phone: Phone) -> None:
    """Have a bill paid and its receipt handed to the provider as `ATXid_1`."""
    number = door.fine()
    phone.pay(number)
    paid(door.context, number)
    drain.drain(replace(door.context, sms=failover.alone(NumberedGateway())))


def test_a_report_after_the_sending_is_kept(door: Door, phone: Phone) -> None:
    send_a_receipt(door, phone)
    before = everything(door.context)
    assert door.post(DELIVERY, report("ATXid_1")).status_code == 200
    after = everything(door.context)
    assert reports(door) == [("ATXid_1", "Success", None)]
    assert {name for name in after if after[name] != before[name]} == {"delivery_reports"}


def test_a_report_before_we_know_the_sending_is_kept(door: Door, phone: Phone) -> None:
    assert door.post(DELIVERY, report("ATXid_1")).status_code == 200
    send_a_receipt(door, phone)
    with door.context.db.begin() as tx:
        joined = text("SELECT word FROM messages JOIN delivery_reports USING (provider_id)")
        assert tx.execute(joined).scalars().all() == ["Success"]


def test_a_report_of_a_message_that_is_not_ours_changes_nothing(door: Door) -> None:
    before = everything(door.context)
    assert door.post(DELIVERY, report("somebody else's")).status_code == 200
    after = everything(door.context)
    assert {name for name in after if after[name] != before[name]} == {"delivery_reports"}


def test_a_report_told_again_is_kept_once(door: Door) -> None:
    for _ in range(3):
        assert door.post(DELIVERY, report("ATXid_1")).status_code == 200
    assert len(reports(door)) == 1


def test_what_follows_another_report_is_kept_too(door: Door) -> None:
    for word in ("Buffered", "Failed", "Success", "a word nobody documents"):
        assert door.post(DELIVERY, report("ATXid_1", word)).status_code == 200
    assert {word for _, word, _ in reports(door)} == {
        "Buffered", "Failed", "Success", "a word nobody documents",
    }  # fmt: skip


def test_the_reason_of_a_failure_is_kept(door: Door) -> None:
    assert (
        door.post(DELIVERY, report("ATXid_1", "Failed", failureReason="x" * 200)).status_code == 200
    )
    ((_, _, reason),) = reports(door)
    assert reason
    assert set(reason) == {"x"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"status=Success",
        b"id=ATXid_1",
        b"id=&status=Success",
        b"id=ATXid_1&status=",
        b'{"id": "ATXid_1", "status": "Success"}',
        report("x" * 129),
        report("ATXid_1", "x" * 129),
        report("ATXid\x00_1"),
        report("ATXid_1", "Success\x00"),
        report("ATXid_1", "Failed", failureReason="\x00"),
    ],
)
def test_what_is_no_report_is_refused_for_good(door: Door, body: bytes) -> None:
    before = everything(door.context)
    answer = door.post(DELIVERY, body)
    assert (answer.status_code, answer.mimetype) == (400, PROBLEM)
    assert everything(door.context) == before


def test_a_report_too_large_is_refused(door: Door) -> None:
    answer = door.post(DELIVERY, report("ATXid_1", more="x" * 5_000))
    assert (answer.status_code, answer.mimetype) == (413, PROBLEM)
    assert not rows(door.context, "delivery_reports")


def test_a_report_that_cannot_be_kept_is_asked_for_again(door: Door) -> None:
    door.give(replace(door.context, db=Database(NO_DATABASE)))
    answer = door.post(DELIVERY, report("ATXid_1"))
    assert (answer.status_code, answer.mimetype) == (503, PROBLEM)
