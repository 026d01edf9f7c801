"""OAuth 2 client credentials: a client and its secret for a bearer that lives an hour."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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
