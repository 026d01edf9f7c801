"""One USSD turn, answered exactly once.

What is kept of a session remembers how many inputs it has consumed and their digest, which is the
identity of the hop in a cumulative dialect:

    as many inputs, same digest    the turn is repeated: the same bytes, nothing done
    more inputs, same beginning    the session goes on
    anything else                  late or foreign: the current screen is shown again
    nothing kept                   a new or lost session: text only fills and navigates, and stops
                                   at the first Confirm, so that nobody pays unseen. But for a bill
                                   dialled, its first key only shows it again: a late turn may have
                                   begun this session, and its screen have reached nobody

Two turns at once both compute; the store keeps the first, and the other reads it and finds itself
repeated. Effects are unique in PostgreSQL by session and turn, so computing twice does nothing
twice. A menu written by another edition of the catalogue is shown anew before a key is taken: the
same key might say something else by now.
"""

from dataclasses import dataclass

import msgspec
import structlog
from msgspec.structs import replace

from menus import engine
from menus.protocol import Reply, Session, Typed
from menus.screens import Find, Menu
from ussd_app.aggregators.base import Shown, Turn
from ussd_app.store.database import DatabaseError, went_stale
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import errands, notes, sessions
from ussd_app.usecases.context import Context
from ussd_app.usecases.errand import Errand
from ussd_app.usecases.greet import FALLBACK_LANG
from ussd_app.usecases.sessions import Kept, Place

_RACES_MAX = 4
_BILL_DIALLED = ("1", "bill_number")  # what stands in the dialled string
_log = structlog.get_logger(__name__)


class UnknownCodeError(ValueError):
    """The dialled code is not this channel's."""


@dataclass(frozen=True, slots=True)
class _Hop:
    """One turn placed in its session: what is kept, and every input so far."""

    place: Place
    born: str
    prefix: tuple[str, ...]
    inputs: tuple[str, ...]
    kept: Kept | None
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
    place = sessions.find(context, turn.session_id, turn.caller)
    kept = place.kept
    session = kept.position() if kept else None
    if kept is None or session is None or not engine.stands_on(context.dialogue, session):
        # A gateway that repeats the deep dial at the head of the text must not have it twice.
        prefix = () if turn.inputs[: len(deep)] == deep else deep
        inputs = (*prefix, *turn.inputs)
        hop = _Hop(place, sessions.born(context), prefix, inputs, None, None)
        return _advance(context, turn, hop)
    inputs = (*kept.prefix, *turn.inputs)
    known = sessions.digest(inputs[: kept.seen]) == kept.digest
    if len(inputs) > kept.seen and known and not kept.ends:
        hop = _Hop(place, kept.born, kept.prefix, inputs, kept, session)
        return _advance(context, turn, hop)
    repeated = len(inputs) == kept.seen and known
    return Shown(kept.text, kept.ends), "repeated" if repeated else "late"


def _advance(context: Context, turn: Turn, hop: _Hop) -> tuple[Shown, str] | None:
    kept, inputs = hop.kept, hop.inputs
    walk = _Walk(context, turn, hop)
    if kept is None or hop.session is None:
        # A session whose screens are gone starts again: its keys might say something else by now.
        step = walk.begin(() if hop.place.kept else inputs)
    else:
        step = walk.go_on(hop.session, inputs[kept.seen :])
    text = context.pages.screen(step.session, step.reply)
    new = Kept(
        born=hop.born,
        started=kept.started if kept else int(context.now().timestamp()),
        turns=kept.turns + 1 if kept else 1,
        prefix=hop.prefix,
        seen=len(inputs),
        digest=sessions.digest(inputs),
        mark=context.edition.mark,
        text=text,
        ends=step.reply.ends,
        unseen=_is_unseen(hop, step),
        saved=_is_saved(hop, step),
        session=msgspec.Raw(step.session.to_json()),
    )
    try:
        stored = sessions.store(context, hop.place, new)
    except Unreachable:  # what was done is done: its screen must still be shown
        stored = True
    if not stored:
        return None
    had = kept is not None and kept.saved
    notes.after_turn(context, turn.caller, hop.session, step.session, new, had=had)
    return Shown(text, new.ends), "ended" if new.ends else "shown"


def _is_unseen(hop: _Hop, step: _Step) -> bool:
    """Whether this Confirm may answer a turn that nobody waits for: one that came late.

    Who dials a bill in one string sees it, or has seen it before.
    """
    dialled = len(hop.inputs) == len(_BILL_DIALLED) and hop.inputs[0] == _BILL_DIALLED[0]
    return hop.kept is None and step.reply.decides and not dialled


def _is_saved(hop: _Hop, step: _Step) -> bool:
    """Whether what was typed is in a checkpoint after this turn, which changes it or not.

    What one dial has brought is brought again by dialling: only a later answer makes one.
    """
    if hop.kept is None or hop.session is None or not step.reply.kept:
        return False
    return hop.kept.saved or step.session.answers != hop.session.answers


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

        More than one input is an answer with a `*` in it: on a Confirm it is one wrong answer, in
        a text one answer, elsewhere a run through the menus.
        """
        step = _Step(session, engine.reply(self._context.dialogue, session))
        if self._hop.kept is not None and self._hop.kept.unseen and step.reply.decides:
            return step
        if self._outdated(session):
            return _Step(replace(session, page=0, problem="", sought=""), step.reply)
        if step.reply.decides or step.reply.literal or len(inputs) == 1:
            return self._feed(step, "*".join(inputs))
        return self._pass_through(step, inputs)

    def _outdated(self, session: Session) -> bool:
        kept, dialogue = self._hop.kept, self._context.dialogue
        other = kept is not None and kept.mark != self._context.edition.mark
        return other and isinstance(dialogue[session.node], Menu | Find)

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
                session_key=f"{self._hop.place.key}-{self._hop.born}",
                turn=len(self._hop.inputs),
                passing=self._hop.kept is None and bool(self._hop.inputs),
            )
            told = errands.perform(self._context, errand, outcome)
            session, outcome = engine.step(self._context.dialogue, session, told)
        return _Step(session, outcome)
