"""The gateway of each provider against a real process: taken, refused, or not known."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from domain.msisdn import Msisdn
from sms.gateway import Refused, Sent, Unknown
from tests.contract.sms.wire import GATEWAYS, Line
from tests.integration.simulators.harness import Simulator, free_port, running, wait_for

MODULE = "simulators.sms_centre"
RECEIPT = (
    "REÇU Trésor Public: Copie acte mariage 4821937028, 90 000 F CFA payé le 22/11/26 23:59 par "
    "****1234. Vérif: *789*9*4821937028482161# Abus: 80 00 22 22"
)
ALPHABET = (
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


class Centre:
    """The simulated centre's doors."""

    def __init__(self, url: str, provider: str) -> None:
        self.url = url
        self._provider = provider

    def outbox(self, to: Msisdn) -> list[dict[str, Any]]:
        messages = requests.get(f"{self.url}/outbox", params={"to": to.e164}, timeout=5).json()
        assert isinstance(messages, list)
        return messages

    def texts(self, to: Msisdn) -> list[str]:
        return [message["text"] for message in self.outbox(to)]

    def expect(self, *faults: str) -> None:
        wish = {"next": faults, "provider": self._provider}
        reply = requests.post(f"{self.url}/sandbox/faults", json=wish, timeout=5)
        assert reply.status_code == 200

    def up(self) -> None:
        reply = requests.post(f"{self.url}/sandbox/faults", json={"up": True}, timeout=5)
        assert reply.status_code == 200


@pytest.fixture(scope="module", params=list(GATEWAYS))
def world(request: pytest.FixtureRequest) -> Iterator[tuple[str, Simulator]]:
    with running(MODULE, "SIM_SMS_PORT", SIM_SMS_DELIVERY_URL="") as process:
        yield request.param, process


@pytest.fixture
def centre(world: tuple[str, Simulator]) -> Iterator[Centre]:
    centre = Centre(world[1].url, world[0])
    yield centre
    centre.up()


@pytest.fixture
def gateway(world: tuple[str, Simulator]) -> Line:
    name, process = world
    return Line(GATEWAYS[name](process.url, "sandbox"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+22376000001", RECEIPT),
        ("+22376000002", ALPHABET),
        ("+22376000003", "une ligne\nune autre & deux = trois + quatre % %2B"),
        ("+22376000004", "a" * 160),
        ("+22376000005", " "),
    ],
)
def test_a_text_that_is_taken_arrives_as_it_left(
    gateway: Line, centre: Centre, number: str, text: str
) -> None:
    to = Msisdn(number)
    sent = gateway.send(to, text)
    assert isinstance(sent, Sent)
    assert sent.provider_id
    wait_for(lambda: centre.outbox(to))
    (message,) = centre.outbox(to)
    assert (message["to"], message["from"], message["text"]) == (number, "SARALI", text)
    assert message["encoding"] == "GSM-7"


def test_two_messages_have_two_names(gateway: Line) -> None:
    to = Msisdn("+22376000010")
    assert gateway.send(to, RECEIPT) != gateway.send(to, RECEIPT)


def test_a_citizen_who_wants_no_messages_is_a_refusal(gateway: Line, centre: Centre) -> None:
    to = Msisdn("+22376000011")
    centre.expect("reject")
    refused = gateway.send(to, "first")
    assert isinstance(refused, Refused)
    assert refused.reason
    assert isinstance(gateway.send(to, "second"), Sent)
    wait_for(lambda: centre.outbox(to))
    assert centre.texts(to) == ["second"]


def test_a_broken_provider_is_not_known_and_the_next_try_passes(
    gateway: Line, centre: Centre
) -> None:
    to = Msisdn("+22376000012")
    centre.expect("500")
    assert isinstance(gateway.send(to, RECEIPT), Unknown)
    assert isinstance(gateway.send(to, RECEIPT), Sent)


def test_a_provider_that_is_down_is_not_known_until_it_is_up(gateway: Line, centre: Centre) -> None:
    to = Msisdn("+22376000013")
    centre.expect("down")
    assert all(isinstance(gateway.send(to, RECEIPT), Unknown) for _ in range(3))
    centre.up()
    assert isinstance(gateway.send(to, RECEIPT), Sent)


def test_a_timeout_is_not_known_for_the_message_may_have_left(
    gateway: Line, centre: Centre
) -> None:
    to = Msisdn("+22376000014")
    centre.expect("timeout")
    assert isinstance(gateway.send(to, RECEIPT), Unknown)
    wait_for(lambda: centre.outbox(to))
    assert centre.texts(to) == [RECEIPT]


def test_silence_is_not_known_though_nothing_has_left(gateway: Line, centre: Centre) -> None:
    to = Msisdn("+22376000017")
    centre.expect("silent")
    outcome = gateway.send(to, RECEIPT)
    assert isinstance(outcome, Unknown)
    assert outcome.left
    assert centre.texts(to) == []


def test_what_nobody_took_cannot_have_left(gateway: Line, centre: Centre) -> None:
    centre.expect("down")
    for _ in range(2):
        outcome = gateway.send(Msisdn("+22376000018"), RECEIPT)
        assert isinstance(outcome, Unknown)
        assert not outcome.left or gateway.provider.code == "africastalking"  # its SDK says no code


def test_a_key_of_ours_that_is_wrong_refuses_no_message(world: tuple[str, Simulator]) -> None:
    name, process = world
    stranger = Line(GATEWAYS[name](process.url, "stolen"))
    assert isinstance(stranger.send(Msisdn("+22376000015"), RECEIPT), Unknown)


@pytest.mark.parametrize("name", list(GATEWAYS))
def test_where_nobody_listens_nothing_is_known(name: str) -> None:
    lost = Line(GATEWAYS[name](f"http://127.0.0.1:{free_port()}", "sandbox"))
    assert isinstance(lost.send(Msisdn("+22376000016"), RECEIPT), Unknown)


@pytest.mark.parametrize("name", list(GATEWAYS))
def test_what_is_not_known_says_why_without_a_number_a_text_or_a_key(name: str) -> None:
    port = free_port()
    lost = Line(GATEWAYS[name](f"http://127.0.0.1:{port}", "key-5d41402a"))
    outcome = lost.send(Msisdn("+22376001234"), RECEIPT)
    assert isinstance(outcome, Unknown)
    assert outcome.reason
    for shown in (repr(outcome), repr(lost.provider)):
        assert not [word for word in ("7600", "4821937028", "key-5d41402a") if word in shown]
