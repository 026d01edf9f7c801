"""The only reader of the environment. `README.md` carries the table `flask settings` prints."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import Any

SECRET_CHARACTERS_MIN = 32
_OURS = ("sarali_", "database_url", "redis_url")


class Environment(StrEnum):
    """`sandbox` opens the sandbox's doors and shortens the operators' patience."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class SettingsError(ValueError):
    """A setting is missing or wrong: names the variable and the reason."""


def _about(about: str, *, default: str | None = None, secret: bool = False) -> dict[str, object]:
    return {"about": about, "default": default, "secret": secret}


@dataclass(frozen=True)
class Settings:
    """Everything configurable. A variable without a default must be set."""

    sarali_env: Environment = field(
        metadata=_about("`sandbox` or `production`", default="production")
    )
    database_url: str = field(
        metadata=_about("PostgreSQL, as `postgresql+psycopg://…`", secret=True), repr=False
    )
    redis_url: str = field(
        metadata=_about("Redis or Valkey, as `redis://…` or `unix://…`", secret=True), repr=False
    )
    sarali_secret_key: str = field(
        metadata=_about(
            "32 characters or more; keys the hashes that stand for numbers", secret=True
        ),
        repr=False,
    )
    sarali_public_url: str = field(metadata=_about("where operators reach us, as `https://…`"))
    sarali_ussd_code: str = field(metadata=_about("the short code citizens dial", default="*789#"))
    sarali_languages: str = field(
        metadata=_about("those offered, of `fr bm ff ses en`", default="fr,bm"), repr=True
    )
    sarali_catalogue: str = field(
        metadata=_about(
            "a folder of an authority's own `*.toml`, and of texts in `locales/`, read when it"
            " changes",
            default="",
        ),
        repr=True,
    )
    sarali_resume_minutes: str = field(
        metadata=_about("how long a session cut in the middle can be taken up", default="10"),
        repr=True,
    )
    sarali_ussd_secret: str = field(
        metadata=_about(
            "production: ends the gateway's path, `/ussd/africastalking/<secret>`",
            default="",
            secret=True,
        ),
        repr=False,
    )
    sarali_channels: str = field(
        metadata=_about(
            "a TOML file of channels (docs/channels.md); none: Africa's Talking alone", default=""
        ),
        repr=True,
    )
    sarali_proxies: str = field(
        metadata=_about("how many proxies of ours stand before the web server", default="0")
    )
    sarali_proxy_networks: str = field(
        metadata=_about(
            "where those proxies are, as `10.0.0.0/8 192.0.2.7`: nobody else is heard as one",
            default="",
        )
    )
    sarali_certificate_header: str = field(
        metadata=_about(
            "the header in which those proxies tell the client certificate's fingerprint",
            default="x-client-certificate",
        )
    )
    sarali_treasury_post: str = field(
        metadata=_about("the accounting post whose quittances are numbered", default="PGT"),
        repr=True,
    )
    sarali_operators: str = field(
        metadata=_about("those enabled, the default one first", default="orange_mp"), repr=True
    )
    sarali_at_url: str = field(
        metadata=_about("Africa's Talking: API host", default="https://api.africastalking.com"),
        repr=True,
    )
    sarali_at_username: str = field(metadata=_about("Africa's Talking: username"))
    sarali_at_api_key: str = field(
        metadata=_about("Africa's Talking: API key", secret=True), repr=False
    )
    sarali_sms_sender: str = field(
        metadata=_about("the registered sender of messages", default="SARALI")
    )
    sarali_sms_providers: str = field(
        metadata=_about(
            "who carries how many messages of a hundred, as `africastalking:60,infobip:40`",
            default="africastalking:100",
        ),
        repr=True,
    )
    sarali_sms_secret: str = field(
        metadata=_about(
            "production: ends the addresses of delivery reports and inbound messages,"
            " `/sms/<provider>/{delivery,inbound}/<secret>`; without it none are taken",
            default="",
            secret=True,
        ),
        repr=False,
    )
    sarali_die_at: str = field(
        metadata=_about(
            "sandbox: `label:file`, kills the process at a labelled point, once", default=""
        ),
        repr=True,
    )

    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)  # of the operators

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from `environ`.

        Raises:
            SettingsError: at the first variable that is missing or wrong.
        """
        values: dict[str, Any] = {}
        for setting in _listed():
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
        chosen = cls(**values, accounts=_accounts(environ))
        chosen._check()
        return chosen

    def _check(self) -> None:
        secrets = {"SARALI_SECRET_KEY": self.sarali_secret_key}
        # Anybody who knows the path may claim to be any telephone; a file has its own rule.
        if not self.sandbox and not self.sarali_channels:
            secrets["SARALI_USSD_SECRET"] = self.sarali_ussd_secret
        for name, secret in secrets.items():
            if len(secret) < SECRET_CHARACTERS_MIN:
                message = f"{name} needs {SECRET_CHARACTERS_MIN} characters or more"
                raise SettingsError(message)
        for name in ("sarali_proxies", "sarali_resume_minutes"):
            value: str = getattr(self, name)
            if not (value.isascii() and value.isdigit()):
                message = f"{name.upper()} is a number"
                raise SettingsError(message)

    @property
    def operators(self) -> tuple[str, ...]:
        """The codes of the operators, the default one first."""
        codes = (code.strip() for code in self.sarali_operators.split(","))
        return tuple(dict.fromkeys(code for code in codes if code))

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages offered, the first one first."""
        codes = (code.strip() for code in self.sarali_languages.split(","))
        return tuple(dict.fromkeys(code for code in codes if code))

    @property
    def sandbox(self) -> bool:
        """Whether this is the sandbox."""
        return self.sarali_env is Environment.SANDBOX


def _listed() -> list[Field[Any]]:
    """The settings that are one variable each."""
    return [setting for setting in fields(Settings) if setting.name.startswith(_OURS)]


def _accounts(environ: Mapping[str, str]) -> dict[str, str]:
    """Whatever else begins with our name: the operators' accounts, which know their own."""
    known = {setting.name.upper() for setting in _listed()}
    return {n: v for n, v in environ.items() if n.startswith("SARALI_") and n not in known}


def table() -> str:
    """Return the settings as the Markdown table of README.md."""
    rows = ["| variable | meaning | default |", "|---|---|---|"]
    for setting in _listed():
        about, default = setting.metadata["about"], setting.metadata["default"]
        mark = " (secret)" if setting.metadata["secret"] else ""
        shown = "required" if default is None else f"`{default}`" if default else "none"
        rows.append(f"| `{setting.name.upper()}` | {about}{mark} | {shown} |")
    return "\n".join(rows)
