"""One USSD turn, answered exactly once.

What is kept of a session remembers what it has consumed, and hops.py says what a turn is to it:

    the last one again    the same bytes, nothing done
    a new one             the session goes on
    late or foreign       the current screen is shown again
    nothing kept          a new or lost session: text only fills and navigates, and stops at the
                          first Confirm, so that nobody pays unseen
    doubtful              where a turn that nobody waits for may have led to a Confirm, or Redis
                          gone back to it, a key or two only show it again: another screen may
                          be before the subscriber

Two turns at once both compute; the store keeps the first, and the other reads it and finds itself
repeated. Effects are unique in PostgreSQL by session and turn, so computing twice does nothing
twice. A menu written by another edition of the catalogue is shown anew before a key is taken: the
same key might say something else by now.
"""

from datetime import datetime
from functools import cache, partial

import msgspec
import structlog
from msgspec.structs import replace

from menus import engine, render
from menus.protocol import Reply, Session, Typed
from menus.screens import Find, Menu
from ussd_app.aggregators.base import Shown, Turn
from ussd_app.store.database import DatabaseError, went_stale
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import errands, hops, notes, sessions, steps
from ussd_app.usecases.context import Context
from ussd_app.usecases.errand import Errand
from ussd_app.usecases.hops import Verdict
from ussd_app.usecases.sessions import Kept
from ussd_app.usecases.steps import Ask, Case, Step

_RACES_MAX = 4
_log = structlog.get_logger(__name__)


class UnknownCodeError(ValueError):
    """The dialled code is not this channel's."""


def answer(context: Context, turn: Turn) -> tuple[Shown, str]:
    """Return the screen that answers `turn`, and a word for the figures.

    Raises:
        UnknownCodeError: the turn was dialled on another code.
    """
    deep = _deep_dial(context.channel.codes, turn)
    came = context.now()  # a slow race must not make a repetition look like the same answer anew
    try:
        for _ in range(_RACES_MAX):
            shown = _try_again_if_stale(context, turn, deep, came)
            if shown is not None:
                return shown
    except (DatabaseError, Unreachable) as error:
        _log.error("turn_failed", error=type(error).__name__)
    return unavailable(context), "unavailable"


def unavailable(context: Context) -> Shown:
    """Return the screen of a bad day."""
    return _farewell(context, "unavailable")


def busy(context: Context) -> Shown:
    """Return the screen of a rush."""
    return _farewell(context, "busy")


def unknown_code(context: Context) -> Shown:
    """Return the screen of a code that is not in service."""
    return _farewell(context, "unknown_code")


def _farewell(context: Context, text_id: str) -> Shown:
    channel = context.channel
    return Shown(context.texts.get(channel.lang, text_id, code=channel.code), ends=True)


def _deep_dial(codes: tuple[str, ...], turn: Turn) -> tuple[str, ...]:
    """What was dialled behind the short code; nothing, where the gateway does not say it."""
    if not turn.dialled:
        return ()
    parts = _parts(turn.dialled)
    for base in sorted(map(_parts, codes), key=len, reverse=True):
        if parts[: len(base)] == base:
            return parts[len(base) :]
    raise UnknownCodeError


def _parts(code: str) -> tuple[str, ...]:
    return tuple(part for part in code.strip().strip("*#").split("*") if part)


def _try_again_if_stale(
    context: Context, turn: Turn, deep: tuple[str, ...], came: datetime
) -> tuple[Shown, str] | None:
    """Effects are harmless when done again, so a connection that died in the pool costs nothing."""
    try:
        return _try(context, turn, deep, came)
    except DatabaseError as error:
        if not went_stale(error):
            raise
    return _try(context, turn, deep, came)


def _try(
    context: Context, turn: Turn, deep: tuple[str, ...], came: datetime
) -> tuple[Shown, str] | None:
    """Answer against what is kept now; None when another turn was faster to write."""
    place = sessions.find(context, turn.session_id, turn.caller)
    kept = place.kept
    session = kept.position() if kept else None
    identity = context.channel.identity
    if kept is None or session is None or not engine.stands_on(context.dialogue, session):
        # A gateway that repeats the deep dial at the head of the text must not have it twice.
        prefix = () if turn.inputs[: len(deep)] == deep else deep
        hop = hops.first(identity, turn, prefix, came)
        case = Case(place, sessions.born(context), prefix, hop, None, None)
        return _advance(context, turn, case)
    hop = hops.place(identity, turn, kept, came)
    if hop.verdict is Verdict.NEW and not kept.ends:
        return _advance(context, turn, Case(place, kept.born, kept.prefix, hop, kept, session))
    return _shown(kept), "repeated" if hop.verdict is Verdict.AGAIN else "late"


