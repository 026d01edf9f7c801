"""Who may call: client credentials for a bearer token, and the API user beside it on every call.

`POST /token` takes Basic client_id:client_secret; the other calls take `Authorization: Bearer`
and `X-AUTH-TOKEN: base64(user:password)`. The channel's number and PIN come with the order.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import Authorization

from simulators.bearers import Bearers, Client


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
    """The bearers, and what stands beside one on every call."""

    def __init__(
        self, account: Account, clock: Callable[[], datetime], mint: Callable[[], str]
    ) -> None:
        pair = f"{account.api_user}:{account.api_password}".encode()
        client = Client(account.client_id, account.client_secret)
        self.bearers = Bearers(client, clock, mint)
        self._x_auth_token = base64.b64encode(pair).decode()

    def admits(self, bearer: Authorization | None, x_auth_token: str | None) -> bool:
        return x_auth_token == self._x_auth_token and self.bearers.admits(bearer)
