"""Orange Money `mp`: the document of the reference (operators.md 1.2), as a table."""

import json

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, Callback, Heard, HttpRequest, NoAnswer, Prepared, Token
from payments.operators.orange_mp import Account, OrangeMp
from tests.contract.operators import orange_mp_report
from tests.contract.operators.case import FRANCS, KEY, ORDER, SINCE, Case, Knock, Shape, Told

URL, TIMEOUT = "https://api.example", 20.0
ACCOUNT = Account(
    base_url=URL,
    client_id="sarali",
    client_secret="cs-9b1c",
    api_user="treasury",
    api_password="ap-77e0",
    channel_msisdn="70000000",
    channel_pin="9173",
)
REF = "MP261122.1200.A00073"
HEADERS = {
    "Authorization": "Bearer bearer-5d41402a",
    "X-AUTH-TOKEN": "dHJlYXN1cnk6YXAtNzdlMA==",  # treasury:ap-77e0
    "Content-Type": "application/json",
    "Accept": "application/json",
}
PAY = {
    "orderId": "0123456789abcdef0123456789abcdef",
    "subscriberMsisdn": "76123456",
    "channelUserMsisdn": "70000000",
    "amount": "3000",
    "description": "4821937028",
    "notifUrl": "https://sarali.example/callbacks/operator/0f0e0d0c",
    "pin": "9173",
    "payToken": KEY,
}
API = f"{URL}/omcoreapis/1.0.2/mp"
ESCAPED = "MP%2F26%2011%3F22%23A"
REQUESTS = {
    "authorise": HttpRequest(
        "POST",
        f"{URL}/token",
        {
            "Authorization": "Basic c2FyYWxpOmNzLTliMWM=",  # sarali:cs-9b1c
            "Content-Type": "application/x-www-form-urlencoded",
        },
        b"grant_type=client_credentials",
        TIMEOUT,
    ),
    "prepare": HttpRequest("POST", f"{API}/init", HEADERS, b"{}", TIMEOUT),
    "collect": HttpRequest("POST", f"{API}/pay", HEADERS, json.dumps(PAY).encode(), TIMEOUT),
    "inquire": HttpRequest("GET", f"{API}/paymentstatus/{ESCAPED}", HEADERS, b"", TIMEOUT),
    "prompt": HttpRequest("GET", f"{API}/push/{ESCAPED}", HEADERS, b"", TIMEOUT),
    "statement": HttpRequest(
        "GET", f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00", HEADERS, b"", TIMEOUT
    ),
}


def ok(document: object) -> Answer:
    return Answer(200, json.dumps(document).encode())


def standing(**changes: object) -> Answer:
    data: dict[str, object] = {
        "payToken": KEY,
        "txnid": REF,
        "inittxnstatus": "200",
        "inittxnmessage": "Paiement initie, en attente de confirmation",
        "status": "PENDING",
        "amount": str(FRANCS),
        **changes,
    }
    return ok({"message": "Transaction retrieved successfully", "data": data})


def refused(message: str, data: object = None) -> Answer:
    return Answer(417, json.dumps({"message": message, "data": data}).encode())


def words(source: Source) -> tuple[Told[tuple[Evidence, ...]], ...]:
    """The words of the status, which mean the same in a reply and in an inquiry."""
    pending, busy = (Evidence(kind, source) for kind in (Kind.PENDING, Kind.BUSY))
    paid = Evidence(Kind.PAID, source, REF, FRANCS)

    def failed(failure: Failure) -> tuple[Evidence]:
        return (Evidence(Kind.FAILED, source, failure=failure),)

    poor = "60019 :: Le solde du compte du payeur est insuffisant"
    return (
        Told("initiated", standing(status="INITIATED", txnid=None), (pending,)),
        Told("pending", standing(), (pending,)),
        Told("prompt not shown", standing(inittxnstatus="515"), (busy,)),
        Told("paid", standing(status="SUCCESSFULL"), (paid,)),
        Told("paid, amount a number", standing(status="SUCCESSFULL", amount=FRANCS), (paid,)),
        Told("failed", standing(status="FAILED"), failed(Failure.OTHER)),
        Told("failed, poor", standing(status="FAILED", message=poor), failed(Failure.INSUFFICIENT)),
        Told("cancelled", standing(status="CANCELLED"), failed(Failure.REFUSED)),
        Told("expired", standing(status="EXPIRED"), failed(Failure.EXPIRED)),
    )


def refusal(failure: Failure) -> tuple[Evidence, ...]:
    return (Evidence(Kind.FAILED, Source.REPLY, failure=failure),)


