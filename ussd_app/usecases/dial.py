"""One USSD turn, answered exactly once.

A session is kept under a key made of the channel, the gateway's session id and the caller: the
same id under another number is another session, and shows nothing of the first.

What is kept remembers how many inputs it has consumed and their digest, which is the identity of
the hop in a cumulative dialect:

    as many inputs, same digest    the turn is repeated: the same bytes, nothing done
    more inputs, same beginning    the session goes on
    anything else                  late or foreign: the current screen is shown again
    nothing kept                   a new or lost session: text only fills and navigates, and stops
                                   at the first Confirm, so that nobody pays unseen

Two turns at once both compute; the store keeps the first, and the other reads it and finds itself
repeated. Effects are unique in PostgreSQL by session and turn, so computing twice does nothing
twice.
"""

import hashlib
from dataclasses import dataclass

import msgspec
import structlog

from menus import engine
from menus.protocol import Reply, Session, Typed
from ussd_app.aggregators.base import Shown, Turn
from ussd_app.store.database import DatabaseError, went_stale
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import errands
from ussd_app.usecases.context import Context
from ussd_app.usecases.errands import FALLBACK_LANG, Errand

SESSION_LIFETIME_S = 180  # the longest a gateway keeps one open
_RACES_MAX = 4
_BORN_DIGITS = 8
_log = structlog.get_logger(__name__)


class UnknownCodeError(ValueError):
    """The dialled code is not this channel's."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A live session as it lies in Redis.

    `prefix` is the deep dial the service code carried. `born` tells this session from an older one
    of the same caller under a session id that the gateway used again.
    """

    born: str
    prefix: tuple[str, ...]
    seen: int
    digest: bytes
    text: str
    ends: bool
    session: msgspec.Raw


@dataclass(frozen=True, slots=True)
class _Hop:
    """One turn placed in its session: what is kept under `key`, and every input so far."""

    key: str
    born: str
    raw: bytes
    prefix: tuple[str, ...]
    inputs: tuple[str, ...]
    kept: _Kept | None
    session: Session | None


@dataclass(frozen=True, slots=True)
class _Step:
    session: Session
    reply: Reply


def answer(context: Context, turn: Turn) -> tuple[Shown, str]:
    """Return the screen that answers `turn`, and a word for the figures.

    Raises:
        UnknownCodeError: the turn was dialled on another code.
    """
    deep = _deep_dial(context.channel.code, turn.dialled)
    try:
        for _ in range(_RACES_MAX):
            shown = _try_again_if_stale(context, turn, deep)
            if shown is not None:
                return shown
    except (DatabaseError, Unreachable) as error:
        _log.error("turn_failed", error=type(error).__name__)
    return unavailable(context), "unavailable"


def unavailable(context: Context) -> Shown:
    """Return the screen of a bad day."""
    text = context.texts.get(FALLBACK_LANG, "unavailable", code=context.channel.code)
    return Shown(text, ends=True)


def unknown_code(context: Context) -> Shown:
    """Return the screen of a code that is not in service."""
    text = context.texts.get(FALLBACK_LANG, "unknown_code", code=context.channel.code)
    return Shown(text, ends=True)


def _deep_dial(code: str, dialled: str) -> tuple[str, ...]:
    base, parts = _parts(code), _parts(dialled)
    if parts[: len(base)] != base:
        raise UnknownCodeError
    return parts[len(base) :]


def _parts(code: str) -> tuple[str, ...]:
    return tuple(part for part in code.strip().strip("*#").split("*") if part)


def _try_again_if_stale(
    context: Context, turn: Turn, deep: tuple[str, ...]
) -> tuple[Shown, str] | None:
    """Effects are harmless when done again, so a connection that died in the pool costs nothing."""
    try:
        return _try(context, turn, deep)
    except DatabaseError as error:
        if not went_stale(error):
            raise
    return _try(context, turn, deep)


