"""Wave's webhooks: one door for the account, signed, and worth a question at most."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new

from payments.operators.base import Callback, Heard
from tests.contract.operators.case import Knock

DOOR = "d00r-of-the-treasury"
OLD, NEW = "wave_ml_WHS_old1", "wave_ml_WHS_new2"
SECRETS = (NEW, OLD)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
T = int(NOW.timestamp())
ATTEMPT = "0123456789abcdef0123456789abcdef"
FORGED = Heard(genuine=False)


def event(**changes: object) -> bytes:
    data = {"id": "cos-1ya2rewh0139m", "client_reference": ATTEMPT, "amount": "3000"}
    body = {"id": "EV_QvEZuDSQbLdI", "type": "checkout.session.completed", "data": data, **changes}
    return json.dumps(body).encode()


def digest(secret: str, message: bytes) -> str:
    return new(secret.encode(), message, sha256).hexdigest()


def signature(body: bytes, secret: str = NEW, t: int = T) -> str:
    return f"t={t},v1={digest(secret, str(t).encode() + body)}"


def heard(event_id: str = "EV_QvEZuDSQbLdI", *attempts: str) -> Heard:
    return Heard(genuine=True, event=event_id, attempt_ids=attempts)


GENUINE, BODY = heard("EV_QvEZuDSQbLdI", ATTEMPT), event()
TRUE = signature(BODY)
HEX = TRUE.partition("v1=")[2]


def knock(about: str, body: bytes, header: str | None, worth: Heard, late: float = 0) -> Knock:
    headers = {} if header is None else {"wave-signature": header}
    return Knock(about, Callback(headers, body, NOW + timedelta(seconds=late)), worth)


def signed(about: str, body: bytes, worth: Heard) -> Knock:
    return knock(about, body, signature(body), worth)


def forged(about: str, header: str | None, body: bytes = BODY) -> Knock:
    return knock(about, body, header, FORGED)


def said(data: object) -> bytes:
    return event(data=data)


KNOCKS = (
    knock("genuine", BODY, TRUE, GENUINE),
    knock("under the old secret", BODY, signature(BODY, OLD), GENUINE),
    knock("under both secrets", BODY, f"{signature(BODY, OLD)},v1={HEX}", GENUINE),
    knock("one of several is true", BODY, f"t={T},v1=00,v1=,v1={HEX},v1=é", GENUINE),
    knock("with spaces and a newer scheme", BODY, f"v2=00, t={T}, v1={HEX}", GENUINE),
    knock("five minutes late", BODY, TRUE, GENUINE, 300),
    knock("five minutes early", BODY, TRUE, GENUINE, -300),
    knock("too late", BODY, TRUE, FORGED, 300.1),
    knock("too early", BODY, TRUE, FORGED, -300.1),
    knock("replayed after a day", BODY, TRUE, FORGED, 86_400),
    signed("in a body with spaces", b" \n" + BODY + b"\n", GENUINE),
    signed("a failed try", event(type="checkout.session.payment_failed"), GENUINE),
    signed("a type nobody documented", event(type="checkout.session.teleported"), GENUINE),
    signed("the test of the portal", event(type="test.test_event", data={"test": 1}), heard()),
    signed("a payment without our reference", said({"client_reference": None}), heard()),
    signed("somebody else's reference", said({"client_reference": "order_123"}), heard()),
    signed("a reference too long", said({"client_reference": ATTEMPT + "0"}), heard()),
    signed("a reference in capitals", said({"client_reference": ATTEMPT.upper()}), heard()),
    signed("a reference nobody can store", said({"client_reference": "\u0000" * 32}), heard()),
    signed("data that is none", said(None), heard()),
    signed("data that is a list", said([ATTEMPT]), heard()),
    signed("no id", event(id=None), heard("", ATTEMPT)),
    signed("an id that is none", event(id=5), heard("", ATTEMPT)),
    signed("an id nobody can store", event(id="EV\u0000\ud800"), heard("", ATTEMPT)),
    signed("an id too long", event(id="E" * 65), heard("", ATTEMPT)),
    signed("no document", b"", heard("")),
    signed("half a document", BODY[:-9], heard("")),
    signed("a list", b"[]", heard("")),
    signed("bytes", bytes(range(256)), heard("")),
    signed("deep", b"[" * 16_000, heard("")),
    forged("no signature", None),
    forged("an empty signature", ""),
    forged("commas", ",,,"),
    forged("a signature of nothing", f"t={T},v1="),
    forged("no v1", f"t={T}"),
    forged("no timestamp", f"v1={HEX}"),
    forged("an empty timestamp", f"t=,v1={HEX}"),
    forged("two timestamps", f"t={T},t={T},v1={HEX}"),
    forged("a timestamp that is none", f"t=yesterday,v1={HEX}"),
    forged("a timestamp in other digits", f"t=١٦٣٩٠٨١٩٤٣,v1={HEX}"),
    forged("a timestamp without end", f"t={'9' * 5000},v1={HEX}"),
    forged("another timestamp", f"t={T + 1},v1={HEX}"),
    forged("another scheme", f"t={T},v0={HEX}"),
    forged("the hash alone", HEX),
    forged("in capitals", TRUE.replace(HEX, HEX.upper())),
    forged("one digit less", TRUE[:-1]),
    forged("one digit more", f"{TRUE}0"),
    forged("letters nobody signs with", f"t={T},v1=é\ud800\u0000"),
    forged("under nobody's secret", signature(BODY, "wave_ml_WHS_thief")),
    forged("under no secret", signature(BODY, "")),
    forged("with a dot, as others sign", f"t={T},v1={digest(NEW, f'{T}.'.encode() + BODY)}"),
    forged("with a comma, as others sign", f"t={T},v1={digest(NEW, f'{T},'.encode() + BODY)}"),
    forged("the body alone, as others sign", f"t={T},v1={digest(NEW, BODY)}"),
    forged("another body", TRUE, event(type="checkout.session.payment_failed")),
    forged("one byte more", TRUE, BODY + b" "),
    forged("one byte less", TRUE, BODY[:-1]),
    forged("no body", TRUE, b""),
    forged("a digit moved into the body", f"t={T // 10},v1={HEX}", f"{T % 10}".encode() + BODY),
)
