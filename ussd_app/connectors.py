"""The operators there are, one line each, and how each is made from the environment.

What an operator needs to know of us stands in its `Account`; the variable of a field is
`SARALI_<CODE>_<FIELD>`, `base_url` being `SARALI_<CODE>_URL`. Several values are separated by
commas. A ninth operator is one file in payments/operators and one line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from datetime import datetime
from typing import Any

from payments.operators import dialcode, gsma, moov, orange_mp, orange_otp, orange_web, pi_spi, wave
from payments.operators.base import Operator
from ussd_app.settings import SettingsError

_TIMEOUT = {True: 3.0, False: 20.0}  # sandbox, production: of one call
_SANDBOX_EXPIRY = 20.0
_SETTLING = {True: 5.0, False: 900.0}  # until a list of transactions is sure to be complete

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Connector:
    """How an operator is made. `expiry` is the production one, in seconds."""

    account: type[Any]
    make: Callable[..., Operator]
    expiry: float


CONNECTORS: Mapping[str, Connector] = {
    "orange_mp": Connector(orange_mp.Account, orange_mp.OrangeMp, 420.0),
    "orange_otp": Connector(orange_otp.Account, orange_otp.OrangeOtp, 600.0),
    "orange_web": Connector(orange_web.Account, orange_web.OrangeWeb, 600.0),
    "moov": Connector(moov.Account, moov.Moov, 300.0),
    "wave": Connector(wave.Account, wave.Wave, 1800.0),
    "gsma": Connector(gsma.Account, gsma.Gsma, 300.0),
    "pi_spi": Connector(pi_spi.Account, pi_spi.PiSpi, 900.0),
    "dialcode": Connector(dialcode.Account, dialcode.Dialcode, 604_800.0),  # to dial: a week
}


def connect(code: str, values: Mapping[str, str], now: Clock, *, sandbox: bool) -> Operator:
    """Make an operator from the variables that are its own.

    Raises:
        SettingsError: there is no such operator, or a variable of its account is missing.
    """
    if code not in CONNECTORS:
        raise SettingsError(f"SARALI_OPERATORS: any of {' '.join(CONNECTORS)}, not {code}")
    connector = CONNECTORS[code]
    account = read_account(code, connector.account, values)
    expiry = _SANDBOX_EXPIRY if sandbox else connector.expiry
    more = {"settling": _SETTLING[sandbox], "now": now} if connector.make is wave.Wave else {}
    return connector.make(account, timeout=_TIMEOUT[sandbox], expiry=expiry, **more)


def read_account(code: str, kind: type[Any], values: Mapping[str, str]) -> object:
    """Read an account from the variables that are its own.

    Raises:
        SettingsError: one is missing, or breaks the account's own rules.
    """
    try:
        return kind(
            **{one.name: _value(one, variable(code, one.name), values) for one in fields(kind)}
        )
    except SettingsError:
        raise
    except ValueError as error:
        message = f"the account of {code}: {error}"
        raise SettingsError(message) from error


def variable(code: str, name: str) -> str:
    """Return the variable of an account's field."""
    return f"SARALI_{code.upper()}_{name.removeprefix('base_').upper()}"


def table() -> str:
    """Return the operators' variables as the Markdown table of README.md."""
    return rows({code: connector.account for code, connector in CONNECTORS.items()})


def rows(accounts: Mapping[str, type[Any]]) -> str:
    """Return the variables of accounts as a Markdown table."""
    lines = ["| variable | |", "|---|---|"]
    for code, account in accounts.items():
        for one in fields(account):
            mark = "secret" if not one.repr else ""
            lines.append(f"| `{variable(code, one.name)}` | {mark} |")
    return "\n".join(lines)


def _value(one: Field[Any], name: str, values: Mapping[str, str]) -> object:
    value = values.get(name, "")
    if not value:
        raise SettingsError(f"{name} is not set")
    if str(one.type).startswith("tuple"):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if str(one.type).startswith("frozenset"):
        return frozenset(part.strip() for part in value.split(",") if part.strip())
    return value.rstrip("/") if one.name == "base_url" else value
