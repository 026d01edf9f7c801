"""OAuth 2 client credentials: a client and its secret for a bearer that lives a while."""

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Authorization

LIFETIME: Final = timedelta(seconds=3600)


@dataclass(frozen=True, slots=True)
class Client:
    """Who may ask for a bearer."""

    client_id: str
    client_secret: str


class Bearers:
    """Those issued so far; a restart forgets them, as an operator's sometimes does."""

    def __init__(
        self, client: Client, clock: Callable[[], datetime], mint: Callable[[], str]
    ) -> None:
        self._client = client
        self._clock = clock
        self._mint = mint
        self._lock = threading.Lock()
        self._expiries: dict[str, datetime] = {}

    def issue(self, basic: Authorization | None) -> dict[str, object] | None:
        """Return the answer that holds a bearer, or None for the wrong client."""
        known = (self._client.client_id, self._client.client_secret)
        if basic is None or (basic.username, basic.password) != known:
            return None
        bearer, now = self._mint(), self._clock()
        with self._lock:
            live = {old: expiry for old, expiry in self._expiries.items() if expiry > now}
            self._expiries = {**live, bearer: now + LIFETIME}
        seconds = int(LIFETIME.total_seconds())
        return {"access_token": bearer, "token_type": "Bearer", "expires_in": seconds}

    def admits(self, authorization: Authorization | None) -> bool:
        if authorization is None or authorization.token is None:
            return False
        with self._lock:
            expiry = self._expiries.get(authorization.token)
        return expiry is not None and self._clock() < expiry


def tokens(path: str, bearers: Bearers) -> Blueprint:
    """Serve bearers at `path`: Basic client_id:client_secret, form grant_type."""
    routes = Blueprint("tokens", __name__)

    @routes.post(path)
    def token() -> ResponseReturnValue:
        if request.form.get("grant_type") != "client_credentials":
            return {"error": "unsupported_grant_type"}, HTTPStatus.BAD_REQUEST
        issued = bearers.issue(request.authorization)
        return issued or ({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED)

    return routes


class SignedBearers:
    """Bearers that say themselves until when they are good, signed: a restart forgets none."""

    def __init__(self, clock: Callable[[], datetime], key: str, lifetime: timedelta) -> None:
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