UNSURE = (Evidence(Kind.UNRECOGNISED, Source.REPLY, word="http 417"),)
# What we ordered is echoed in some answers.
OURS = {
    "orderId": ORDER.attempt_id,
    "txnmode": ORDER.attempt_id,
    "subscriberMsisdn": "76123456",
    "description": "4821937028",
}
OTHERS = {
    "another payToken": {"payToken": "MP2"},
    "another orderId": {"orderId": "f" * 32},
    "another txnmode": {"txnmode": "f" * 32},
    "another payer": {"subscriberMsisdn": "76123457"},
    "another bill": {"description": "4821937125"},
}
# Beside the message it may hold any digits: here, those of a refusal.
ECHO = {"payToken": KEY, "description": "6001900058", "orderId": "60019" + "a" * 27}

SHAPE = Shape(
    saying=lambda word: standing(status=word),
    paid=lambda ref, amount: standing(status="SUCCESSFULL", txnid=ref, amount=amount),
    standing=standing(status="SUCCESSFULL", message="60019"),
    of_others={
        f"{about}, {word}": standing(status=word, **{**OURS, **other})
        for about, other in OTHERS.items()
        for word in ("SUCCESSFULL", "FAILED", "PENDING")
    },
)
CASE = Case(
    operator=OrangeMp(ACCOUNT, timeout=TIMEOUT, expiry=420.0),
    account=ACCOUNT,
    secrets=("cs-9b1c", "ap-77e0", "9173", "bearer-5d41402a", "dHJlYXN1cnk6", "c2FyYWxpOmNz"),
    requests=REQUESTS,
    tokens=(
        Told(
            "a bearer",
            ok({"access_token": "abc", "token_type": "Bearer", "expires_in": 3600}),
            Token("abc", 3600.0),
        ),
        Told("no client of theirs", Answer(401, b'{"error": "invalid_client"}'), None),
        Told("no lifetime", ok({"access_token": "abc"}), None),
        Told("no bearer", ok({"expires_in": 3600}), None),
        Told("an empty bearer", ok({"access_token": "", "expires_in": 3600}), None),
        Told("a lifetime over", ok({"access_token": "abc", "expires_in": 0}), None),
        Told("a lifetime without end", ok({"access_token": "a", "expires_in": float("inf")}), None),
        Told("a lifetime unknown", ok({"access_token": "a", "expires_in": float("nan")}), None),
        Told("a lifetime too long", ok({"access_token": "a", "expires_in": 10**400}), None),
    ),
    keys=(
        Told("a key", ok({"message": "ok", "data": {"payToken": KEY}}), Prepared(KEY)),
        Told("no key", ok({"message": "ok", "data": {}}), None),
        Told("an empty key", ok({"message": "ok", "data": {"payToken": ""}}), None),
        Told("a key that is none", ok({"message": "ok", "data": {"payToken": 5}}), None),
        Told("a key nobody can store", ok({"data": {"payToken": "MP\x00"}}), None),
        Told("refused", refused("Service indisponible"), None),
        Told("unauthorised", Answer(401, b"{}"), None),
        Told("no answer", NoAnswer.LOST, None),
    ),
    collected=(
        *words(Source.REPLY),
        Told(
            "paid, and echoed",
            standing(status="SUCCESSFULL", **OURS),
            (Evidence(Kind.PAID, Source.REPLY, REF, FRANCS),),
        ),
        Told(
            "poor, echoed",
            refused("60019 :: Le solde du compte du payeur est insuffisant", OURS),
            refusal(Failure.INSUFFICIENT),
        ),
        Told(
            "poor, of another",
            refused("60019 :: Le solde du compte du payeur est insuffisant", ECHO),
            (Evidence(Kind.UNRECOGNISED, Source.REPLY, word="names another payment"),),
        ),
        Told(
            "poor",
            refused("60019 :: Le solde du compte du payeur est insuffisant"),
            refusal(Failure.INSUFFICIENT),
        ),
        Told("no wallet", refused("Beneficiaire introuvable"), refusal(Failure.WALLET)),
        Told("blocked", refused("Utilisateur bloque"), refusal(Failure.WALLET)),
        Told("another refusal", refused("60099 :: Operation impossible"), UNSURE),
        Told("a key used before", refused("payToken deja utilise", {"status": "PENDING"}), UNSURE),
        Told("a refusal that echoes us", refused("payToken deja utilise", ECHO), UNSURE),
    ),
    inquired=(
        *words(Source.INQUIRY),
        Told("no such key", refused("payToken introuvable"), ()),
    ),
    statements=orange_mp_report.STATEMENTS,
    answers=frozenset({200}),
    refusals=frozenset({417}),
    reply=SHAPE,
    inquiry=SHAPE,
    bearer=ok({"access_token": "abc", "token_type": "Bearer", "expires_in": 3600}),
    report=orange_mp_report.GOOD,
    knocks=(
        Knock(
            "nobody signs it",
            Callback({}, b'{"status": "SUCCESSFULL"}', SINCE),
            Heard(genuine=True),
        ),
    ),
)
