"""The edition of the sandbox, and what the effects of its dialogue would tell.

The facts are written by the application's own wording, so a screen here is the screen there.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial

from domain import check_digits
from domain.bill import Bill
from domain.catalogue import Catalogue
from domain.msisdn import Msisdn, Network
from domain.texts import Texts
from domain.wallet import Wallet
from menus import render, service
from payments import routing
from payments.operators.orange_mp import OrangeMp
from registries import requests
from registries.requests import Request
from sandbox import operators
from ussd_app.connectors import CONNECTORS, connect
from ussd_app.manuscripts import Shelf
from ussd_app.usecases import wording
from ussd_app.usecases.edition import publish

BUDGET = render.BUDGET_UNKNOWN
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = NOW.date()
BILL = check_digits.append("48219370")
RECEIPT = check_digits.append("73910264851937")
CALLER = "70000001"
STRANGER = "76123456"
NINA = "12345678901234A"


def every_wallet() -> tuple[Wallet, ...]:
    """The wallet of every operator there is, so that a new one is proved without being told."""
    return tuple(
        connect(
            code, operators.variables(code, 9, "http://127.0.0.1"), lambda: NOW, sandbox=True
        ).wallet
        for code in CONNECTORS
    )


WALLETS: tuple[Wallet, ...] = (OrangeMp.wallet,)  # what is enabled unless somebody says otherwise
# One wallet more than there is: the choice of a wallet is a screen only when there is a choice,
# and giving a payment up is one only where a wallet allows it.
ANOTHER = Wallet("moov", "Moov Money", Network.MOOV, cancels=True)
BOTH = (*WALLETS, ANOTHER)

MANUSCRIPT = Shelf(sandbox=True, languages=("fr", "bm")).read()
LANGUAGES = dict(MANUSCRIPT.languages)
_EDITION = publish(MANUSCRIPT, WALLETS, TODAY)
CATALOGUE, TEXTS = _EDITION.catalogue, _EDITION.texts
DIALOGUE = _EDITION.dialogue
FULL_DIALOGUE = service.build(CATALOGUE, BOTH, LANGUAGES, TODAY)


def facts_of_bill(
    bill: Bill,
    caller: str = CALLER,
    wallets: Sequence[Wallet] = WALLETS,
    down: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """What finding `bill` tells a caller (national number); `down`: wallets that do not respond."""
    up = [wallet for wallet in wallets if wallet.code not in down]
    wallet = routing.first_choice(up or wallets, Msisdn.parse(caller))
    return {**wording.offered(bill, wallet), **wording.of_wallets(wallets, down)}


def read_request(
    service_code: str,
    answers: Mapping[str, str],
    day: date = TODAY,
    catalogue: Catalogue = CATALOGUE,
) -> Request:
    """The request for a service, at the tariff of `day`."""
    return requests.read(catalogue, service_code, answers, day)


def detail_of(
    request: Request, lang: str, catalogue: Catalogue = CATALOGUE, words: Texts = TEXTS
) -> dict[str, str]:
    """What the citizen typed, as the confirmation repeats it; "again" is said of one request."""
    return wording.of_request(request, catalogue, partial(words.get, lang))
