"""What the outside world posts to us, from threads of its own.

Orange's mp callback is unsigned and sent once at most; a receiver that counts on it loses money
sooner or later. So an address that is down, slow or wrong is silence here too, never an error.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import urllib3

PAUSES: Final = (0.0, 1.0, 3.0)  # seconds before each try of who repeats what was not heard
_TIMEOUT_SECONDS = 5.0
# A kept connection that the other side has just closed would lose a post that is never repeated.
_FIXED = {"Content-Type": "application/json", "Connection": "close"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)


@dataclass(frozen=True, slots=True)
class Letter:
    """One post: JSON unless `headers` say otherwise; byte by byte, since it may be signed."""

    method: str
    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def deliver(letter: Letter) -> int:
    """Send `letter` and wait for the answer; return the HTTP status, 0 when there was none."""
    headers = {**_FIXED, **letter.headers}
    try:
        return _http.request(letter.method, letter.url, body=letter.body, headers=headers).status
    except urllib3.exceptions.HTTPError:
        return 0


def send(letter: Letter) -> None:
    """Send `letter` once, and return at once."""
    apart(lambda: deliver(letter))


def post_json(url: str, body: Mapping[str, object]) -> None:
    """Send `body` as JSON to `url` once, and return at once."""
    send(Letter("POST", url, json.dumps(body).encode()))


def post_form(url: str, form: Mapping[str, str]) -> None:
    """Send `form` URL-encoded to `url` once, and return at once."""
    send(Letter("POST", url, urlencode(form).encode(), _FORM))


def apart(action: Callable[[], object]) -> None:
    """Do something in a thread of its own."""
    threading.Thread(target=action, daemon=True).start()
