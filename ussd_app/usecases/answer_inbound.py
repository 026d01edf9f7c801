"""Answering what people wrote: one subscriber at a time, in the order it came.

The row in the outbox is the subscriber, not the message, so no two messages of one telephone are
answered at the same moment. Until a message is closed it is answered again: its effects are unique
by its id, and so is the answer.
"""

from datetime import timedelta

from domain import gsm7
from sms import keywords
from sms.keywords import Asked, Vocabulary, Word
from ussd_app.store import inbound, optouts, outbox, subscribers
from ussd_app.store.inbound import Standing, Waiting
from ussd_app.store.outbox import Claim
from ussd_app.usecases import chatter, correspond
from ussd_app.usecases.chatter import Leave
from ussd_app.usecases.context import Context
from ussd_app.usecases.correspond import Said

KEPT = timedelta(days=7)  # a provider brings a message again for twelve hours
GIVE_UP = timedelta(days=1)  # on one that cannot be answered: those behind it wait
_AT_ONCE = 20
_PURGED_AT_ONCE = 200
_ROADS = {Word.PAY: ("1",), Word.VERIFY: ("9",), Word.RECEIPTS: ("4", "4", "1"), Word.MENU: ()}


def answer(context: Context, claim: Claim) -> None:
    """Answer what the subscriber of `claim` wrote.

    Raises:
        LostClaimError: another worker has taken over.
        UnavailableError, Unreachable: not now; the claim comes back.
    """
    with context.db.begin() as tx:
        outbox.hold(tx, claim)
        waiting = inbound.waiting(tx, claim.ref, _AT_ONCE)
    for message in waiting:
        waited = context.now() - message.received_at
        said = _answer(context, message) if waited < GIVE_UP else Said("given_up")
        with context.db.begin() as tx:
            outbox.hold(tx, claim)
            now = context.now()
            if said.text:
                inbound.answer(tx, message, said.text, now)
            inbound.close(
                tx, message, said.outcome, now, session_id=said.session_id, ends=said.ends
            )
    with context.db.begin() as tx:
        inbound.purge(tx, context.now() - KEPT, _PURGED_AT_ONCE)
        outbox.release(tx, claim, context.now() if len(waiting) == _AT_ONCE else None)


def _answer(context: Context, message: Waiting) -> Said:
    vocabulary = Vocabulary(context.texts, context.edition.languages)
    leave = chatter.leave(context, message)
    if leave is not Leave.ANSWER:
        told = leave is Leave.SAY_SO
        words = _words(context, message, "answer.too_many", vocabulary) if told else ""
        return Said("too_many", words)
    if asked := vocabulary.read(message.text):
        return _asked(context, message, asked, vocabulary)
    with context.db.read() as tx:
        standing = inbound.standing(tx, context.keys.subscriber(message.sender))
    if standing and correspond.is_open(context, message, standing):
        return correspond.go_on(context, message, standing)
    if asked := keywords.alone(message.text):
        return _asked(context, message, asked, vocabulary)
    return _started(context, message, standing, vocabulary)


def _started(
    context: Context, message: Waiting, standing: Standing | None, vocabulary: Vocabulary
) -> Said:
    """Answer what answers no screen: a number looks for one, and is shown where one stands."""
    if not keywords.answer(message.text).isdigit():
        return _not_understood(context, message, vocabulary)
    if standing is not None and correspond.is_answered(message, standing):
        return Said("early")
    return correspond.start(context, message)


def _asked(context: Context, message: Waiting, asked: Asked, vocabulary: Vocabulary) -> Said:
    _learn_language(context, message, asked.lang)
    match asked.word:
        case Word.HELP:
            return _help(context, message, vocabulary)
        case Word.STOP | Word.START:
            return _silenced(context, message, asked.word, vocabulary)
        case word:
            number = (asked.number,) if asked.number else ()
            return correspond.start(context, message, *_ROADS[word], *number)


def _learn_language(context: Context, message: Waiting, lang: str) -> None:
    """Who writes in a national language is answered in it, from now on."""
    if lang in context.edition.languages:
        subscriber = context.keys.subscriber(message.sender)
        with context.db.begin() as tx:
            subscribers.set_language(tx, subscriber, lang, context.now())


def _silenced(context: Context, message: Waiting, word: Word, vocabulary: Vocabulary) -> Said:
    """What is asked for is answered all the same, and a receipt is always sent."""
    subscriber = context.keys.subscriber(message.sender)
    with context.db.begin() as tx:
        if word is Word.STOP:
            optouts.stop(tx, subscriber, context.now())
        else:
            optouts.start(tx, subscriber)
    said = "answer.stopped" if word is Word.STOP else "answer.started"
    # It is the end of a dialogue that was open: nothing may be answered to it by mistake.
    over = str(message.inbound_id)
    return Said(word, _words(context, message, said, vocabulary), session_id=over, ends=True)


def _not_understood(context: Context, message: Waiting, vocabulary: Vocabulary) -> Said:
    with context.db.read() as tx:
        stopped = optouts.stopped(tx, context.keys.subscriber(message.sender))
    if stopped or not chatter.explains(context, message):
        return Said("not_understood")
    return _help(context, message, vocabulary)


def _help(context: Context, message: Waiting, vocabulary: Vocabulary) -> Said:
    return Said("help", _words(context, message, "answer.help", vocabulary))


def _words(context: Context, message: Waiting, text_id: str, vocabulary: Vocabulary) -> str:
    lang = correspond.language(context, message)
    return gsm7.to_wire(context.texts.get(lang, text_id, **vocabulary.taught(lang)), lang)
