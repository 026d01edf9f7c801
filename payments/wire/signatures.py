"""Whether a callback is the operator's: HMAC-SHA256 in hexadecimal, compared in constant time.

Any active secret will do: two live while one is rotated. An empty one signs nothing.
"""

import hmac
import re
from collections.abc import Iterable

from payments.operators.base import Callback

WINDOW_S = 300  # seconds a signature's instant may be off, either way
_SECONDS = re.compile(r"[0-9]{1,12}")


def is_door(token: str, door: str) -> bool:
    """Whether `token` is the secret end of an address; an empty one opens nothing."""
    return bool(door) and hmac.compare_digest(_bytes(token), door.encode())


def signature_of(said: Iterable[str], message: bytes, secrets: Iterable[str]) -> str:
    """Return the signature of `message` that is among `said`; empty when none is."""
    given = [_bytes(one) for one in said]
    for secret in filter(None, secrets):
        right = hmac.digest(secret.encode(), message, "sha256").hex()
        if any(hmac.compare_digest(one, right.encode()) for one in given):
            return right
    return ""


def dated_signature_of(
    callback: Callback, header: str, separator: bytes, secrets: Iterable[str]
) -> str:
    """Return the signature that holds in `t=<seconds>,v1=<hex>[,v1=<hex>]`; empty when none does.

    What is signed is the seconds, `separator` and the raw body.
    """
    parts = [part.strip().partition("=") for part in callback.headers.get(header, "").split(",")]
    times = [value for name, _, value in parts if name == "t" and _SECONDS.fullmatch(value)]
    if len(times) != 1 or abs(callback.at.timestamp() - int(times[0])) > WINDOW_S:
        return ""
    message = times[0].encode() + separator + callback.body
    return signature_of((value for name, _, value in parts if name == "v1"), message, secrets)


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
