"""A simulated Wave whose clock the tests move by hand, and our connector calling it."""

import itertools
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from domain.msisdn import Msisdn
from domain.payment import Evidence
from payments.operators.base import (
    NO_TOKEN,
    Answer,
    Callback,
    Heard,
    HttpRequest,
    NoAnswer,
    Order,
    Outcome,
    Prepared,
)
from payments.operators.wave import Account, Wave
from payments.reconciliation import Statement
from simulators.wave import access
from simulators.wave.bank import Bank, Event
from simulators.wave.server import create_app
from simulators.wave.webhooks import Webhook

START = datetime(2026, 11, 22, 3, 10, 4, tzinfo=UTC)
URL = "http://wave.test"
SECRETS = ("whs-new", "whs-old")
PATIENCE, SETTLING = 3.0, 5.0  # seconds
BILL = "4821937028"
ACCOUNT = Account(
    base_url=URL,
    api_key="sandbox",
    return_url="https://sarali.example/retour/{bill_number}",
    callback_token="door",
    callback_secrets=(SECRETS[1],),
)


class HungError(Exception):
    """The simulator is silent on purpose."""


def document(reply: TestResponse) -> dict[str, Any]:
    """Return the JSON object of a reply."""
    found = json.loads(reply.data)
    assert isinstance(found, dict)
    return found


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Ring:
    """One delivery of the webhook, and what we made of it."""

    body: dict[str, Any]
    heard: Heard


def connector(clock: Clock, url: str = URL) -> Wave:
    account = replace(ACCOUNT, base_url=url)
    return Wave(account, timeout=PATIENCE, expiry=20.0, settling=SETTLING, now=clock)


def order(ending: str = "00", attempt: int = 1, francs: int = 3000) -> Order:
    return Order(f"{attempt:032x}", BILL, Msisdn.parse(f"+223761234{ending}"), francs, "", START)


class World:
    """The operator in memory: nothing waits, everything is in order."""

    def __init__(self) -> None:
        self.clock = Clock()
        ids = (f"{n:016X}" for n in itertools.count(1))
        self.bank = Bank(self.clock, lambda: next(ids))
        app = create_app(self.bank, access.Account("sandbox", SECRETS), self._hang)
        app.testing = True
        self.http = app.test_client()
        self.wave = connector(self.clock)
        self.rings: list[Ring] = []
        self._wishes: dict[str, Order] = {}
        self.webhook = Webhook("http://us/door", SECRETS, self.clock, self._hear, lambda _: None)

    def call(self, request: HttpRequest) -> Outcome:
        """Send what the connector wants, as the transport would."""
        path = request.url.removeprefix(URL)
        try:
            response = self.http.open(
                path, method=request.method, headers=dict(request.headers), data=request.body
            )
        except HungError:
            self.clock.sleep(PATIENCE)
            return NoAnswer.LOST
        return Answer(response.status_code, response.data)

    def prepare(self, wish: Order) -> Prepared | None:
        prepared = self.wave.read_prepare(self.call(self.wave.prepare(wish, NO_TOKEN)))
        if prepared is not None:
            self._wishes[prepared.key] = wish
        return prepared

    def inquire(self, key: str) -> tuple[Evidence, ...]:
        wish = self._wishes[key]
        return self.wave.read_inquire(self.call(self.wave.inquire(wish, key, NO_TOKEN)), wish)

    def cancel(self, key: str) -> Outcome:
        return self.call(self.wave.cancel(key, NO_TOKEN))

    def statement(self, since: datetime = START, after: str = "") -> Statement | None:
        return self.wave.read_statement(self.call(self.wave.statement(since, NO_TOKEN, after)))

    def live(self, seconds: float) -> list[Event]:
        """Let time pass, and deliver what rings."""
        self.clock.sleep(seconds)
        events = self.bank.advance()
        for event in events:
            self.webhook.deliver(event)
        return events

    def _hang(self, _seconds: float) -> None:
        raise HungError

    def _hear(self, _url: str, headers: dict[str, str], body: bytes) -> int:
        small = {name.lower(): value for name, value in headers.items()}
        heard = self.wave.hear(Callback(small, body, self.clock()))
        self.rings.append(Ring(json.loads(body), heard))
        return 200
