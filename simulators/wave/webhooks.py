"""The account's webhook: signed, and posted again until it is heard, three times at most.

    Wave-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]

A v1 is HMAC-SHA256(secret, timestamp + body), one for each active secret. A delivery that is not
answered 2xx is repeated with the same event and a new timestamp, as an operator does that counts
on nobody's memory.
"""

import hmac
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from simulators.postman import PAUSES, Letter, apart, deliver
from simulators.wave.bank import Event

_FORGER = "the-thief-s-own-secret"

Send = Callable[[str, dict[str, str], bytes], int]


def send(url: str, headers: dict[str, str], body: bytes) -> int:
    return deliver(Letter("POST", url, body, headers))


def sign(secrets: Sequence[str], timestamp: int, body: bytes) -> str:
    """Return the Wave-Signature of `body` under each of `secrets`."""
    message = str(timestamp).encode() + body
    hashes = (hmac.new(secret.encode(), message, "sha256").hexdigest() for secret in secrets)
    return ",".join([f"t={timestamp}", *(f"v1={one}" for one in hashes)])


class Webhook:
    """Where the account's events go; an empty `url` is an account without a webhook."""

    def __init__(
        self,
        url: str,
        secrets: Sequence[str],
        clock: Callable[[], datetime],
        send: Send = send,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._secrets = tuple(secrets)
        self._clock = clock
        self._send = send
        self._pause = pause

    def post(self, event: Event) -> None:
        """Send `event` from a thread of its own, and return at once."""
        if self._url:
            apart(lambda: self.deliver(event))

    def deliver(self, event: Event) -> None:
        """Send `event` until it is heard; a thief knocks only once."""
        body = json.dumps({"id": event.id, "type": event.type, "data": event.data}).encode()
        secrets = (_FORGER,) if event.forged else self._secrets
        for wait in PAUSES[:1] if event.forged else PAUSES:
            self._pause(wait)
            timestamp = int(self._clock().timestamp())
            headers = {"Wave-Signature": sign(secrets, timestamp, body)}
            status = self._send(self._url, headers, body)
            if 200 <= status < 300:  # noqa: PLR2004  # the documented success of a delivery
                return
