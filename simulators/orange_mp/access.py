"""Who may call: client credentials for a bearer token, and the API user beside it on every call.

`POST /token` takes Basic client_id:client_secret; the other calls take `Authorization: Bearer`
and `X-AUTH-TOKEN: base64(user:password)`. The channel's number and PIN come with the order.
"""

import base64
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from werkzeug.datastructures import Authorization

LIFETIME: Final = timedelta(seconds=3600)


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's credentials at the operator; the defaults are the sandbox's, public."""

    client_id: str
    client_secret: str
    api_user: str
    api_password: str
    channel_msisdn: str
    channel_pin: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Account":
        """Read the application's own variables, so that setting one serves both sides."""

        def value(name: str, default: str) -> str:
            return environment.get(f"SARALI_ORANGE_MP_{name}") or default

        return cls(
            client_id=value("CLIENT_ID", "sandbox"),
            client_secret=value("CLIENT_SECRET", "sandbox"),
            api_user=value("API_USER", "sandbox"),
            api_password=value("API_PASSWORD", "sandbox"),
            channel_msisdn=value("CHANNEL_MSISDN", "70000000"),
            channel_pin=value("CHANNEL_PIN", "0000"),
        )


class Access:
    """The bearer tokens issued so far; a restart forgets them, as an operator's sometimes does."""

    def __init__(
        self, account: Account, clock: Callable[[], datetime], mint: Callable[[], str]
    ) -> None:
        pair = f"{account.api_user}:{account.api_password}".encode()
        self._account = account
        self._x_auth_token = base64.b64encode(pair).decode()
        self._clock = clock
        self._mint = mint
        self._lock = threading.Lock()
        self._expiries: dict[str, datetime] = {}

    def issue(self, basic: Authorization | None) -> str | None:
        """Return a bearer token good for LIFETIME, or None for the wrong client."""
        if basic is None or (basic.username, basic.password) != (
            self._account.client_id,
            self._account.client_secret,
        ):
            return None
        token = self._mint()
        now = self._clock()
        with self._lock:
            live = {old: expiry for old, expiry in self._expiries.items() if expiry > now}
            self._expiries = {**live, token: now + LIFETIME}
        return token

    def admits(self, bearer: Authorization | None, x_auth_token: str | None) -> bool:
        if bearer is None or bearer.token is None or x_auth_token != self._x_auth_token:
            return False
        with self._lock:
            expiry = self._expiries.get(bearer.token)
        return expiry is not None and self._clock() < expiry
