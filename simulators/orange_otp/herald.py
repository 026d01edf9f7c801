"""How the operator tells a merchant: signed, and again when nobody answers.

    X-Sonatel-Signature: t=<unix>,v1=<hex>[,v1=<hex>]   HMAC-SHA256(secret, "{t},{body}")
    X-Sonatel-Idempotency-Key                           the same when the same is told again

One v1 for each active secret. An answer below 500 is final, 4xx included; a timeout or a 5xx is
tried again, at least once in all.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import urllib3

from simulators.orange_otp.access import Account
from simulators.orange_otp.bank import Callback

PAUSES: Final = (1.0, 3.0)  # seconds before each further try
_TIMEOUT_SECONDS = 5.0
_FIRST_SERVER_ERROR = 500
_http = urllib3.PoolManager(
    retries=False, timeout=_TIMEOUT_SECONDS, headers={"Connection": "close"}
)


def headers(account: Account, callback: Callback, body: bytes, at: datetime) -> dict[str, str]:
    """Sign `body`, a callback as it will be posted at an instant."""
    seconds = int(at.timestamp())
    secrets = ("a thief's",) if callback.forged else account.callback_secrets
    message = f"{seconds},".encode() + body
    signed = (hmac.new(secret.encode(), message, hashlib.sha256) for secret in secrets)
    signatures = "".join(f",v1={signature.hexdigest()}" for signature in signed)
    return {
        "Content-Type": "application/json",
        "Connection": "close",
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
    for seconds in (0.0, *PAUSES):
        pause(seconds)
        signed = headers(account, callback, body, clock())
        if (post or _post)(account.callback_url, body, signed):
            return


def tell_apart(account: Account, callback: Callback, clock: Callable[[], datetime]) -> None:
    """Post `callback` from a thread of its own, and return at once."""
    threading.Thread(target=tell, args=(account, callback, clock), daemon=True).start()


def _post(url: str, body: bytes, signed: Mapping[str, str]) -> bool:
    try:
        answer = _http.request("POST", url, body=body, headers=dict(signed))
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status < _FIRST_SERVER_ERROR
