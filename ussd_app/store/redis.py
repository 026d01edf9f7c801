"""Redis or Valkey: live USSD sessions, guessing limits and the wake-up of the workers.

Nothing here is needed to finish a payment; all of it may vanish at any moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from redis import Redis, RedisError
from rq import Queue, Worker

QUEUE = "sarali"
WAKE_UP = "ussd_app.jobs.drain"
_QUEUED_MAX = 1  # a job that has not begun will see all there is when it does
_LIMITS_S = 0.8  # a turn must be answered within seconds, with Redis or without
# rq listens for 15 s less than this at a time, and believes a silent connection for 5 s less: by
# default that is seven minutes without a job if it died without a word.
_WORKER_TTL_S = 30

_SESSION, _DUE, _MARK = "ussd:", "ussd-due", "ussd-mark"
# A mark that nobody looks at for so long is gone: so is it when the server's clock leaps so far
# forward that sessions end before their time.
_MARK_S = 60
# Stores ARGV[2] if what is there is still ARGV[1] (nothing, when empty): two turns at once
# cannot both win. Whoever wins says when the session is to be looked at next.
_SWAP = """
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[5])
return 1
"""
# Takes a session off the list unless it has moved since it was seen there.
_CLOSE = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('ZREM', KEYS[1], ARGV[1]) end
"""
# Answers a name for the run of the server, and for how many seconds it has forgotten nothing: since
# ARGV[2] if that is given, else since the mark was made. The mark is made anew when another run
# made it, when something was thrown out for want of room since, or when it is of the time to come.
# A run that finds the mark of another has taken over: it may have run before, and gets a new name.
_RECALL = """
local now = tonumber(redis.call('TIME')[1])
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local room = string.match(redis.call('INFO', 'stats'), 'evicted_keys:(%d+)')
local mark = redis.call('GET', KEYS[1]) or ''
local maker, had, name, since = string.match(mark, '^(%x+) (%d+) (%S+) (%d+)$')
since = tonumber(ARGV[2] or since)
if maker ~= run then name = string.sub(run, 1, 8) .. (maker and '-' .. now or '') end
if not since or since > now or not ARGV[2] and (maker ~= run or had ~= room) then since = now end
redis.call('SET', KEYS[1], table.concat({run, room, name, since}, ' '), 'EX', ARGV[1])
return {name, now - since}
"""
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"""

Unreachable = RedisError


@dataclass(frozen=True, slots=True)
class Recall:
    """A name for the run of a server, and for how many seconds it has forgotten nothing."""

    run: str
    whole_s: int


class Store:
    """One Redis or Valkey server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.client = Redis.from_url(
            url, socket_timeout=_LIMITS_S, socket_connect_timeout=_LIMITS_S
        )
        self._swap = self.client.register_script(_SWAP)
        self._close = self.client.register_script(_CLOSE)
        self._recall = self.client.register_script(_RECALL)
        self._count = self.client.register_script(_COUNT)
        self._queue = Queue(QUEUE, connection=self.client, serializer="json")

    def load(self, key: str) -> bytes:
        """Return the session under `key`, empty when there is none.

        Raises:
            Unreachable: there is no server.
        """
        return cast("bytes | None", self.client.get(_SESSION + key)) or b""

    def swap(self, key: str, old: bytes, new: bytes, lifetime_s: int, due: int) -> bool:
        """Replace `old` by `new` under `key`; False when somebody else was faster.

        `due` is the instant (Unix seconds) at which the session is over if nothing more comes.

        Raises:
            Unreachable: there is no server.
        """
        keys = [_SESSION + key, _DUE]
        return bool(self._swap(keys=keys, args=[old, new, lifetime_s, due, key]))

    def over(self, now: int, most: int) -> dict[str, tuple[bytes, float]]:
        """Return sessions due by `now` (Unix seconds): what is left of each, and its due instant.

        Raises:
            Unreachable: there is no server.
        """
        due = cast(
            "list[tuple[bytes, float]]",
            self.client.zrangebyscore(_DUE, "-inf", now, start=0, num=most, withscores=True),
        )
        names = [key.decode() for key, _ in due]
        found = cast(
            "list[bytes | None]", self.client.mget([_SESSION + n for n in names]) if names else []
        )
        return {
            name: (raw or b"", score)
            for name, raw, (_, score) in zip(names, found, due, strict=True)
        }

    def close(self, key: str, due: float) -> None:
        """Take a session off the list of those to look at, unless it has moved meanwhile.

        Raises:
            Unreachable: there is no server.
        """
        self._close(keys=[_DUE], args=[key, f"{due:.0f}"])

    def strike(self, key: str) -> None:
        """Take a session off the list of those to look at; another turn puts it back.

        Raises:
            Unreachable: there is no server.
        """
        self.client.zrem(_DUE, key)

    def recall(self) -> Recall:
        """Return what the server knows of its own memory.

        A mark says since when nothing was forgotten. Ask several times a minute, or it is gone, and
        then that is not known any more.

        Raises:
            Unreachable: there is no server, or it does not say how it is.
        """
        run, whole_s = cast("tuple[bytes, int]", self._recall(keys=[_MARK], args=[_MARK_S]))
        return Recall(run.decode(), whole_s)

    def begins(self) -> None:
        """Say that nobody is in the middle of a session: whatever was forgotten is not missed.

        Raises:
            Unreachable: there is no server, or it does not say how it is.
        """
        self._recall(keys=[_MARK], args=[_MARK_S, 0])

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
        # A connection of its own: rq makes it as patient as listening needs, and jobs must not be.
        client = Redis.from_url(self._url)
        queue = Queue(QUEUE, connection=client, serializer="json")
        worker = Worker([queue], connection=client, serializer="json", worker_ttl=_WORKER_TTL_S)
        worker.work(logging_level="WARNING")

    def ready(self) -> bool:
        """Whether the server answers."""
        try:
            return bool(self.client.ping())
        except RedisError:
            return False
