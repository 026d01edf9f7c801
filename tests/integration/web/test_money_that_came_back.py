"""Money that was taken and given back before anybody had looked: somebody must be told."""

from domain.payment import Evidence, Kind, Source
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import attempts_of, messages_of, paid, taken_back
from ussd_app.usecases import settle

REF = "T1"
CAME_AND_WENT = [
    Evidence(kind, Source.INQUIRY, REF, francs=3000) for kind in (Kind.PAID, Kind.REVERSED)
]


def test_it_is_told_once_that_nothing_is_paid(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    (attempt,) = attempts_of(door.context, number)
    for _ in range(2):
        with door.context.db.begin() as tx:
            settle.record(door.context, tx, attempt, CAME_AND_WENT)
    ((to, words),) = messages_of(door.context)
    assert to == phone.number
    assert "rendu 3 000 F CFA" in words
    assert phone.show(number).startswith(f"CON Amende {number}")


def test_a_receipt_that_is_cancelled_says_it_already(door: Door, phone: Phone) -> None:
    number = door.fine()
    phone.pay(number)
    paid(door.context, number)
    taken_back(door.context, number)
    assert len(messages_of(door.context, "sms.reversed")) == 1
    assert not messages_of(door.context, "sms.returned")
