"""A live session as it lies in Redis.

It is kept under a key made of the channel, the gateway's session id and the caller: the same id
under another number is another session, and shows nothing of the first.
"""

from dataclasses import dataclass

import msgspec

from domain.msisdn import Msisdn
from menus.protocol import Session
from ussd_app.store.redis import Recall, Unreachable
from ussd_app.usecases.context import Context

LIFETIME_S = 180  # the longest a gateway keeps one open: silent for longer, it is over
_BORN_DIGITS = 8
# What is over is kept a while, for whoever counts how sessions end, and for late repeats.
KEPT_S = LIFETIME_S + 120


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What is kept between two turns. An array in JSON: sessions are many, memory is counted.

    `prefix` is the deep dial the service code carried, `seen` and `digest` how many hops or inputs
    were consumed and which (hops.py). The last `options` lines of `text` are choices. `born` tells
    this session from an older one of the same caller under a session id that the gateway used
    again; `started` is Unix seconds. `mark` is that of the edition that wrote `text`. `unseen`: it
    may have been shown to nobody. `saved`: there is a checkpoint. `channel` is empty for the first
    one there is. `anew`: there was a session before, of another version. `run`, of a Confirm, is
    that of the Redis it was told.
    """

    born: str
    started: int
    turns: int
    prefix: tuple[str, ...]
    seen: int
    digest: bytes
    mark: str
    text: str
    options: int
    ends: bool
    unseen: bool
    saved: bool
    channel: str
    anew: bool
    run: str
    session: msgspec.Raw

    def position(self) -> Session | None:
        """Return where the dialogue stands; None when another version wrote it."""
        return Session.from_json(bytes(self.session))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is kept: its key in Redis, and what is there now."""

    key: str
    raw: bytes
    kept: Kept | None


def find(context: Context, session_id: str, caller: Msisdn) -> Place:
    """Look for a session.

    Raises:
        Unreachable: there is no Redis.
    """
    key = context.keys.session(context.channel.name, session_id, caller)
    raw = context.redis.load(key)
    return Place(key, raw, decode(raw))


def decode(raw: bytes) -> Kept | None:
    """Read what is kept; None when there is nothing, or another version's."""
    try:
        return msgspec.json.decode(raw, type=Kept) if raw else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def store(context: Context, place: Place, new: Kept) -> bool:
    """Keep `new` instead of what was found; False when another turn was faster.

    Raises:
        Unreachable: there is no Redis.
    """
    now = int(context.now().timestamp())
    due = now if new.ends else now + LIFETIME_S
    return context.redis.swap(place.key, place.raw, msgspec.json.encode(new), KEPT_S, due)


def recall(context: Context) -> Recall:
    """Return what Redis knows of its own memory: nothing, where it does not say so."""
    try:
        return context.redis.recall()
    except Unreachable:
        return Recall("", 0)


def born(context: Context) -> str:
    """Return a new session's mark."""
    return context.new_id()[:_BORN_DIGITS]


def name(key: str, kept: Kept) -> str:
    """Return the name under which a session is known to the database."""
    return f"{key}-{kept.born}"
