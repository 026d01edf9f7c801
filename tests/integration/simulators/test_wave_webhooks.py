"""What the simulated Wave signs, how often it knocks, and who is heard at our door."""

from dataclasses import replace

from payments.operators.base import Callback
from payments.operators.wave import Wave
from simulators.postman import PAUSES
from simulators.wave.bank import Event
from simulators.wave.webhooks import Webhook, sign
from tests.integration.simulators.wave_world import ACCOUNT, SECRETS, START, Clock

EVENT = Event("EV_1", "checkout.session.completed", {"id": "cos-1"})


def test_a_signature_is_of_the_timestamp_and_the_body_without_a_separator() -> None:
    # As `printf '1639081943{}' | openssl dgst -sha256 -hmac s1` says, and the same with s2.
    assert sign(("s1", "s2"), 1639081943, b"{}") == (
        "t=1639081943"
        ",v1=c655433b0f7cfcd4e54c403815325dcc22c0fd6a09f7621237d5790db90b1373"
        ",v1=8ecc92f2e45171837e4ea2544fe2acb39fd2328ef84a3318307ec256bba3a5a7"
    )


def test_a_delivery_is_repeated_until_it_is_heard_with_the_same_event() -> None:
    clock, sent, waits = Clock(), list[tuple[str, bytes]](), list[float]()

    def send(_url: str, headers: dict[str, str], body: bytes) -> int:
        sent.append((headers["Wave-Signature"], body))
        return (0, 503, 202, 200)[len(sent) - 1]

    def pause(seconds: float) -> None:
        waits.append(seconds)
        clock.sleep(seconds)

    Webhook("http://us/", SECRETS, clock, send, pause).deliver(EVENT)
    assert tuple(waits) == PAUSES
    assert len({body for _, body in sent}) == 1
    assert len({signature for signature, _ in sent}) == len(sent) == 3


def tries_of(event: Event) -> int:
    """How often `event` is sent to a door that refuses it."""
    sent: list[bytes] = []

    def send(_url: str, _headers: dict[str, str], body: bytes) -> int:
        sent.append(body)
        return 500

    Webhook("http://us/", SECRETS, Clock(), send, lambda _seconds: None).deliver(event)
    return len(sent)


def test_a_delivery_nobody_hears_is_given_up() -> None:
    assert tries_of(EVENT) == len(PAUSES)


def test_a_thief_knocks_once() -> None:
    assert tries_of(Event("EV_2", "checkout.session.completed", {}, forged=True)) == 1


def test_an_account_without_a_door_or_a_secret_has_none() -> None:
    """What is not configured is closed, not open to whoever sends nothing."""
    shut = replace(ACCOUNT, callback_token="", callback_secrets=("",))
    wave = Wave(shut, timeout=3.0, expiry=20.0, settling=5.0, now=Clock())
    assert not wave.is_door("")
    header = sign(("",), int(START.timestamp()), b"{}")
    assert not wave.hear(Callback({"wave-signature": header}, b"{}", START)).genuine
