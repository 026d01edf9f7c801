"""The catalogue, the words and the dialogue of the sandbox, and what its effects would tell.

The facts are written by the application's own wording, so a screen here is the screen there.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from importlib import import_module

from domain import check_digits
from domain.bill import Bill
from domain.catalogue import Catalogue
from domain.msisdn import Msisdn
from domain.wallet import Wallet
from menus import render
from menus.service import build
from payments import operators, routing
from registries import requests
from registries.requests import Request
from ussd_app.usecases import wording
from ussd_app.wiring import LANGUAGES, words_and_prices

CATALOGUE, TEXTS = words_and_prices(sandbox=True)
BUDGET = render.BUDGET_UNKNOWN
TODAY = date(2026, 11, 22)
BILL = check_digits.append("48219370")
RECEIPT = check_digits.append("73910264851937")
CALLER = "70000001"
STRANGER = "76123456"
NINA = "12345678901234A"


def _wallets() -> Iterator[Wallet]:
    """The wallet of every connector there is, so that a new one is proved without being told."""
    for found in pkgutil.iter_modules(operators.__path__):
        module = import_module(f"{operators.__name__}.{found.name}")
        for connector in vars(module).values():
            wallet = getattr(connector, "wallet", None)
            if isinstance(wallet, Wallet):
                yield wallet


WALLETS = tuple(dict.fromkeys(_wallets()))
DIALOGUE = build(CATALOGUE, WALLETS, LANGUAGES)
# One wallet more than there is: the choice of a wallet is a screen only when there is a choice.
ANOTHER = Wallet("another", "Telecel Money", None)
FULL_DIALOGUE = build(CATALOGUE, (*WALLETS, ANOTHER), LANGUAGES)

# Declared and priced, but off: to go live each brings its own label and its family's title.
OFF = [
    service for service in CATALOGUE.services.values() if service.tariffs and not service.enabled
]
_FAMILIES = {service.family for service in CATALOGUE.services.values() if service.enabled}
NEW_WORDS = {f"service.{service.code}" for service in OFF} | {
    f"title.{service.family}" for service in OFF if service.family not in _FAMILIES
}
LIVE = {service.code: replace(service, enabled=True) for service in OFF}
LIVE_DIALOGUE = build(
    replace(CATALOGUE, services={**CATALOGUE.services, **LIVE}), WALLETS, LANGUAGES
)


def facts_of_bill(bill: Bill, caller: str = CALLER) -> dict[str, str]:
    """What finding `bill` tells a caller (national number)."""
    wallet = routing.first_choice(WALLETS, Msisdn.parse(caller))
    return wording.offered(bill, wallet)


def read_request(
    service_code: str,
    answers: Mapping[str, str],
    day: date = TODAY,
    catalogue: Catalogue = CATALOGUE,
) -> Request:
    """The request for a service, at the tariff of `day`."""
    return requests.read(catalogue, service_code, answers, day)


def detail_of(request: Request) -> dict[str, str]:
    """What the citizen typed, as the confirmation repeats it; "again" is said of one request."""
    return wording.of_request(request, CATALOGUE.places)
