"""The callbacks of Orange Money by password: who signed them, when, and whom they name."""

import hashlib
import hmac
import json
from datetime import timedelta

from payments.operators.base import Callback, Heard
from payments.operators.orange_otp import Account
from tests.contract.operators.case import ORDER, SINCE, Knock

SECRETS = OLD, NEW = "whsec-old-1f", "whsec-new-2e"
DOOR = "d00r-8f3a61"
ACCOUNT = Account(
    base_url="https://api.example",
    client_id="sarali",
    client_secret="cs-9b1c",
    partner_code="621513",
    dial="#144#391#",
    callback_token=DOOR,
    callback_secrets=("", *SECRETS),  # an empty setting is no secret
    wrong_otp_codes=frozenset({"", "7"}),
)
T = int(SINCE.timestamp())
BODY = json.dumps({"reference": ORDER.attempt_id, "status": "SUCCESS"}).encode()
EVENT = "e8a43c9b-6bfb-4573-ae2b-c4564707bb4c"
FORGED = Heard(genuine=False)
MINE = Heard(genuine=True, event=EVENT, attempt_ids=(ORDER.attempt_id,))
NOBODY = Heard(genuine=True, event=EVENT)


def sign(secret: str, body: bytes = BODY, at: int | str = T, between: bytes = b",") -> str:
    message = str(at).encode() + between + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def knock(
    about: str,
    heard: Heard,
    header: str | None,
    *,
    body: bytes = BODY,
    event: str | None = EVENT,
    late: float = 0.0,
) -> Knock:
    named = {"x-sonatel-signature": header, "x-sonatel-idempotency-key": event}
    headers = {name: value for name, value in named.items() if value is not None}
    return Knock(about, Callback(headers, body, SINCE + timedelta(seconds=late)), heard)


def saying(about: str, body: bytes, heard: Heard = NOBODY) -> Knock:
    return knock(f"signed: {about}", heard, f"t={T},v1={sign(NEW, body)}", body=body)


def without_an_event(about: str, event: str | None) -> Knock:
    """The signature itself is then what a repetition is known by."""
    heard = Heard(genuine=True, event=sign(NEW), attempt_ids=(ORDER.attempt_id,))
    return knock(about, heard, f"t={T},v1={sign(NEW)}", event=event)


RIGHT = sign(NEW)
KNOCKS = (
    knock("signed with the new secret", MINE, f"t={T},v1={RIGHT}"),
    knock("signed with the old secret", MINE, f"t={T},v1={sign(OLD)}"),
    knock("signed with both", MINE, f"t={T},v1={sign(OLD)},v1={RIGHT}"),
    knock("one of two is ours", MINE, f"t={T},v1={'0' * 64},v1={RIGHT}"),
    knock("beside another scheme", MINE, f"t={T},v0=abc,v1={RIGHT}"),
    knock("in another order, with spaces", MINE, f"v1={RIGHT}, t={T}"),
    knock("five minutes late", MINE, f"t={T},v1={RIGHT}", late=300),
    knock("five minutes early", MINE, f"t={T},v1={RIGHT}", late=-300),
    knock("too late", FORGED, f"t={T},v1={RIGHT}", late=300.5),
    knock("too early", FORGED, f"t={T},v1={RIGHT}", late=-300.5),
    knock("not signed", FORGED, None),
    knock("an empty signature", FORGED, ""),
    knock("no instant", FORGED, f"v1={RIGHT}"),
    knock("no signature", FORGED, f"t={T}"),
    knock("two instants", FORGED, f"t={T},t={T},v1={RIGHT}"),
    knock("a secret of nobody", FORGED, f"t={T},v1={sign('whsec-thief')}"),
    knock("the empty secret", FORGED, f"t={T},v1={sign('')}"),
    knock("another scheme's signature", FORGED, f"t={T},v0={RIGHT}"),
    knock("without the comma, as Wave", FORGED, f"t={T},v1={sign(NEW, between=b'')}"),
    knock("with a point, as others", FORGED, f"t={T},v1={sign(NEW, between=b'.')}"),
    knock("the body alone, as PI-SPI", FORGED, f"t={T},v1={sign(NEW, at='', between=b'')}"),
    knock("another instant's", FORGED, f"t={T},v1={sign(NEW, at=T + 1)}"),
    knock("another body's", FORGED, f"t={T},v1={RIGHT}", body=BODY.replace(b"SUCC", b"FAIL")),
    knock("a space more", FORGED, f"t={T},v1={RIGHT}", body=BODY + b" "),
    knock("in capitals", FORGED, f"t={T},v1={RIGHT.upper()}"),
    knock("cut", FORGED, f"t={T},v1={RIGHT[:-1]}"),
    knock("letters of elsewhere", FORGED, f"t={T},v1={'é' * 64}"),
    knock("half a pair of letters", FORGED, f"t={T},v1=\udce9"),
    knock("an instant in words", FORGED, f"t=now,v1={sign(NEW, at='now')}"),
    knock("an instant below nothing", FORGED, f"t=-{T},v1={sign(NEW, at=-T)}"),
    knock("an instant in other digits", FORGED, f"t=١٢٣,v1={RIGHT}"),
    knock("an instant without end", FORGED, f"t={'9' * 5000},v1={RIGHT}"),
    knock("commas", FORGED, "," * 5000),
    without_an_event("no event", None),
    without_an_event("an empty event", ""),
    without_an_event("an event too long", "e" * 5000),
    without_an_event("an event that cannot be stored", "e\x00"),
    saying("nothing", b""),
    saying("no document", b"SUCCESS"),
    saying("another encoding", b'{"reference": "\xff"}'),
    saying("a list", json.dumps([ORDER.attempt_id]).encode()),
    saying("no reference", b'{"status": "SUCCESS"}'),
    saying("a reference that is none", b'{"reference": 5}'),
    saying("a reference of nobody", b'{"reference": "PROBE-10XOF"}'),
    saying("a reference that cannot be stored", b'{"reference": "\\u0000"}'),
    saying("half a reference", json.dumps({"reference": ORDER.attempt_id[:-1]}).encode()),
    saying("depths", b"[" * 100_000),
    saying("its own failure", BODY.replace(b"SUCCESS", b"FAILED"), MINE),
)
