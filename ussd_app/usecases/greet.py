"""Who is calling: their language, what became of their payment, what they left in the middle.

A number is no person: telephones are shared and numbers are given to others. So nothing here says
which bill, what for or how much (trust.md T4, T5), only that something was asked for from this
telephone a short while ago.
"""

from contextlib import suppress
from datetime import timedelta

from domain.payment import Status
from menus.engine import LANG_ANSWER
from menus.protocol import Restored, Session, Told
from ussd_app.store import checkpoints, subscribers
from ussd_app.store.database import DatabaseError
from ussd_app.usecases.context import Context
from ussd_app.usecases.errand import Errand

RESULT_WITHIN = timedelta(minutes=15)  # after the key was pressed: later, the SMS has told it
_RESULTS = {
    Status.SUCCEEDED: "paid",
    Status.FAILED: "unpaid",
    Status.CLOSED_UNPAID: "unpaid",
}


def greet(context: Context, errand: Errand) -> Told:
    """Find out how to greet; text that came along is not stopped by a greeting."""
    now = context.now()
    with context.db.read() as tx:
        found = subscribers.greeting(
            tx,
            context.keys.subscriber(errand.caller),
            errand.caller,
            results_since=now - RESULT_WITHIN,
            cut_since=now - context.resume_within,
        )
    known = found.lang if found.lang in context.edition.languages else None
    lang = {LANG_ANSWER: known or context.channel.lang}
    if errand.passing:
        return Told("home", lang)
    if found.under_way:
        return Told("under_way", lang)
    if found.ended:
        return Told(_RESULTS.get(found.ended, "doubt"), lang)
    if found.cut:
        return Told("resume", lang)
    return Told("home" if known else "new", lang)


def set_language(context: Context, errand: Errand, lang: str) -> Told:
    """Remember the language of this subscriber."""
    with context.db.begin() as tx:
        subscriber = context.keys.subscriber(errand.caller)
        subscribers.set_language(tx, subscriber, lang, context.now())
    return Told("home", {LANG_ANSWER: lang})


def resume(context: Context, errand: Errand) -> Told | Restored:
    """Take up what this subscriber left in the middle."""
    since = context.now() - context.resume_within
    with context.db.read() as tx:
        kept = checkpoints.load(tx, context.keys.subscriber(errand.caller), since)
    session = Session.from_json(kept.encode()) if kept else None
    return Restored(session) if session else Told("gone", {})


def forget(context: Context, errand: Errand) -> Told:
    """Forget what this subscriber left in the middle."""
    with suppress(DatabaseError), context.db.note() as tx:  # it will be too old soon
        checkpoints.forget(tx, context.keys.subscriber(errand.caller))
    return Told("home", {})
