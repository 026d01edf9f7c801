"""What the outside world posts to us: once, and never again, whatever comes of it.

Orange's mp callback is unsigned and sent once at most; a receiver that counts on it loses money
sooner or later. So an address that is down, slow or wrong is silence here too, never an error.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

import urllib3

_TIMEOUT_SECONDS = 5.0
# A kept connection that the other side has just closed would lose a post that is never repeated.
_http = urllib3.PoolManager(
    retries=False, timeout=_TIMEOUT_SECONDS, headers={"Connection": "close"}
)


def post_json(url: str, body: Mapping[str, object]) -> None:
    """Send `body` as JSON to `url` from a thread of its own, and return at once."""
    _apart(lambda: _http.request("POST", url, json=body))


def post_form(url: str, form: Mapping[str, str]) -> None:
    """Send `form` URL-encoded to `url` from a thread of its own, and return at once."""
    _apart(lambda: _http.request("POST", url, fields=form, encode_multipart=False))


def _apart(send: Callable[[], object]) -> None:
    def try_once() -> None:
        with suppress(urllib3.exceptions.HTTPError):
            send()

    threading.Thread(target=try_once, daemon=True).start()
