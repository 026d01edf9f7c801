"""How the operator tells a merchant: signed, and again when nobody answers.

    X-Sonatel-Signature: t=<unix>,v1=<hex>[,v1=<hex>]   HMAC-SHA256(secret, "{t},{body}")
    X-Sonatel-Idempotency-Key                           the same when the same is told again

One v1 for each active secret. An answer below 500 is final, 4xx included; a timeout or a 5xx is
tried again, at least once in all.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from simulators.orange_otp.access import Account
from simulators.orange_otp.bank import Callback
from simulators.postman import PAUSES, Letter, apart, deliver

_FIRST_SERVER_ERROR = 500


def headers(account: Account, callback: Callback, body: bytes, at: datetime) -> dict[str, str]:
    """Sign `body`, a callback as it will be posted at an instant."""
    seconds = int(at.timestamp())
    secrets = ("a thief's",) if callback.forged else account.callback_secrets
    message = f"{seconds},".encode() + body
    signed = (hmac.new(secret.encode(), message, hashlib.sha256) for secret in secrets)
    signatures = "".join(f",v1={signature.hexdigest()}" for signature in signed)
    return {
        "X-Sonatel-Signature": f"t={seconds}{signatures}",
        "X-Sonatel-Idempotency-Key": callback.event,
    }


def tell(
    account: Account,
    callback: Callback,
    clock: Callable[[], datetime],
    post: Callable[[str, bytes, Mapping[str, str]], bool] | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Post `callback` until it is answered. `post` says whether it was; `pause` sleeps."""
    body = json.dumps(callback.body).encode()
    for seconds in PAUSES:
        pause(seconds)
        signed = headers(account, callback, body, clock())
        if (post or _post)(account.callback_url, body, signed):
            return


def tell_apart(account: Account, callback: Callback, clock: Callable[[], datetime]) -> None:
    """Post `callback` from a thread of its own, and return at once."""
    apart(lambda: tell(account, callback, clock))


def _post(url: str, body: bytes, signed: Mapping[str, str]) -> bool:
    return 0 < deliver(Letter("POST", url, body, dict(signed))) < _FIRST_SERVER_ERROR
