"""Who may call: a client's credentials for a bearer, and the bearer on every other call."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from werkzeug.datastructures import Authorization

LIFETIME: Final = timedelta(seconds=299)


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


class Bearers:
    """Bearers that say themselves until when they are good, signed: a restart forgets none."""

    def __init__(
        self, clock: Callable[[], datetime], key: str, lifetime: timedelta = LIFETIME
    ) -> None:
        """Take the clock (UTC) and what the bearers are signed with."""
        self.lifetime = lifetime
        self._clock = clock
        self._key = key.encode()

    def issue(self) -> str:
        """Return a bearer good for `lifetime`."""
        return self._signed(f"{(self._clock() + self.lifetime).timestamp():.3f}")

    def admit(self, given: Authorization | None) -> bool:
        if given is None or given.type != "bearer" or given.token is None:
            return False
        expiry = given.token.partition("-")[0]
        right = self._signed(expiry).encode()
        if not hmac.compare_digest(given.token.encode(errors="replace"), right):
            return False
        return self._clock().timestamp() < float(expiry)

    def _signed(self, expiry: str) -> str:
        signature = hmac.digest(self._key, expiry.encode(errors="replace"), "sha256").hex()
        return f"{expiry}-{signature}"
