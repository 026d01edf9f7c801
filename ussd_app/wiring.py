"""The composition root: adapters are chosen here, and the clock and the dice live here."""

import os
import secrets
import signal
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from domain.catalogue import Catalogue, reading
from menus import render, service
from payments import pacing
from payments.operators.base import Operator
from payments.operators.orange_mp import Account, OrangeMp
from sms.africastalking import AfricasTalking
from ussd_app.settings import Settings
from ussd_app.store.database import Database
from ussd_app.store.redis import Store
from ussd_app.translations import Translations
from ussd_app.transport import Transport
from ussd_app.usecases.context import Channel, Context, Keys

ROOT = Path(__file__).parents[1]
LANGUAGES = {"fr": "Français", "bm": "Bamanankan"}
_CATALOGUE_FILES = ("services.toml", "offences.toml", "places.toml")
_DEMO_FILE = "demo.toml"


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
    catalogue, texts = words_and_prices(sandbox=chosen.sandbox)
    wallets = tuple(operator.wallet for operator in operators.values())
    return Context(
        db=Database(chosen.database_url),
        redis=Store(chosen.redis_url),
        keys=Keys(chosen.sarali_secret_key),
        catalogue=catalogue,
        dialogue=service.build(catalogue, wallets, LANGUAGES),
        texts=texts,
        channel=Channel("africastalking", chosen.sarali_ussd_code, render.BUDGET_UNKNOWN),
        operators=operators,
        gateway=AfricasTalking(
            chosen.sarali_at_url,
            chosen.sarali_at_username,
            chosen.sarali_at_api_key,
            chosen.sarali_sms_sender,
        ),
        transport=Transport(),
        pace=pace,
        public_url=chosen.sarali_public_url.rstrip("/"),
        treasury_post=chosen.sarali_treasury_post,
        now=lambda: datetime.now(UTC),
        below=secrets.randbelow,
        new_id=lambda: secrets.token_hex(16),
        checkpoint=_checkpoint(chosen),
    )


@lru_cache(maxsize=2)
def words_and_prices(*, sandbox: bool) -> tuple[Catalogue, Translations]:
    """Return the catalogue and the texts, read from their files.

    Raises:
        CatalogueError: a catalogue file cannot be used.
        ValueError: a catalogue of texts cannot be used.
    """
    names = (*_CATALOGUE_FILES, _DEMO_FILE) if sandbox else _CATALOGUE_FILES
    folder = ROOT / "domain" / "catalogue"
    files = {name: tomllib.loads((folder / name).read_text("utf-8")) for name in names}
    texts = Translations.read(ROOT / "locales", tuple(LANGUAGES))
    return reading.read(files), texts


def _operators(chosen: Settings) -> dict[str, Operator]:
    account = Account(
        base_url=chosen.sarali_orange_mp_url.rstrip("/"),
        client_id=chosen.sarali_orange_mp_client_id,
        client_secret=chosen.sarali_orange_mp_client_secret,
        api_user=chosen.sarali_orange_mp_api_user,
        api_password=chosen.sarali_orange_mp_api_password,
        channel_msisdn=chosen.sarali_orange_mp_channel_msisdn,
        channel_pin=chosen.sarali_orange_mp_channel_pin,
    )
    # The documented expiry is about 7 minutes; the simulator's is 20 s.
    timeout, expiry = (3.0, 20.0) if chosen.sandbox else (20.0, 420.0)
    orange = OrangeMp(account, timeout=timeout, expiry=expiry)
    return {orange.wallet.code: orange}


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
