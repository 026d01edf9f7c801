"""The GSMA's simulated operator as a process of its own, and our connector over real HTTP."""

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.payment import Evidence, Kind, Source
from payments.operators.base import Answer, NoAnswer
from payments.operators.gsma import Account, Gsma
from tests.integration.simulators.doors import Door, open_door
from tests.integration.simulators.driver import order_of
from tests.integration.simulators.harness import Simulator, launch, running, wait_for
from ussd_app.transport import Transport

MODULE, PORT = "simulators.gsma", "SIM_GSMA_PORT"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running(MODULE, PORT) as process:
        yield process


@pytest.fixture
def door() -> Iterator[Door]:
    with open_door() as opened:
        yield opened


def operator_at(simulator: Simulator, timeout: float = 5.0) -> Gsma:
    account = Account(
        base_url=f"{simulator.url}/v1.2/mm",
        token_url=f"{simulator.url}/oauth/accesstoken",
        client_id="sandbox",
        client_secret="sandbox",
        api_key="sandbox",
        payee_type="organisationid",
        payee="TRESOR",
    )
    return Gsma(account, timeout=timeout, expiry=20.0)


def test_a_payment_over_http(simulator: Simulator, door: Door) -> None:
    operator, send = operator_at(simulator), Transport()
    token = operator.read_authorise(send(operator.authorise()))
    assert token is not None
    order = replace(order_of("00"), callback_url=f"{door.url}/callbacks/7")
    key = operator.own_key(order)
    reply = send(operator.collect(order, key, token))
    assert operator.read_collect(reply, order) == (Evidence(Kind.PENDING, Source.REPLY),)

    wait_for(lambda: door.rings)
    (ring,) = door.rings
    assert (ring.method, ring.path) == ("PUT", "/callbacks/7")
    assert ring.headers["x-correlationid"] == key
    ref = json.loads(ring.body)["transactionReference"]
    where = operator.read_key(reply, order)
    assert where is not None
    answer = send(operator.inquire(order, where, token))
    where = operator.read_key(answer, order)
    assert where == f"transactions/{ref}"
    paid = operator.read_inquire(send(operator.inquire(order, where, token)), order)
    assert paid == (Evidence(Kind.PAID, Source.INQUIRY, ref, order.francs),)


def test_it_ends_at_once_while_a_request_hangs() -> None:
    with running(MODULE, PORT) as own:
        operator, send = operator_at(own, timeout=1.0), Transport()
        token = operator.read_authorise(send(operator.authorise()))
        assert token is not None
        order = order_of("20")
        outcome = send(operator.collect(order, operator.own_key(order), token))
        assert outcome is NoAnswer.LOST
        assert isinstance(send(operator.inquire(order, "transactions/none", token)), Answer)
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
