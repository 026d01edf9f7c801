"""The SMS providers there are, one line each, and how each is made from the environment.

`SARALI_SMS_PROVIDERS` says who carries how many texts of a hundred. The variable of an account's
field is `SARALI_SMS_<CODE>_<FIELD>`, `base_url` being `..._URL`; `..._PRICE`, the francs of a
segment, may be left out. What Africa's Talking needs stands among the settings.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sms import infobip, orange
from sms.africastalking import AfricasTalking
from sms.failover import PRODUCTION, SANDBOX, WHOLE, Providers
from sms.gateway import Gateway, HttpGateway
from sms.quiet import NIGHT
from ussd_app import connectors
from ussd_app.settings import Settings, SettingsError
from ussd_app.store.dispatch import SmppGateway
from ussd_app.store.redis import Store

_VARIABLE = "SARALI_SMS_PROVIDERS"
_PRICE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a provider is made from: its account (None: it has none of its own) and its price."""

    chosen: Settings
    account: Any
    price: Decimal | None

    @property
    def sender(self) -> str:
        """The registered sender."""
        return self.chosen.sarali_sms_sender

    def delivery_url(self, code: str) -> str:
        """Return the address of a provider's delivery reports."""
        secret = self.chosen.sarali_sms_secret
        door = f"{self.chosen.sarali_public_url.rstrip('/')}/sms/{code}/delivery"
        return f"{door}/{secret}" if secret else door


@dataclass(frozen=True, slots=True)
class Maker:
    """How a provider is made."""

    account: type[Any] | None
    make: Callable[[Wish], Gateway | HttpGateway]


def _africastalking(wish: Wish) -> AfricasTalking:
    chosen = wish.chosen
    return AfricasTalking(
        chosen.sarali_at_url, chosen.sarali_at_username, chosen.sarali_at_api_key, wish.sender
    )


def _infobip(wish: Wish) -> infobip.Infobip:
    return infobip.Infobip(wish.account, wish.sender, wish.delivery_url("infobip"), wish.price)


def _orange(wish: Wish) -> orange.Orange:
    return orange.Orange(wish.account, wish.sender, wish.price)


def _smpp(wish: Wish) -> SmppGateway:
    return SmppGateway(Store(wish.chosen.redis_url), wish.price)


PROVIDERS: Mapping[str, Maker] = {
    "africastalking": Maker(None, _africastalking),
    "infobip": Maker(infobip.Account, _infobip),
    "orange": Maker(orange.Account, _orange),
    "smpp": Maker(None, _smpp),
}


def employ(chosen: Settings) -> Providers:
    """Make the providers that are configured, and say how they share the texts.

    Raises:
        SettingsError: one is not known, lacks a variable, or the weights are none.
    """
    weights = _weights(chosen.sarali_sms_providers)
    made = {code: _made(code, chosen) for code in weights}
    sandbox = chosen.sandbox
    try:
        return Providers(
            made,
            weights,
            SANDBOX if sandbox else PRODUCTION,
            night=None if sandbox else NIGHT,  # who tries it out at night must see every text
            secret=chosen.sarali_sms_secret,
            doors_open=sandbox,
        )
    except ValueError as error:
        message = f"{_VARIABLE}: {error}"
        raise SettingsError(message) from error


def table() -> str:
    """Return the providers' variables as the Markdown table of README.md."""
    accounts = {f"sms_{code}": one.account for code, one in PROVIDERS.items() if one.account}
    return connectors.rows(accounts)


def _weights(text: str) -> dict[str, int]:
    weights: dict[str, int] = {}
    for part in text.split(","):
        code, _, weight = (piece.strip() for piece in part.partition(":"))
        if code not in PROVIDERS or code in weights:
            message = f"{_VARIABLE}: any of {' '.join(PROVIDERS)}, each once, not {code!r}"
            raise SettingsError(message)
        if weight and not (weight.isascii() and weight.isdigit()):
            message = f"{_VARIABLE}: the weight of {code} is a whole number"
            raise SettingsError(message)
        weights[code] = int(weight) if weight else WHOLE
    return weights


def _made(code: str, chosen: Settings) -> Gateway | HttpGateway:
    maker, name = PROVIDERS[code], f"sms_{code}"
    values = chosen.accounts
    account = connectors.read_account(name, maker.account, values) if maker.account else None
    variable = connectors.variable(name, "price")
    price = values.get(variable, "")
    if price and not _PRICE.fullmatch(price):
        message = f"{variable} is francs, as 12.5"
        raise SettingsError(message)
    return maker.make(Wish(chosen, account, Decimal(price) if price else None))