def _try(context: Context, turn: Turn, deep: tuple[str, ...]) -> tuple[Shown, str] | None:
    """Answer against what is kept now; None when another turn was faster to write."""
    key = context.keys.of("session", context.channel.name, turn.session_id, turn.caller.e164)
    raw = context.redis.load(f"ussd:{key}")
    kept, session = _read(context, raw)
    if kept is None:
        # A gateway that repeats the deep dial at the head of the text must not have it twice.
        prefix = () if turn.inputs[: len(deep)] == deep else deep
        born = context.new_id()[:_BORN_DIGITS]
        hop = _Hop(key, born, raw, prefix, (*prefix, *turn.inputs), None, None)
        return _advance(context, turn, hop)
    inputs = (*kept.prefix, *turn.inputs)
    if len(inputs) > kept.seen and _digest(inputs[: kept.seen]) == kept.digest and not kept.ends:
        hop = _Hop(key, kept.born, raw, kept.prefix, inputs, kept, session)
        return _advance(context, turn, hop)
    repeated = len(inputs) == kept.seen and _digest(inputs) == kept.digest
    return Shown(kept.text, kept.ends), "repeated" if repeated else "late"


def _advance(context: Context, turn: Turn, hop: _Hop) -> tuple[Shown, str] | None:
    kept, inputs = hop.kept, hop.inputs
    walk = _Walk(context, turn, hop)
    if kept is None or hop.session is None:
        step = walk.begin(inputs)
    else:
        step = walk.go_on(hop.session, inputs[kept.seen :])
    text = context.pages.screen(step.session, step.reply)
    ends = step.reply.ends
    new = _Kept(
        hop.born,
        hop.prefix,
        len(inputs),
        _digest(inputs),
        text,
        ends,
        msgspec.Raw(step.session.to_json()),
    )
    try:
        stored = context.redis.swap(
            f"ussd:{hop.key}", hop.raw, msgspec.json.encode(new), SESSION_LIFETIME_S
        )
    except Unreachable:  # what was done is done: its screen must still be shown
        stored = True
    if not stored:
        return None
    return Shown(text, ends), "ended" if ends else "shown"


class _Walk:
    """Feeding one turn's inputs to the dialogue, performing the effects on the way."""

    def __init__(self, context: Context, turn: Turn, hop: _Hop) -> None:
        self._context = context
        self._turn = turn
        self._hop = hop

    def begin(self, inputs: tuple[str, ...]) -> _Step:
        """Start anew; text that came along only fills and navigates."""
        step = self._finish(engine.begin(self._context.dialogue, FALLBACK_LANG))
        return self._pass_through(step, inputs)

    def go_on(self, session: Session, inputs: tuple[str, ...]) -> _Step:
        """Answer the screen shown.

        More than one input is an answer with a `*` in it: on a Confirm it is one wrong answer,
        elsewhere a run through the menus.
        """
        reply = engine.reply(self._context.dialogue, session)
        step = _Step(session, reply)
        if reply.decides or len(inputs) == 1:
            return self._feed(step, "*".join(inputs))
        return self._pass_through(step, inputs)

    def _pass_through(self, step: _Step, inputs: tuple[str, ...]) -> _Step:
        for text in inputs:
            if step.reply.ends or step.reply.decides:
                break
            step = self._feed(step, text)
        return step

    def _feed(self, step: _Step, text: str) -> _Step:
        event = Typed(text, self._context.now().date())
        return self._finish(engine.step(self._context.dialogue, step.session, event))

    def _finish(self, moved: engine.Step) -> _Step:
        session, outcome = moved
        while not isinstance(outcome, Reply):
            errand = Errand(
                caller=self._turn.caller,
                lang=session.lang,
                session_key=f"{self._hop.key}-{self._hop.born}",
                turn=len(self._hop.inputs),
                passing=self._hop.kept is None and bool(self._hop.inputs),
            )
            told = errands.perform(self._context, errand, outcome)
            session, outcome = engine.step(self._context.dialogue, session, told)
        return _Step(session, outcome)


def _read(context: Context, raw: bytes) -> tuple[_Kept, Session] | tuple[None, None]:
    """What is kept; nothing when it is another version's, or stands on a screen that is gone."""
    if not raw:
        return None, None
    try:
        kept = msgspec.json.decode(raw, type=_Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, None
    session = Session.from_json(bytes(kept.session))
    if session is None or session.node not in context.dialogue:
        return None, None
    return kept, session


def _digest(inputs: tuple[str, ...]) -> bytes:
    return hashlib.blake2b("*".join(inputs).encode(), digest_size=8).digest()
