"""The events of PI-SPI: who signed them, and whom they name."""

import hashlib
import hmac
import json

from payments.operators.base import Callback, Heard
from payments.operators.pi_spi import Account
from tests.contract.operators.case import ORDER, SINCE, Knock

SECRETS = OLD, NEW = "xsk_old_9jETWMz1", "xsk_new_g1b37gCO"
DOOR = "d00r-5b2e77"
ACCOUNT = Account(
    base_url="https://psp.example/piz/v1",
    token_url="https://psp.example/oauth/token",
    client_id="sarali",
    client_secret="cs-9b1c",
    payee_alias="MLB00_2E4TY",
    callback_token=DOOR,
    callback_secrets=("", *SECRETS),  # an empty setting is no secret
)


def event(tx_id: object = ORDER.attempt_id, code: str = "PAIEMENT_RECU") -> dict[str, object]:
    return {
        "evCode": code,
        "evDate": "2026-11-22T12:00:01.000Z",
        "txId": tx_id,
        "end2endId": "EMLB00120261122120001KXvozkpNvhUk9e",
        "montant": 3000,
        "client": "TRAORE Aminata",
        "alias": "MLB00_2E4TY",
    }


def events(*told: object) -> bytes:
    return json.dumps({"data": told, "meta": {"total": len(told)}}).encode()


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


BODY = events(event())
FORGED = Heard(genuine=False)


def heard(body: bytes, *attempt_ids: str) -> Heard:
    return Heard(genuine=True, event=hashlib.sha256(body).hexdigest(), attempt_ids=attempt_ids)


def knock(about: str, header: str | None, meaning: Heard, body: bytes = BODY) -> Knock:
    headers = {} if header is None else {"x-signature": header}
    return Knock(about, Callback(headers, body, SINCE), meaning)


def signed(about: str, body: bytes, *attempt_ids: str) -> Knock:
    return knock(f"signed: {about}", sign(NEW, body), heard(body, *attempt_ids), body)


MINE = ORDER.attempt_id
KNOCKS = (
    signed("a payment", BODY, MINE),
    signed("a rejection", events(event(code="RTP_REJETE")), MINE),
    signed("several", events(event(), event("b" * 32), event()), MINE, "b" * 32),
    signed("money given back", events(event(code="RETOUR_ENVOYE")), MINE),
    signed("a code of tomorrow", events(event(code="TELEPORTED")), MINE),
    signed("nobody we know", events(event("Caisse-1")), "Caisse-1"),
    signed("no events", events()),
    signed("no event is a document", events(5, None, "txId", ["txId"])),
    signed("no id is a text", events(event(None), event(7), event(""), event([MINE]))),
    signed("no list", json.dumps({"data": event()}).encode()),
    signed("no document", b"[]"),
    signed("no JSON", b"{"),
    signed("bytes", bytes(range(256))),
    signed("nothing", b""),
    signed("deep", b"[" * 100_000),
    knock("the older secret, while it is rotated", sign(OLD, BODY), heard(BODY, MINE)),
    knock("in capitals", sign(NEW, BODY).upper(), heard(BODY, MINE)),
    knock("spaces around", f" {sign(NEW, BODY)} ", heard(BODY, MINE)),
    knock("no signature", None, FORGED),
    knock("an empty signature", "", FORGED),
    knock("an unknown secret", sign("xsk_thief", BODY), FORGED),
    knock("no secret", sign("", BODY), FORGED),
    knock("of another body", sign(NEW, BODY), FORGED, body=events(event("b" * 32))),
    knock("a byte more", sign(NEW, BODY), FORGED, body=BODY + b" "),
    knock("a digit less", sign(NEW, BODY)[:-1], FORGED),
    knock("another scheme", f"sha256={sign(NEW, BODY)}", FORGED),
    knock("letters", "é" * 64, FORGED),
    knock("half a letter", "\udcff" * 64, FORGED),
    knock("huge", "a" * 1_000_000, FORGED),
)
