"""A citizen who writes SMS, and the provider that carries them both ways.

What is written goes through the HTTP door; `post` lets the workers answer and the provider carry
the answers, so that a test says when that is.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Self
from urllib.parse import urlencode

from domain.msisdn import Msisdn
from sms import failover
from sms.africastalking import AfricasTalking
from sms.gateway import Refused, Sent, Unknown
from tests.integration.web.citizen import Door
from ussd_app.usecases import drain

INBOUND = "/sms/africastalking/inbound"
OURS = "36789"
READING = timedelta(seconds=20)
IDS = count(1)


class PostOffice(AfricasTalking):
    """The provider: it keeps what it carries, unless something else is to befall it."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1", "sandbox", "sandbox", "SARALI")
        self.carried: list[tuple[str, str]] = []
        self.fates: list[Refused | Unknown] = []

    def send(self, to: Msisdn, text: str, key: str = "") -> Sent | Refused | Unknown:
        del key
        if self.fates:
            return self.fates.pop(0)
        self.carried.append((to.e164, text))
        return Sent(f"ATXid_{len(self.carried)}")


class Correspondent:
    """Somebody who writes to us. `read` is how many of the messages to them were looked at."""

    def __init__(self, door: Door, office: PostOffice, number: str) -> None:
        self.number = number
        self.office = office
        self._door = door
        self._read = 0

    def employ(self) -> Self:
        """Let the application send by this provider."""
        door = self._door
        door.give(replace(door.context, sms=failover.alone(self.office)))
        return self

    def writes(self, *texts: str) -> list[str]:
        """Write one message after the other, reading what comes; return what came to the last."""
        came: list[str] = []
        for text in texts:
            self.send(text)
            came = self.post()
            self.wait(READING)
        return came

    def send(
        self, text: str, provider_id: str = "", at: datetime | None = None, **more: str
    ) -> str:
        """Have a message brought, without waiting for an answer; return its id."""
        provider_id = provider_id or f"MO_{next(IDS)}"
        instant = at or self._door.context.now()
        body = message(self.number, text, provider_id, instant, **more)
        assert self._door.post(INBOUND, body).status_code == 200
        return provider_id

    def post(self) -> list[str]:
        """Let the workers do all that is due; return what came since the last look."""
        drain.drain(self._door.context, threads=1)
        mine = [text for to, text in self.office.carried if to == self.number]
        new, self._read = mine[self._read :], len(mine)
        return new

    def wait(self, passed: timedelta) -> None:
        """Let time go by, where the clock is in the test's hand."""
        advance: Callable[..., None] | None = getattr(self._door.context.now, "advance", None)
        if advance is not None:
            advance(seconds=passed.total_seconds())


def message(number: str, text: str, provider_id: str, at: datetime, **more: str) -> bytes:
    """The body of one inbound message."""
    fields = {
        "date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "from": number,
        "to": OURS,
        "text": text,
        "id": provider_id,
        "linkId": "",
        "networkCode": "61001",
    }
    return urlencode(fields | more).encode()


def one(came: Sequence[str]) -> str:
    """The one message that came."""
    assert len(came) == 1, came
    return came[0]
