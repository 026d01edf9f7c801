"""One turn placed in its session, the step it takes, and what is to be remembered of that."""

from collections.abc import Callable
from dataclasses import dataclass

from menus.protocol import Reply, Session
from menus.screens import Confirm
from ussd_app.aggregators.base import Identity
from ussd_app.store.redis import Recall
from ussd_app.usecases import sessions
from ussd_app.usecases.context import Context
from ussd_app.usecases.hops import Hop
from ussd_app.usecases.sessions import Kept, Place

Ask = Callable[[], Recall]  # Redis, for what it knows of its memory; once a turn at most


@dataclass(frozen=True, slots=True)
class Case:
    """A turn in its session, and what was kept of that."""

    place: Place
    born: str
    prefix: tuple[str, ...]
    hop: Hop
    kept: Kept | None
    session: Session | None


@dataclass(frozen=True, slots=True)
class Step:
    """Where a session has got to, and what is shown of it."""

    session: Session
    reply: Reply


def is_older(context: Context, case: Case, recall: Ask) -> bool:
    """Whether a session may have begun before what is kept of it, and been forgotten meanwhile.

    Turns of its earlier life may still come: they begin it anew, or go on with it.
    """
    kept = case.kept
    if kept is None:
        return bool(case.place.raw) or recall().whole_s < sessions.KEPT_S
    lasts_s = max(int(context.now().timestamp()) - kept.started, 0)
    return kept.anew or recall().whole_s - lasts_s < sessions.KEPT_S


def is_undone(context: Context, case: Case, recall: Ask) -> bool:
    """Whether the Confirm that is kept may be older than what was shown last.

    Only a run of Redis that takes over goes back to an older state. A key whose place is told
    cannot be taken for one pressed there: it brings along what was typed in between.
    """
    kept = case.kept
    told = context.channel.identity is Identity.POSITION
    return kept is not None and not told and kept.run != recall().run


def is_unseen(context: Context, case: Case, step: Step, recall: Ask) -> bool:
    """Whether this Confirm may answer a turn that nobody waits for: one that came late.

    In a session that was forgotten, late turns may lead elsewhere than they did, for more is known
    of the subscriber by now. One that is undone may be reached by a late turn as well as by a key.
    In any other the place of a key says on which screen it was pressed; unless answers were passed
    over, as when Redis has gone back to an older state. Where nothing tells a place, neither does
    the key that led here, if it is the one that pays: it may come again at any time.
    """
    kept, node = case.kept, context.dialogue[step.session.node]
    if not isinstance(node, Confirm) or (kept and kept.unseen and kept.run == recall().run):
        return False
    stays = case.session is not None and case.session.node == step.session.node
    if is_undone(context, case, recall) if stays else is_older(context, case, recall):
        return True
    typed = case.hop.typed
    match context.channel.identity:
        case Identity.POSITION:
            here = stays and kept is not None and kept.run == recall().run != ""
            return kept is not None and len(typed) > 1 and not here
        case Identity.COUNT:
            return case.hop.gap or (kept is None and case.hop.seen > 1)
        case Identity.ID:
            return False
        case Identity.NONE:
            return typed[-1:] in {(option.key,) for option in node.options}


def is_saved(case: Case, step: Step) -> bool:
    """Whether what was typed is in a checkpoint after this turn, which changes it or not.

    What one dial has brought is brought again by dialling: only a later answer makes one.
    """
    if case.kept is None or case.session is None or not step.reply.kept:
        return False
    return case.kept.saved or step.session.answers != case.session.answers
