"""What each simulated operator and the application must be told of one another."""

from collections.abc import Mapping

from sandbox.ports import HOST

DEFAULT = "orange_mp"
# The variables of the account, `{port}` being the simulator's and `{public}` ours.
_ACCOUNTS: Mapping[str, Mapping[str, str]] = {
    "orange_mp": {
        "URL": "http://{host}:{port}",
        "CLIENT_ID": "sandbox",
        "CLIENT_SECRET": "sandbox",
        "API_USER": "sandbox",
        "API_PASSWORD": "sandbox",
        "CHANNEL_MSISDN": "70000000",
        "CHANNEL_PIN": "0000",
    },
    "orange_otp": {
        "URL": "http://{host}:{port}",
        "CLIENT_ID": "sandbox",
        "CLIENT_SECRET": "sandbox",
        "PARTNER_CODE": "000000",
        "DIAL": "#144#391#",
        "CALLBACK_TOKEN": "sandbox-orange-otp",
        "CALLBACK_SECRETS": "sandbox-old,sandbox-new",
        "WRONG_OTP_CODES": "sandbox-otp",
    },
    "orange_web": {
        "URL": "http://{host}:{port}",
        "COUNTRY": "dev",
        "CURRENCY": "OUV",
        "CLIENT_ID": "sandbox",
        "CLIENT_SECRET": "sandbox",
        "MERCHANT_KEY": "sandbox",
        "RETURN_URL": "{public}",
    },
    "moov": {"URL": "http://{host}:{port}", "TOKEN": "sandbox"},
    "wave": {
        "URL": "http://{host}:{port}",
        "API_KEY": "sandbox",
        "RETURN_URL": "https://sarali.example/retour/{bill_number}",
        "CALLBACK_TOKEN": "sandbox-door",
        "CALLBACK_SECRETS": "sandbox",
    },
    "gsma": {
        "URL": "http://{host}:{port}/v1.2/mm",
        "TOKEN_URL": "http://{host}:{port}/oauth/accesstoken",
        "CLIENT_ID": "sandbox",
        "CLIENT_SECRET": "sandbox",
        "API_KEY": "sandbox",
        "PAYEE_TYPE": "organisationid",
        "PAYEE": "TRESOR",
    },
    "pi_spi": {
        "URL": "http://{host}:{port}/piz/v1",
        "TOKEN_URL": "http://{host}:{port}/oauth/token",
        "CLIENT_ID": "sandbox",
        "CLIENT_SECRET": "sandbox",
        "PAYEE_ALIAS": "MLB00_2E4TY",
        "CALLBACK_TOKEN": "sandbox-pi-spi",
        "CALLBACK_SECRETS": "sandbox",
    },
    "dialcode": {
        "URL": "http://{host}:{port}",
        "TOKEN": "sandbox",
        "BRAND": "Code USSD",
        "DIAL": "*166*4*000000*{amount}#",
    },
}
# Where those that ring at an account's door ring.
_DOORS = {
    "orange_otp": ("SIM_ORANGE_OTP_CALLBACK_URL", "sandbox-orange-otp"),
    "wave": ("SIM_WAVE_WEBHOOK_URL", "sandbox-door"),
    "pi_spi": ("SIM_PI_SPI_CALLBACK_URL", "sandbox-pi-spi"),
}
OTHERS = tuple(code for code in _ACCOUNTS if code != DEFAULT)


def enabled(outside: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes of the operators of this sandbox, the default one first."""
    codes = (code.strip() for code in outside.get("SARALI_OPERATORS", DEFAULT).split(","))
    return tuple(dict.fromkeys(code for code in codes if code in _ACCOUNTS))


def variables(code: str, port: int, public_url: str) -> dict[str, str]:
    """Return the variables of one operator, simulator and account."""
    filled = {
        f"SARALI_{code.upper()}_{name}": value.replace("{host}", HOST)
        .replace("{port}", str(port))
        .replace("{public}", public_url)
        for name, value in _ACCOUNTS[code].items()
    }
    if code in _DOORS:
        name, token = _DOORS[code]
        filled[name] = f"{public_url}/callbacks/{code}/{token}"
    port_name = "SIM_ORANGE_PORT" if code == DEFAULT else f"SIM_{code.upper()}_PORT"
    return filled | {port_name: str(port)}
