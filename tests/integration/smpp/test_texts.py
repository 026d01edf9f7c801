"""SMS that we send over SMPP, and their receipts, against the simulated centre."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text as sql

from domain.msisdn import Msisdn
from smpp.pdu import Address
from sms.gateway import Refused, Result, Sent, Unknown
from tests.integration.simulators.harness import wait_for
from tests.integration.smpp.holding import holding
from tests.integration.smpp.telephone import Centre, Handset, open_centre
from tests.integration.web.citizen import Door
from ussd_app.links.sending import Sender, serve
from ussd_app.links.session import Session
from ussd_app.store.dispatch import Dispatch, SmppGateway

SENDER = Address("SARALI", 5)
PLAIN = "Recu 4821937028: 3 000 F CFA"
TEXTS = {
    "one message": PLAIN,
    "extension letters on the seam": "a" * 152 + "€" * 20,
    "three parts": "Ligne [1] {2}\n" * 30,
    "another alphabet": "Sàrali ɲɛ ɔ: " * 4,
    "another alphabet in parts": "ߒߞߏ 😀 " * 30,
}


@pytest.fixture
def sender(session: Session) -> Sender:
    return Sender(session, SENDER)


@contextmanager
def dispatching(door: Door, session: Session) -> Iterator[Dispatch]:
    """Serve the wishes of workers until the block ends."""
    stopped, dispatch = threading.Event(), Dispatch(door.context.redis)
    about = (dispatch, session, Sender(session, SENDER), stopped)
    thread = threading.Thread(target=serve, args=about)
    thread.start()
    try:
        yield dispatch
    finally:
        stopped.set()
        thread.join(timeout=10)


def reports_of(door: Door) -> list[tuple[str, str]]:
    """The delivery reports that were kept: the message and the word."""
    with door.context.db.begin() as tx:
        rows = tx.execute(sql("SELECT provider_id, word FROM delivery_reports ORDER BY 1, 2"))
        return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_arrives_as_it_was_written(
    centre: Centre, handset: Handset, sender: Sender, text: str
) -> None:
    result = sender.send(f"+{handset.number}", text)
    assert isinstance(result, Sent)
    assert centre.texts(handset.number) == [text]


@pytest.mark.parametrize("fault", ["throttle", "full", "delay"])
def test_a_centre_that_asks_for_patience_gets_the_text_once(
    centre: Centre, handset: Handset, sender: Sender, fault: str
) -> None:
    centre.expect(fault)
    assert isinstance(sender.send(handset.number, PLAIN), Sent)
    assert centre.texts(handset.number) == [PLAIN]


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [("drop_before", []), ("drop_after", [PLAIN]), ("silent", [PLAIN])],
)
def test_a_text_without_an_answer_is_unknown_and_not_sent_again(
    centre: Centre, session: Session, handset: Handset, fault: str, arrives: list[str]
) -> None:
    sender, before = Sender(session, SENDER), centre.submits()
    centre.expect(fault)
    result = sender.send(handset.number, PLAIN)
    assert isinstance(result, Unknown)
    assert result.left
    wait_for(lambda: session.is_bound)
    assert centre.texts(handset.number) == arrives
    assert centre.submits() == before + 1


def test_a_number_that_does_not_exist_is_refused(
    centre: Centre, handset: Handset, sender: Sender
) -> None:
    centre.expect("refuse")
    assert isinstance(sender.send(handset.number, PLAIN), Refused)
    assert centre.texts(handset.number) == []


def test_without_a_link_nothing_has_left(
    centre: Centre, session: Session, handset: Handset
) -> None:
    session.stop()
    wait_for(lambda: not centre.bound())
    result = Sender(session, SENDER).send(handset.number, PLAIN)
    assert isinstance(result, Unknown)
    assert not result.left


@pytest.mark.parametrize("fault", ["", "receipt_twice", "receipt_late", "receipt_first"])
def test_a_receipt_is_kept_once(
    door: Door, centre: Centre, handset: Handset, sender: Sender, fault: str
) -> None:
    centre.expect(*filter(None, [fault]))
    result = sender.send(handset.number, TEXTS["three parts"])
    assert isinstance(result, Sent)
    wait_for(lambda: reports_of(door))
    assert {word for _, word in reports_of(door)} == {"DELIVRD"}
    assert (result.provider_id, "DELIVRD") in reports_of(door)


def test_receipts_may_come_as_parameters(door: Door) -> None:
    with (
        open_centre(SIM_SMSC_RECEIPTS="parameters") as centre,
        holding(door, centre) as session,
    ):
        result = Sender(session, SENDER).send(Handset(centre).number, PLAIN)
        assert isinstance(result, Sent)
        wait_for(lambda: reports_of(door) == [(result.provider_id, "DELIVRD")])


def send(door: Door, handset: Handset, key: str) -> Result:
    """Send a text as a worker does, which holds no link."""
    gateway = SmppGateway(door.context.redis, None, patience=4.0)
    return gateway.send(Msisdn.parse(f"+{handset.number}"), PLAIN, key)


def test_a_worker_sends_by_the_process_that_holds_the_link(
    door: Door, centre: Centre, handset: Handset, session: Session
) -> None:
    with dispatching(door, session):
        wait_for(lambda: door.context.redis.client.exists("smpp-held"))
        result = send(door, handset, "first")
        assert isinstance(result, Sent)
        assert centre.texts(handset.number) == [PLAIN]
        centre.expect("refuse")
        assert isinstance(send(door, handset, "second"), Refused)
        centre.expect("drop_after")
        assert send(door, handset, "third") == Unknown("no answer", left=True)
    assert centre.texts(handset.number) == [PLAIN] * 2


def test_bad_moments_of_redis_leave_the_link_at_work(
    door: Door, centre: Centre, handset: Handset, session: Session
) -> None:
    client = door.context.redis.client

    def failed() -> int:
        return int(client.info("commandstats").get("cmdstat_blpop", {}).get("failed_calls", 0))

    before = failed()
    client.set("smpp-wishes", "no list")
    with dispatching(door, session):
        wait_for(lambda: failed() > before + 10)
        client.delete("smpp-wishes")
        assert isinstance(send(door, handset, "after them"), Sent)
    assert centre.texts(handset.number) == [PLAIN]


def test_the_words_of_a_worker_that_died_do_not_stay(door: Door, handset: Handset) -> None:
    client = door.context.redis.client
    Dispatch(door.context.redis).hold()  # and takes nothing up
    worker = threading.Thread(target=send, args=(door, handset, "a sending"))
    worker.start()
    wait_for(lambda: client.exists("smpp-wishes"))
    wait_for(lambda: client.ttl("smpp-wishes") > 0)
    worker.join()


def test_a_worker_knows_that_a_text_has_not_left(
    door: Door, centre: Centre, handset: Handset
) -> None:
    assert send(door, handset, "nobody holds a link") == Unknown("no link", left=False)
    Dispatch(door.context.redis).hold()  # and dies
    assert send(door, handset, "nobody answers") == Unknown("no answer", left=False)
    assert not door.context.redis.client.exists("smpp-wishes")
    assert not centre.texts(handset.number)
