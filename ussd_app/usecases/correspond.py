"""The dialogue by SMS: the screens of USSD in messages, and numbered answers to them.

    PAYER 4821937028      a new dialogue, at the confirmation of that bill
    1                     what the screen says that was sent last
    1, ten minutes later  no answer to that screen any more: where one stands is shown again

A message answers what its writer had before them. So an answer counts only if the last screen had
left us when it was typed, as its provider and our own clock say; else nothing is done, and the
screen is sent again unless it is on its way. That is what makes answers in the wrong order, twice,
or to a confirmation that never came, pay nothing. Each message is an id to the dialogue
(`Identity.ID`), so that one that is worked on again after a death does nothing twice.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain import gsm7
from sms import keywords
from ussd_app.aggregators.base import Identity, Shown, Turn
from ussd_app.aggregators.guard import Guard
from ussd_app.store import subscribers
from ussd_app.store.inbound import Standing, Waiting
from ussd_app.usecases import dial
from ussd_app.usecases.context import Channel, Context

CHANNEL = "sms"
WINDOW = timedelta(minutes=5)  # as long as Redis keeps a session: then the next answer starts anew
_HOME = ("00",)


class UnavailableError(RuntimeError):
    """The dialogue could not be gone on with now."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered, if anything; `outcome` is a word for whoever looks into it later.

    `session_id` names the dialogue when `text` is a screen of it, `ends` its last one.
    """

    outcome: str
    text: str = ""
    session_id: str = ""
    ends: bool = False


def channel(context: Context) -> Channel:
    """Return the channel of SMS: one segment a screen, the codes and the words of the first one."""
    return replace(
        context.channel, name=CHANNEL, dialect=CHANNEL, identity=Identity.ID,
        budget=gsm7.SMS_SEPTETS, secret="", guard=Guard(), rate=0, at_once=0,
    )  # fmt: skip


def start(context: Context, message: Waiting, *path: str) -> Said:
    """Begin a dialogue at home and go along `path`; with none, greet.

    The home menu is a turn of its own: what is typed behind it is typed on a screen that stands.

    Raises:
        UnavailableError: not now.
    """
    session_id = str(message.inbound_id)
    shown = _turn(context, message, session_id, _HOME if path else (), "open")
    if path:
        shown = _turn(context, message, session_id, path)
    return _said(context, message, session_id, shown)


def go_on(context: Context, message: Waiting, standing: Standing) -> Said:
    """Take an answer to the screen that stands.

    Raises:
        UnavailableError: not now.
    """
    if standing.on_its_way:
        return Said("early")
    if not standing.stood(message.typed_by):
        return Said("shown_again", standing.text, standing.session_id)
    typed = keywords.proven(keywords.answer(message.text))
    shown = _turn(context, message, standing.session_id, (typed,))
    return _said(context, message, standing.session_id, shown)


def is_open(context: Context, message: Waiting, standing: Standing) -> bool:
    """Whether a message may be an answer: the dialogue is not over, and neither is too old."""
    since = context.now() - WINDOW
    return not standing.ends and standing.answered_at > since and message.typed_by > since


def is_answered(message: Waiting, standing: Standing) -> bool:
    """Whether the last screen of a dialogue left after this message: it was typed twice.

    A screen that never leaves silences nobody for longer than the dialogue would have stood.
    """
    just_now = message.typed_by - standing.answered_at < WINDOW
    return standing.ends and just_now and not standing.stood(message.typed_by)


def _turn(
    context: Context, message: Waiting, session_id: str, typed: tuple[str, ...], step: str = ""
) -> Shown:
    on = context.on(channel(context))
    turn = Turn(
        session_id,
        message.sender,
        on.channel.code,
        typed,
        opens=bool(step),
        hop=f"{message.inbound_id}{step}",
    )
    shown, outcome = dial.answer(on, turn)
    if outcome == "unavailable":
        raise UnavailableError
    return shown


def _said(context: Context, message: Waiting, session_id: str, shown: Shown) -> Said:
    """A screen that can be answered says where, if there is room: a name cannot be answered."""
    text = shown.text
    if message.to.removeprefix("+").isdecimal() and not shown.ends:
        lang = language(context, message)
        where = gsm7.to_wire(context.texts.get(lang, "answer.where", number=message.to), lang)
        text = f"{text}\n{where}" if gsm7.segments(f"{text}\n{where}") == 1 else text
    return Said("ended" if shown.ends else "shown", text, session_id, shown.ends)


def language(context: Context, message: Waiting) -> str:
    """Return the language of whoever writes."""
    with context.db.read() as tx:
        chosen = subscribers.language(tx, context.keys.subscriber(message.sender))
    return chosen if chosen and chosen in context.edition.languages else context.channel.lang
