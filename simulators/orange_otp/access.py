"""A merchant's credentials at the operator, and where it wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

LIFETIME: Final = timedelta(seconds=299)  # of a bearer


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant at the operator; the defaults are the sandbox's, public.

    Callbacks go to `callback_url`, signed with every one of `callback_secrets`; nowhere when it is
    empty. `wrong_otp_code` is the `code` of a refused password: the true one is not public.
    """

    client_id: str = "sandbox"
    client_secret: str = "sandbox"
    partner_code: str = "000000"
    callback_url: str = ""
    callback_secrets: tuple[str, ...] = ("sandbox",)
    wrong_otp_code: str = "sandbox-otp"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Account":
        """Read the application's own variables, so that setting one serves both sides."""

        def value(name: str, default: str) -> str:
            return environment.get(f"SARALI_ORANGE_OTP_{name}") or default

        plain = cls()
        secrets = value("CALLBACK_SECRETS", ",".join(plain.callback_secrets)).split(",")
        return cls(
            client_id=value("CLIENT_ID", plain.client_id),
            client_secret=value("CLIENT_SECRET", plain.client_secret),
            partner_code=value("PARTNER_CODE", plain.partner_code),
            callback_url=environment.get("SIM_ORANGE_OTP_CALLBACK_URL", plain.callback_url),
            callback_secrets=tuple(secrets),
            wrong_otp_code=value("WRONG_OTP_CODES", plain.wrong_otp_code).partition(",")[0],
        )
