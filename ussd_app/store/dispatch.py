"""SMS on their way from a worker to the process that holds the link, and the answer back.

A worker lives for a job and cannot hold a link, so it asks through Redis, and waits. A wish that
nobody has taken up in time is withdrawn: it has not left, for certain. Whoever holds a link says
so every second; where nobody does, nothing is asked.
"""

import json
import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from redis import Redis

from domain.msisdn import Msisdn
from sms.gateway import Posted, Refused, Report, ReportError, Result, Sent, Unknown
from ussd_app.store.redis import Store, Unreachable

_WISHES, _RESULT, _HELD = "smpp-wishes", "smpp-result:", "smpp-held"
_HELD_S = 5
_RESULT_S = 60
_WISHES_S = 60  # longer than anybody waits
_LISTEN_S = 0.5  # at a time: less than a connection of ours waits
_PATIENCE_S = 25.0  # of a worker: throttled messages go again for a while


@dataclass(frozen=True, slots=True)
class Wish:
    """A text to be sent; `key` names the sending."""

    key: str
    to: str = field(repr=False)
    text: str = field(repr=False)


class Dispatch:
    """The side of the process that holds the link. Each method may raise Unreachable."""

    def __init__(self, store: Store) -> None:
        self._redis = store.client

    def hold(self) -> None:
        """Say that there is a link, for the next few seconds."""
        self._redis.set(_HELD, b"1", ex=_HELD_S)

    def next(self) -> Wish | None:
        """Wait for a wish, a moment; it is given to nobody else, and to nobody too late."""
        found = self._redis.blpop([_WISHES], timeout=_LISTEN_S)
        if not found:
            return None
        key, due, to, text = json.loads(cast("tuple[bytes, bytes]", found)[1])
        return Wish(key, to, text) if _now(self._redis) < due else None

    def tell(self, wish: Wish, result: Result) -> None:
        """Say what became of it."""
        with self._redis.pipeline() as pipe:
            pipe.rpush(_RESULT + wish.key, json.dumps(_written(result)))
            pipe.expire(_RESULT + wish.key, _RESULT_S)
            pipe.execute()


class SmppGateway:
    """The worker's side: the provider whose texts go by the link. Reports come by the link too."""

    code = "smpp"
    named = False
    reports = True

    def __init__(self, store: Store, price: Decimal | None, patience: float = _PATIENCE_S) -> None:
        self.price = price
        self._redis = store.client
        self._patience = patience

    def send(self, to: Msisdn, text: str, key: str = "") -> Result:
        """See `Gateway.send`."""
        try:
            if not self._redis.exists(_HELD):
                return Unknown("no link", left=False)
            due = _now(self._redis) + self._patience
        except Unreachable:
            return Unknown("no redis", left=False)
        wish = json.dumps([key, due, to.e164, text])
        try:
            self._push(wish)
            return self._wait(key, wish)
        except Unreachable as error:
            return Unknown(type(error).__name__)

    def read_reports(self, posted: Posted) -> tuple[Report, ...]:
        """See `Provider.read_reports`."""
        del posted
        raise ReportError("reports come by the link")

    def _push(self, wish: str) -> None:
        with self._redis.pipeline() as pipe:
            pipe.rpush(_WISHES, wish)
            pipe.expire(_WISHES, _WISHES_S)  # a worker that dies withdraws nothing
            pipe.execute()

    def _wait(self, key: str, wish: str) -> Result:
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            found = self._redis.blpop([_RESULT + key], timeout=_LISTEN_S)
            if found:
                return _read(cast("tuple[bytes, bytes]", found)[1])
        withdrawn = self._redis.lrem(_WISHES, 1, wish)
        return Unknown("no answer", left=not withdrawn)


def _now(redis: Redis) -> int:
    """The server's clock: two machines need not agree about the time."""
    return redis.time()[0]


def _written(result: Result) -> list[str | int | None]:
    if isinstance(result, Sent):
        return ["sent", result.provider_id, result.segments]
    if isinstance(result, Refused):
        return ["refused", result.reason, None]
    return ["left" if result.left else "kept", result.reason, None]


def _read(told: bytes) -> Result:
    word, about, segments = json.loads(told)
    match word:
        case "sent":
            return Sent(about, segments=segments)
        case "refused":
            return Refused(about)
        case _:
            return Unknown(about, left=word == "left")
