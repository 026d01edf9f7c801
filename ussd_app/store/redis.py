"""Redis or Valkey: live USSD sessions, guessing limits and the wake-up of the workers.

Nothing here is needed to finish a payment; all of it may vanish at any moment.
"""

from collections.abc import Sequence
from typing import cast

from redis import Redis, RedisError
from rq import Queue, Worker

QUEUE = "sarali"
WAKE_UP = "ussd_app.jobs.drain"
_QUEUED_MAX = 20  # wake-ups say nothing but "look": more than a few are noise
_LIMITS_S = 0.8  # a turn must be answered within seconds, with Redis or without

# Stores ARGV[2] if what is there is still ARGV[1] (nothing, when empty): two turns at once
# cannot both win.
_SWAP = """
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"""

Unreachable = RedisError


class Store:
    """One Redis or Valkey server."""

    def __init__(self, url: str) -> None:
        self.client = Redis.from_url(
            url, socket_timeout=_LIMITS_S, socket_connect_timeout=_LIMITS_S
        )
        self._swap = self.client.register_script(_SWAP)
        self._count = self.client.register_script(_COUNT)
        self._queue = Queue(QUEUE, connection=self.client, serializer="json")

    def load(self, key: str) -> bytes:
        """Return what is under `key`, empty when nothing is.

        Raises:
            Unreachable: there is no server.
        """
        return cast("bytes | None", self.client.get(key)) or b""

    def swap(self, key: str, old: bytes, new: bytes, lifetime_s: int) -> bool:
        """Replace `old` by `new` under `key`; False when somebody else was faster.

        Raises:
            Unreachable: there is no server.
        """
        return bool(self._swap(keys=[key], args=[old, new, lifetime_s]))

    def count(self, key: str, lifetime_s: int) -> int:
        """Add one to the counter under `key`, which lives `lifetime_s` from its first.

        Raises:
            Unreachable: there is no server.
        """
        return int(cast("int", self._count(keys=[key], args=[lifetime_s])))

    def counts(self, keys: Sequence[str]) -> list[int]:
        """Return the counters under `keys`.

        Raises:
            Unreachable: there is no server.
        """
        found = cast("list[bytes | None]", self.client.mget(keys))
        return [int(value or 0) for value in found]

    def wake(self) -> None:
        """Tell the workers there is something to do; harmless when it cannot be told."""
        try:
            if self._queue.count < _QUEUED_MAX:
                self._queue.enqueue(WAKE_UP, result_ttl=0, failure_ttl=60, job_timeout=120)
        except RedisError:
            return

    def work(self) -> None:
        """Be an rq worker until told to stop: one queue, JSON, no retry."""
        Worker([self._queue], connection=self.client, serializer="json").work(
            logging_level="WARNING"
        )

    def ready(self) -> bool:
        """Whether the server answers."""
        try:
            return bool(self.client.ping())
        except RedisError:
            return False
