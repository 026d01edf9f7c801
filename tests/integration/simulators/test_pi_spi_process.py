"""The simulated participant of PI-SPI as a process of its own, and our connector over HTTP."""

import signal
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.payment import Evidence, Kind, Source
from payments.operators.base import Callback, NoAnswer, Order
from payments.operators.pi_spi import Account, PiSpi
from tests.integration.simulators.doors import open_door
from tests.integration.simulators.driver import START, order_of
from tests.integration.simulators.harness import Simulator, launch, running, wait_for
from ussd_app.transport import Transport

MODULE, PORT = "simulators.pi_spi", "SIM_PI_SPI_PORT"
SECRETS = ("xsk_new", "xsk_old")


def operator_at(simulator: Simulator, timeout: float = 5.0) -> PiSpi:
    account = Account(
        base_url=f"{simulator.url}/piz/v1",
        token_url=f"{simulator.url}/oauth/token",
        client_id="sandbox",
        client_secret="sandbox",
        payee_alias="MLB00_2E4TY",
        callback_token="door",
        callback_secrets=SECRETS,
    )
    return PiSpi(account, timeout=timeout, expiry=20.0)


def order_now(fate: str) -> Order:
    """An order of this moment: the limit for its answer is told to a process with a real clock."""
    return replace(order_of(fate), created_at=datetime.now(UTC))


@pytest.mark.parametrize("secrets", [SECRETS, SECRETS[::-1]], ids=["new", "old"])
def test_a_payment_over_http(secrets: tuple[str, ...]) -> None:
    with (
        open_door() as door,
        running(
            MODULE,
            PORT,
            SIM_PI_SPI_CALLBACK_URL=f"{door.url}/callbacks/pi_spi/door",
            SARALI_PI_SPI_CALLBACK_SECRETS=" ".join(secrets),
        ) as simulator,
    ):
        operator, send, order = operator_at(simulator), Transport(), order_now("00")
        token = operator.read_authorise(send(operator.authorise()))
        assert token is not None
        key = operator.own_key(order)
        reply = send(operator.collect(order, key, token))
        assert operator.read_collect(reply, order) == (Evidence(Kind.PENDING, Source.REPLY),)

        wait_for(lambda: door.rings)
        (ring,) = door.rings
        assert (ring.method, ring.path) == ("POST", "/callbacks/pi_spi/door")
        heard = operator.hear(Callback(ring.headers, ring.body, START))
        assert (heard.genuine, heard.attempt_ids) == (True, (order.attempt_id,))

        answer = send(operator.inquire(order, key, token))
        assert operator.read_inquire(answer, order) == (Evidence(Kind.PENDING, Source.INQUIRY),)
        key = operator.read_key(answer, order) or ""
        answer = send(operator.inquire(order, key, token))
        (paid,) = operator.read_inquire(answer, order)
        assert (paid.kind, paid.francs) == (Kind.PAID, order.francs)


def test_it_ends_at_once_while_a_request_hangs() -> None:
    with running(MODULE, PORT) as own:
        operator, send, order = operator_at(own, timeout=1.0), Transport(), order_now("20")
        token = operator.read_authorise(send(operator.authorise()))
        assert token is not None
        key = operator.own_key(order)
        assert send(operator.collect(order, key, token)) is NoAnswer.LOST
        assert operator.read_inquire(send(operator.inquire(order, key, token)), order)
        asked = time.monotonic()
        own.process.send_signal(signal.SIGTERM)
        assert own.process.wait(timeout=5) == 0
        assert time.monotonic() - asked < 2


def test_a_missing_port_is_said_in_one_line() -> None:
    process = launch(MODULE, **{PORT: ""})
    _, complaint = process.communicate(timeout=15)
    assert process.returncode == 1
    (line,) = complaint.splitlines()
    assert PORT in line
