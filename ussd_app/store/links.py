"""What links to SMS centres remember between two messages. It lives for minutes, in Redis.

A session: which of ours it is, and up to which step its screens were taken by the centre. A text in
parts: those that have come. An SMS whose answer the centre may not have read: the id it was kept
under and when it came first, for it may come again.
"""

import json
from typing import NamedTuple, cast

from ussd_app.store.redis import Store

_SESSION_S = 300  # as long as its screens are kept
_PARTS_S = 3600
_DOUBT_S = 600
_WHOLE = b"whole"  # beside the parts of a text that was kept
_CALL, _PARTS, _TEXT = "smpp-call:", "smpp-parts:", "smpp-text:"


class _Call(NamedTuple):
    """A session: `step` is that of the last screen taken, at `taken_at` (Unix seconds)."""

    session_id: str
    dialled: str
    step: int = 0
    taken_at: float = 0.0


def _written(call: _Call) -> str:
    return json.dumps(call)


class Memory:
    """See the module. Keys are hashes. Each method raises Unreachable: there is no server."""

    def __init__(self, store: Store) -> None:
        self._redis = store.client

    def begin(self, key: str, session_id: str, dialled: str) -> str:
        """Return the session that is begun: a new one, unless its first screen was not taken yet.

        `dialled` is a hash of what was dialled: the same again is the same beginning.
        """
        new = _Call(session_id, dialled)
        found = self._redis.set(_CALL + key, _written(new), nx=True, get=True, ex=_SESSION_S)
        if found:
            kept = _Call(*json.loads(cast("bytes", found)))
            if kept.step == 0 and kept.dialled == dialled:
                return kept.session_id
            self._redis.set(_CALL + key, _written(new), ex=_SESSION_S)
        return session_id

    def recall(self, key: str, arrived: float) -> tuple[str, int] | None:
        """Return the session that goes on, and the step whose screen was taken by `arrived`."""
        kept = self._call(key)
        if kept is None:
            return None
        return kept.session_id, kept.step if kept.taken_at <= arrived else kept.step - 1

    def took(self, key: str, session_id: str, step: int, at: float) -> None:
        """Note that the centre has taken a screen, at an instant in Unix seconds."""
        kept = self._call(key)
        if kept is not None and kept.session_id == session_id and step > kept.step:
            taken = _Call(session_id, kept.dialled, step, at)
            self._redis.set(_CALL + key, _written(taken), ex=_SESSION_S)

    def _call(self, key: str) -> _Call | None:
        found = cast("bytes | None", self._redis.get(_CALL + key))
        return None if found is None else _Call(*json.loads(found))

    def gather(self, key: str, position: int, total: int, octets: bytes) -> list[bytes]:
        """Keep a part of a text; return all of them, in order, once they are there."""
        name = _PARTS + key
        with self._redis.pipeline() as pipe:
            pipe.hset(name, str(position), cast("str", octets))
            pipe.expire(name, _PARTS_S)
            pipe.hgetall(name)
            found = cast("dict[bytes, bytes]", pipe.execute()[2])
        parts = {int(at): part for at, part in found.items() if at != _WHOLE}
        return [parts[at] for at in sorted(parts)] if len(parts) == total else []

    def keep(self, key: str) -> None:
        """Note that a text in parts is kept: until then none of them may be forgotten."""
        with self._redis.pipeline() as pipe:
            pipe.hset(_PARTS + key, cast("str", _WHOLE), "")
            pipe.expire(_PARTS + key, _PARTS_S)
            pipe.execute()

    def scatter(self, key: str) -> bool:
        """Forget the parts of a text if it was kept."""
        whole = bool(self._redis.hexists(_PARTS + key, cast("str", _WHOLE)))
        if whole:
            self._redis.delete(_PARTS + key)
        return whole

    def name(self, key: str, new_id: str, at: float) -> tuple[str, float]:
        """Return the id of an SMS and when it came: what they were, if it comes again."""
        new = json.dumps([new_id, at])
        found = self._redis.set(_TEXT + key, new, nx=True, get=True, ex=_DOUBT_S)
        kept_id, first = json.loads(cast("bytes", found) if found else new)
        return kept_id, first

    def forget(self, key: str) -> None:
        """The SMS will not come again: the same words are another one."""
        self._redis.delete(_TEXT + key)