def _shown(kept: Kept) -> Shown:
    return Shown(kept.text, kept.ends, kept.options, kept.seen)


def _advance(context: Context, turn: Turn, case: Case) -> tuple[Shown, str] | None:
    kept = case.kept
    recall = cache(partial(sessions.recall, context))
    walk = _Walk(context, turn, case, recall)
    if kept is None or case.session is None:
        # A session whose screens are gone starts again: its keys might say something else by now.
        step = walk.begin(() if case.place.kept else case.hop.typed)
    else:
        step = walk.go_on(case.session, case.hop.typed)
    text = context.pages.screen(step.session, step.reply)
    new = Kept(
        born=case.born,
        started=kept.started if kept else int(context.now().timestamp()),
        turns=kept.turns + 1 if kept else 1,
        prefix=case.prefix,
        seen=case.hop.seen,
        digest=case.hop.digest,
        mark=context.edition.mark,
        text=text,
        options=render.count_choices(context.dialogue, step.session, text),
        ends=step.reply.ends,
        unseen=steps.is_unseen(context, case, step, recall),
        saved=steps.is_saved(case, step),
        channel=context.elsewhere,
        anew=kept.anew if kept else bool(case.place.raw),
        run=recall().run if step.reply.decides else "",
        session=msgspec.Raw(step.session.to_json()),
    )
    try:
        stored = sessions.store(context, case.place, new)
    except Unreachable:
        if not new.ends:  # nobody may answer a screen that is not kept
            raise
        stored = True  # what was done is done: its screen must still be shown
    if not stored:
        return None
    had = kept is not None and kept.saved
    notes.after_turn(context, turn.caller, case.session, step.session, new, had=had)
    return _shown(new), "ended" if new.ends else "shown"


class _Walk:
    """Feeding one turn's inputs to the dialogue, performing the effects on the way."""

    def __init__(self, context: Context, turn: Turn, case: Case, recall: Ask) -> None:
        self._context = context
        self._turn = turn
        self._case = case
        self._recall = recall

    def begin(self, inputs: tuple[str, ...]) -> Step:
        """Start anew; text that came along only fills and navigates."""
        step = self._finish(engine.begin(self._context.dialogue, self._context.channel.lang))
        return self._pass_through(step, inputs)

    def go_on(self, session: Session, inputs: tuple[str, ...]) -> Step:
        """Answer the screen shown.

        More than one input is an answer with a `*` in it: on a Confirm it is one wrong answer, in
        a text one answer, elsewhere a run through the menus.
        """
        step = Step(session, engine.reply(self._context.dialogue, session))
        kept = self._case.kept
        if self._case.hop.gap or (kept is not None and step.reply.decides and self._doubts(kept)):
            return step
        if self._outdated(session):
            return Step(replace(session, page=0, problem="", sought=""), step.reply)
        if step.reply.decides or step.reply.literal or len(inputs) == 1:
            return self._feed(step, "*".join(inputs))
        return self._pass_through(step, inputs)

    def _doubts(self, kept: Kept) -> bool:
        return kept.unseen or steps.is_undone(self._context, self._case, self._recall)

    def _outdated(self, session: Session) -> bool:
        kept, dialogue = self._case.kept, self._context.dialogue
        other = kept is not None and kept.mark != self._context.edition.mark
        return other and isinstance(dialogue[session.node], Menu | Find)

    def _pass_through(self, step: Step, inputs: tuple[str, ...]) -> Step:
        for text in inputs:
            if step.reply.ends or step.reply.decides:
                break
            step = self._feed(step, text)
        return step

    def _feed(self, step: Step, text: str) -> Step:
        event = Typed(text, self._context.now().date())
        return self._finish(engine.step(self._context.dialogue, step.session, event))

    def _finish(self, moved: engine.Step) -> Step:
        session, outcome = moved
        while not isinstance(outcome, Reply):
            errand = Errand(
                caller=self._turn.caller,
                lang=session.lang,
                session_key=f"{self._case.place.key}-{self._case.born}",
                turn=self._case.hop.seen,
                passing=self._case.kept is None and bool(self._case.hop.typed),
            )
            told = errands.perform(self._context, errand, outcome)
            session, outcome = engine.step(self._context.dialogue, session, told)
        return Step(session, outcome)
