"""The composition root: adapters are chosen here, and the clock and the dice live here."""

import os
import secrets
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import structlog

from menus import render
from payments import pacing
from payments.operators.base import Operator
from payments.operators.orange_mp import OrangeMp
from ussd_app import channels, metrics, providers
from ussd_app.connectors import connect
from ussd_app.dialects import DIALECTS
from ussd_app.manuscripts import Shelf
from ussd_app.settings import Settings
from ussd_app.store.database import Database
from ussd_app.store.redis import Store
from ussd_app.transport import Transport
from ussd_app.usecases.context import Channel, Context, Keys
from ussd_app.usecases.edition import publish

WALLETS = (OrangeMp.wallet,)
_LOOK_EVERY = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings.from_env(os.environ)


@lru_cache(maxsize=1)
def context() -> Context:
    """Return the context of this process.

    Making it opens no connection, so an rq worker may make it once and fork a process a job.
    """
    chosen = settings()
    pace = pacing.SANDBOX if chosen.sandbox else pacing.PRODUCTION
    operators = _operators(chosen)
    wallets = tuple(operator.wallet for operator in operators.values())
    offered = _channels(chosen)
    return Context(
        db=Database(chosen.database_url),
        redis=Store(chosen.redis_url),
        keys=Keys(chosen.sarali_secret_key),
        edition=publish(shelf().read(), wallets, _now().date()),
        channel=next(iter(offered.values())),
        channels=offered,
        operators=operators,
        sms=providers.employ(chosen),
        transport=Transport(),
        pace=pace,
        resume_within=timedelta(minutes=int(chosen.sarali_resume_minutes)),
        public_url=chosen.sarali_public_url.rstrip("/"),
        treasury_post=chosen.sarali_treasury_post,
        now=_now,
        below=secrets.randbelow,
        new_id=lambda: secrets.token_hex(16),
        checkpoint=_checkpoint(chosen),
    )


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """Return the catalogue and the texts this process is configured with.

    Raises:
        TranslationsError: a language is not one of ours.
    """
    chosen = settings()
    return Shelf(sandbox=chosen.sandbox, languages=chosen.languages, added=chosen.sarali_catalogue)


@lru_cache(maxsize=1)
def newsstand() -> "Newsstand":
    """Return what keeps this process at the newest edition."""
    return Newsstand(shelf())


class Newsstand:
    """Keeps a context at the newest edition. What cannot be used is refused; the old one stays."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._stamp = shelf.stamp()
        self._looked: datetime | None = None

    def newest(self, context: Context) -> Context:
        """Return `context`, at another edition if the files or the day have changed."""
        now = context.now()
        if self._looked is not None and abs(now - self._looked) < _LOOK_EVERY:
            return context
        self._looked = now
        stamp, day = self._shelf.stamp(), now.date()
        if stamp == self._stamp and day == context.edition.day:
            return context
        self._stamp = stamp
        try:
            edition = publish(self._shelf.read(), context.wallets, day)
        except Exception as error:  # noqa: BLE001  # whatever was written there, the old one stays
            reason = str(error) or type(error).__name__
            _log.error("edition_refused", reason=reason, kept=context.edition.mark)
            metrics.editions.labels("refused").inc()
            return replace(context, edition=replace(context.edition, day=day))
        _log.info("edition", mark=edition.mark)
        metrics.editions.labels("taken").inc()
        return replace(context, edition=edition)


def _now() -> datetime:
    return datetime.now(UTC)


def _channels(chosen: Settings) -> dict[str, Channel]:
    """In the sandbox every dialect has a channel of its name, whatever the file says."""
    known = channels.Known(
        DIALECTS, chosen.languages, chosen.operators, chosen.accounts, sandbox=chosen.sandbox
    )
    written = channels.read(Path(chosen.sarali_channels), known) if chosen.sarali_channels else {}
    return (_given(chosen) if chosen.sandbox or not written else {}) | written


def _given(chosen: Settings) -> dict[str, Channel]:
    names = tuple(DIALECTS) if chosen.sandbox else ("africastalking",)
    return {
        name: Channel(
            name,
            (chosen.sarali_ussd_code,),
            render.BUDGET_UNKNOWN,
            dialect=name,
            identity=DIALECTS[name].identity,
            deadline=DIALECTS[name].deadline,
            secret="" if chosen.sandbox else chosen.sarali_ussd_secret,
        )
        for name in names
    }


def _operators(chosen: Settings) -> dict[str, Operator]:
    return {
        code: connect(code, chosen.accounts, _now, sandbox=chosen.sandbox)
        for code in chosen.operators
    }


def _checkpoint(chosen: Settings) -> Callable[[str], None]:
    """In the sandbox, `SARALI_DIE_AT=label:file` kills the process at a label, the first time.

    That is how the tests prove that a death anywhere around the operator's call loses nothing.
    """
    label, _, mark = chosen.sarali_die_at.partition(":")
    if not (chosen.sandbox and label):
        return lambda _label: None

    def die(reached: str) -> None:
        if reached == label and not Path(mark).exists():
            Path(mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    return die
