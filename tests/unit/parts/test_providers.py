"""Which providers of SMS the environment names, and what is wrong with it when it is."""

from decimal import Decimal

import pytest

from sandbox.environment import environment
from sandbox.ports import Ports
from ussd_app import providers
from ussd_app.settings import Settings, SettingsError

PORTS = Ports(web=8000, orange=9, sms=9)
PRODUCTION = {"SARALI_ENV": "production", "SARALI_USSD_SECRET": "x" * 32}


def settings(**changes: str) -> Settings:
    base = environment({}, PORTS, "postgresql+psycopg://127.0.0.1/none", "redis://127.0.0.1:9")
    return Settings.from_env({**base, **changes})


def test_one_provider_carries_everything_unless_told_otherwise() -> None:
    assert providers.employ(settings()).weights == {"africastalking": 100}


def test_every_provider_can_be_employed() -> None:
    codes = list(providers.PROVIDERS)
    shares = ",".join(f"{code}:{100 if code == codes[0] else 0}" for code in codes)
    employed = providers.employ(settings(SARALI_SMS_PROVIDERS=shares))
    assert {code: one.code for code, one in employed.by_code.items()} == {c: c for c in codes}


def test_the_price_of_a_segment_may_be_known() -> None:
    chosen = settings(SARALI_SMS_PROVIDERS="infobip", SARALI_SMS_INFOBIP_PRICE="12.5")
    assert providers.employ(chosen).by_code["infobip"].price == Decimal("12.5")


def test_in_the_sandbox_nothing_waits_for_the_morning_and_the_doors_are_open() -> None:
    employed = providers.employ(settings())
    assert (employed.night, employed.doors_open) == (None, True)


def test_in_production_there_is_a_night_and_the_doors_are_closed() -> None:
    employed = providers.employ(settings(**PRODUCTION))
    assert employed.night is not None
    assert not employed.doors_open


@pytest.mark.parametrize(
    "changes",
    [
        {"SARALI_SMS_PROVIDERS": "carrier_pigeon"},
        {"SARALI_SMS_PROVIDERS": "infobip:60,orange:30"},
        {"SARALI_SMS_PROVIDERS": "infobip:50,infobip:50"},
        {"SARALI_SMS_PROVIDERS": "infobip:-50,orange:150"},
        {"SARALI_SMS_PROVIDERS": "infobip:many"},
        {"SARALI_SMS_PROVIDERS": "infobip:50,"},
        {"SARALI_SMS_PROVIDERS": "infobip", "SARALI_SMS_INFOBIP_API_KEY": ""},
        {"SARALI_SMS_PROVIDERS": "infobip", "SARALI_SMS_INFOBIP_PRICE": "NaN"},
        {"SARALI_SMS_PROVIDERS": "infobip", "SARALI_SMS_INFOBIP_PRICE": "-1"},
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="SARALI_SMS_"):
        providers.employ(settings(**changes))
