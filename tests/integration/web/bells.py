"""How operators ring at the door of an account: signed, and naming attempts."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


def _digest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _wave(body: bytes, at: int, secret: str) -> dict[str, str]:
    return {"Wave-Signature": f"t={at},v1={_digest(secret, f'{at}'.encode() + body)}"}


def _pi_spi(body: bytes, _at: int, secret: str) -> dict[str, str]:
    return {"X-Signature": _digest(secret, body)}


def _orange(body: bytes, at: int, secret: str) -> dict[str, str]:
    signed = _digest(secret, f"{at},".encode() + body)
    event = hashlib.sha256(body).hexdigest()
    return {"X-Sonatel-Signature": f"t={at},v1={signed}", "X-Sonatel-Idempotency-Key": event}


@dataclass(frozen=True)
class Bell:
    """How an operator rings: where, about an attempt, signed how."""

    wallet_name: str
    path: str
    about: Callable[[str], object]
    headers: Callable[[bytes, int, str], Mapping[str, str]]
    secrets: tuple[str, ...]

    def body(self, attempt_id: str) -> bytes:
        """What it posts about an attempt."""
        return json.dumps(self.about(attempt_id), indent=1).encode()

    def sign(self, body: bytes, at: datetime, secret: str = "") -> Mapping[str, str]:
        """The headers that prove who rings, under the newest secret unless another is given."""
        return self.headers(body, int(at.timestamp()), secret or self.secrets[-1])


BELLS = {
    "wave": Bell(
        "Wave",
        "/callbacks/wave/sandbox-door",
        lambda one: {"id": f"EV_{one[:9]}", "data": {"client_reference": one}},
        _wave,
        ("sandbox",),
    ),
    "pi_spi": Bell(
        "PI-SPI",
        "/callbacks/pi_spi/sandbox-pi-spi",
        lambda one: {"data": [{"evCode": "PAIEMENT_RECU", "txId": one}]},
        _pi_spi,
        ("sandbox",),
    ),
    "orange_otp": Bell(
        "Orange OTP",
        "/callbacks/orange_otp/sandbox-orange-otp",
        lambda one: {"reference": one, "status": "SUCCESS"},
        _orange,
        ("sandbox-old", "sandbox-new"),
    ),
}
