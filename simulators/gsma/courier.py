"""Callbacks with a method and headers of their own: sent once, and never again."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field

import urllib3

_TIMEOUT_SECONDS = 5.0
# A kept connection that the other side has just closed would lose what is never repeated.
_http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)


@dataclass(frozen=True, slots=True)
class Letter:
    """One callback: a JSON body as it is, byte by byte, since it may be signed."""

    method: str
    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def send(letter: Letter) -> None:
    """Send `letter` from a thread of its own; an address that is down or wrong is silence."""

    def try_once() -> None:
        fixed = {"Content-Type": "application/json", "Connection": "close"}
        with suppress(urllib3.exceptions.HTTPError):
            _http.request(
                letter.method, letter.url, body=letter.body, headers={**fixed, **letter.headers}
            )

    threading.Thread(target=try_once, daemon=True).start()
