"""The only reader of the environment. `README.md` carries the table `flask settings` prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

SECRET_CHARACTERS_MIN = 32


class Environment(StrEnum):
    """`sandbox` opens the sandbox's doors and shortens the operators' patience."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class SettingsError(ValueError):
    """A setting is missing or wrong: names the variable and the reason."""


def _variable(about: str, *, default: str | None = None, secret: bool = False) -> Any:  # noqa: ANN401  # dataclasses.field's own type
    metadata = {"about": about, "default": default, "secret": secret}
    return field(metadata=metadata, repr=not secret)


@dataclass(frozen=True)
class Settings:
    """Everything configurable. A variable without a default must be set."""

    sarali_env: Environment = _variable("`sandbox` or `production`", default="production")
    database_url: str = _variable("PostgreSQL, as `postgresql+psycopg://…`", secret=True)
    redis_url: str = _variable("Redis or Valkey, as `redis://…` or `unix://…`", secret=True)
    sarali_secret_key: str = _variable(
        "32 characters or more; keys the hashes that stand for numbers", secret=True
    )
    sarali_public_url: str = _variable("where operators reach us, as `https://…`")
    sarali_ussd_code: str = _variable("the short code citizens dial", default="*789#")
    sarali_treasury_post: str = _variable(
        "the accounting post whose quittances are numbered", default="PGT"
    )
    sarali_orange_mp_url: str = _variable("Orange Money mp: host, from the contract")
    sarali_orange_mp_client_id: str = _variable("Orange Money mp: OAuth client")
    sarali_orange_mp_client_secret: str = _variable("Orange Money mp: its secret", secret=True)
    sarali_orange_mp_api_user: str = _variable("Orange Money mp: X-AUTH-TOKEN user")
    sarali_orange_mp_api_password: str = _variable("Orange Money mp: its password", secret=True)
    sarali_orange_mp_channel_msisdn: str = _variable("Orange Money mp: the merchant's number")
    sarali_orange_mp_channel_pin: str = _variable(
        "Orange Money mp: the merchant channel's PIN", secret=True
    )
    sarali_at_url: str = _variable(
        "Africa's Talking: API host", default="https://api.africastalking.com"
    )
    sarali_at_username: str = _variable("Africa's Talking: username")
    sarali_at_api_key: str = _variable("Africa's Talking: API key", secret=True)
    sarali_sms_sender: str = _variable("the registered sender of messages", default="SARALI")
    sarali_die_at: str = _variable(
        "sandbox: `label:file`, kills the process at a labelled point, once", default=""
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from `environ`.

        Raises:
            SettingsError: at the first variable that is missing or wrong.
        """
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = setting.name.upper()
            value = environ.get(name) or setting.metadata["default"]
            if value is None:
                message = f"{name} is not set: {setting.metadata['about']}"
                raise SettingsError(message)
            values[setting.name] = value
        try:
            values["sarali_env"] = Environment(values["sarali_env"])
        except ValueError:
            message = "SARALI_ENV is sandbox or production"
            raise SettingsError(message) from None
        if len(values["sarali_secret_key"]) < SECRET_CHARACTERS_MIN:
            message = f"SARALI_SECRET_KEY needs {SECRET_CHARACTERS_MIN} characters or more"
            raise SettingsError(message)
        return cls(**values)

    @property
    def sandbox(self) -> bool:
        """Whether this is the sandbox."""
        return self.sarali_env is Environment.SANDBOX


def table() -> str:
    """Return the settings as the Markdown table of README.md."""
    rows = ["| variable | meaning | default |", "|---|---|---|"]
    for setting in fields(Settings):
        about, default = setting.metadata["about"], setting.metadata["default"]
        mark = " (secret)" if setting.metadata["secret"] else ""
        shown = "required" if default is None else f"`{default}`" if default else "none"
        rows.append(f"| `{setting.name.upper()}` | {about}{mark} | {shown} |")
    return "\n".join(rows)
