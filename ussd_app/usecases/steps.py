"""One turn placed in its session, the step it takes, and what is to be remembered of that."""

from dataclasses import dataclass

from menus.protocol import Reply, Session
from menus.screens import Confirm
from ussd_app.aggregators.base import Identity
from ussd_app.usecases import sessions
from ussd_app.usecases.context import Context
from ussd_app.usecases.hops import Hop
from ussd_app.usecases.sessions import Kept, Place


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


def is_unseen(context: Context, case: Case, step: Step, age_s: int) -> bool:
    """Whether this Confirm may answer a turn that nobody waits for: one that came late.

    In a session that was forgotten, late turns may lead elsewhere than they did, for more is known
    of the subscriber by now. In any other the place of a key says on which screen it was pressed;
    unless answers were passed over, as when Redis has gone back to an older state. Where nothing
    tells a place, neither does the key that led here, if it is the one that pays: it may come again
    at any time. `age_s` is for how many seconds Redis has forgotten nothing.
    """
    kept, node = case.kept, context.dialogue[step.session.node]
    stays = case.session is not None and case.session.node == step.session.node
    if not isinstance(node, Confirm) or (kept is not None and kept.unseen):
        return False
    if not stays and sessions.may_be_older(context, kept, age_s):
        return True
    typed = case.hop.typed
    match context.channel.identity:
        case Identity.POSITION:
            return kept is not None and len(typed) > 1 and not stays
        case Identity.COUNT:
            return case.hop.gap or (kept is None and case.hop.seen > 1)
        case Identity.ID:
            return False
        case Identity.NONE:
            return typed[-1] in {option.key for option in node.options}


def is_saved(case: Case, step: Step) -> bool:
    """Whether what was typed is in a checkpoint after this turn, which changes it or not.

    What one dial has brought is brought again by dialling: only a later answer makes one.
    """
    if case.kept is None or case.session is None or not step.reply.kept:
        return False
    return case.kept.saved or step.session.answers != case.session.answers
