"""Wave checkout: docs.wave.com and the reference (operators.md 1.6), as a table."""

import json
from datetime import UTC, datetime

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, HttpRequest, NoAnswer, Prepared
from payments.operators.wave import Account, Wave
from tests.contract.operators import wave_callbacks, wave_transactions
from tests.contract.operators.case import FRANCS, Case, Facts, Shape, Told

URL, TIMEOUT = "https://api.example", 20.0
ACCOUNT = Account(
    base_url=URL,
    api_key="wave_ml_prod_9b1c",
    return_url="https://sarali.example/retour/{bill_number}",
    callback_token=wave_callbacks.DOOR,
    callback_secrets=wave_callbacks.SECRETS,
)
REF = "TRG7XHH6UNR2SOACI"
LINK = "https://pay.example/c/cos-1ya2rewh0139m?a=3000&c=XOF&m=Tresor"
HEADERS = {"Authorization": "Bearer wave_ml_prod_9b1c", "Accept": "application/json"}
CREATE = {
    "amount": "3000",
    "currency": "XOF",
    "client_reference": "0123456789abcdef0123456789abcdef",
    "restrict_payer_mobile": "+22376123456",
    "success_url": "https://sarali.example/retour/4821937028",
    "error_url": "https://sarali.example/retour/4821937028",
}
SESSIONS = f"{URL}/v1/checkout/sessions"
KEY = "cos-1ya2rewh0139m"
REQUESTS = {
    "heartbeat": HttpRequest("GET", f"{URL}/v1/balance", HEADERS, b"", TIMEOUT),
    "prepare": HttpRequest(
        "POST",
        SESSIONS,
        {
            **HEADERS,
            "Content-Type": "application/json",
            "Idempotency-Key": "0123456789abcdef0123456789abcdef",
        },
        json.dumps(CREATE).encode(),
        TIMEOUT,
    ),
    "inquire": HttpRequest("GET", f"{SESSIONS}/{KEY}", HEADERS, b"", TIMEOUT),
    "cancel": HttpRequest("POST", f"{SESSIONS}/{KEY}/expire", HEADERS, b"", TIMEOUT),
    "statement": HttpRequest(
        "GET", f"{URL}/v1/transactions?date=2026-11-22", HEADERS, b"", TIMEOUT
    ),
}


def session(**changes: object) -> Answer:
    document: dict[str, object] = {
        "id": KEY,
        "amount": str(FRANCS),
        "checkout_status": "open",
        "client_reference": "0123456789abcdef0123456789abcdef",
        "currency": "XOF",
        "business_name": "Tresor public du Mali",
        "last_payment_error": None,
        "payment_status": "processing",
        "restrict_payer_mobile": "+22376123456",
        "transaction_id": None,
        "wave_launch_url": LINK,
        "when_created": "2026-11-22T12:00:00Z",
        "when_expires": "2026-11-22T12:30:00Z",
        **changes,
    }
    return Answer(200, json.dumps(document).encode())


def ended(checkout: str, payment: str, **changes: object) -> Answer:
    words = {"checkout_status": checkout, "payment_status": payment}
    return session(**words, when_completed="2026-11-22T12:01:00Z", **changes)


def paid(ref: object, amount: object) -> Answer:
    return ended("complete", "succeeded", transaction_id=ref, amount=amount)


def refused(status: int, code: str) -> Answer:
    return Answer(status, json.dumps({"code": code, "message": "..."}).encode())


def failed(failure: Failure) -> Facts:
    return (Evidence(Kind.FAILED, Source.INQUIRY, failure=failure),)


def unsure(word: str) -> Facts:
    return (Evidence(Kind.UNRECOGNISED, Source.INQUIRY, word=word),)


def after(code: str, failure: Failure) -> Told[Facts]:
    error = {"code": code, "message": "..."}
    answer = ended("expired", "cancelled", last_payment_error=error)
    return Told(f"expired after {code}", answer, failed(failure))


PENDING = (Evidence(Kind.PENDING, Source.INQUIRY),)
PAID = (Evidence(Kind.PAID, Source.INQUIRY, REF, FRANCS),)
HALF = unsure("succeeded without its transaction")
POOR = {"code": "insufficient-funds", "message": "..."}
INQUIRED: tuple[Told[Facts], ...] = (
    Told("nobody has opened the link", session(), PENDING),
    Told("a try failed", session(payment_status="cancelled", last_payment_error=POOR), PENDING),
    Told("being paid", ended("complete", "processing"), PENDING),
    Told("paid", paid(REF, str(FRANCS)), PAID),
    Told("paid, and not closed", session(payment_status="succeeded", transaction_id=REF), PAID),
    Told("paid late", ended("expired", "succeeded", transaction_id=REF), PAID),
    Told("paid after a failure", ended(
        "complete", "succeeded", transaction_id=REF, last_payment_error=POOR
    ), PAID),
    Told("paid in another currency", ended(
        "complete", "succeeded", transaction_id=REF, currency="GMD"
    ), HALF),
    Told("paid in no currency", ended(
        "complete", "succeeded", transaction_id=REF, currency=None
    ), HALF),
    Told("paid by a transaction nobody can store", paid("T\u0000 \ud800", str(FRANCS)), HALF),
    Told("paid by a transaction too long", paid("T" * 65, str(FRANCS)), HALF),
    Told("paid, the amount a number", paid(REF, FRANCS), HALF),
    Told("given up", ended("complete", "cancelled"), failed(Failure.REFUSED)),
    Told("failed for good", ended(
        "complete", "cancelled", last_payment_error=POOR
    ), failed(Failure.INSUFFICIENT)),
    Told("expired", ended("expired", "processing"), failed(Failure.EXPIRED)),
    Told("expired by us", ended("expired", "cancelled"), failed(Failure.EXPIRED)),
    after("insufficient-funds", Failure.INSUFFICIENT),
    after("blocked-account", Failure.WALLET),
    after("cross-border-payment-not-allowed", Failure.WALLET),
    after("customer-age-restricted", Failure.WALLET),
    after("payer-mobile-mismatch", Failure.WALLET),
    after("kyb-limits-exceeded", Failure.OTHER),
    after("payment-failure", Failure.OTHER),
    after("struck-by-lightning", Failure.OTHER),
    Told("another word for the checkout", session(checkout_status="closed"), unsure(
        "closed processing"
    )),
    Told("the words exchanged", session(checkout_status="processing", payment_status="open"),
         unsure("processing open")),
    Told("a word nobody can store", session(payment_status="\u0000\ud800"), unsure(
        "open ??"
    )),
    Told("expire: done", Answer(200, b""), ()),
    Told("expire: too late", refused(409, "checkout-session-not-open"), ()),
    Told("no such session", refused(404, "checkout-session-not-found"), ()),
    Told("no key of ours", refused(401, "no-matching-api-key"), ()),
    Told("a wallet not allowed", refused(403, "unauthorized-wallet"), ()),
    Told("too often", refused(429, "too-many-requests"), ()),
    Told("maintenance", refused(503, "service-unavailable"), ()),
    Told("a session without an id", session(id=None), ()),
    Told("a session with an id that is none", session(id="cos 1"), ()),
)  # fmt: skip

OTHERS = {
    "another session": {"id": "cos-2ya2rewh0139m"},
    "another attempt": {"client_reference": "f" * 32},
    "another payer": {"restrict_payer_mobile": "+22376123457"},
}

CASE = Case(
    operator=Wave(
        ACCOUNT,
        timeout=TIMEOUT,
        expiry=1800.0,
        settling=900.0,
        now=lambda: datetime(2026, 11, 22, 13, tzinfo=UTC),
    ),
    account=ACCOUNT,
    secrets=("wave_ml_prod_9b1c", wave_callbacks.DOOR, *wave_callbacks.SECRETS),
    requests=REQUESTS,
    tokens=(),
    keys=(
        Told("a session", session(), Prepared("cos-1ya2rewh0139m", LINK)),
        Told(
            "the same again, paid by then", paid(REF, "3000"), Prepared("cos-1ya2rewh0139m", LINK)
        ),
        Told("no id", session(id=None), None),
        Told("an empty id", session(id=""), None),
        Told("an id that is none", session(id=5), None),
        Told("an id too long", session(id="c" * 65), None),
        Told("no link", session(wave_launch_url=None), None),
        Told("an empty link", session(wave_launch_url=""), None),
        Told("a link without a lock", session(wave_launch_url="http://pay.example/c/1"), None),
        Told("a link that does something", session(wave_launch_url="javascript:alert(1)"), None),
        Told("a link and more", session(wave_launch_url=f"{LINK} Gagnez 1000000 F"), None),
        Told("a link too long", session(wave_launch_url=f"{LINK}{'0' * 400}"), None),
        Told("a bad order", refused(400, "request-validation-error"), None),
        Told("the key of another order", refused(409, "idempotency-mismatch"), None),
        Told("not processed", refused(422, "unprocessable-entity"), None),
        Told("unauthorised", refused(401, "invalid-auth"), None),
        Told("broken", refused(500, "internal-server-error"), None),
        Told("no answer", NoAnswer.LOST, None),
    ),
    collected=(),
    inquired=INQUIRED,
    statements=wave_transactions.STATEMENTS,
    answers=frozenset({200}),
    refusals=frozenset(),
    reply=None,
    inquiry=Shape(
        saying=lambda word: session(payment_status=word),
        paid=paid,
        standing=ended("complete", "succeeded", transaction_id=REF, last_payment_error=POOR),
        of_others={
            f"{about}, {words[1]}": ended(*words, transaction_id=REF, **other)
            for about, other in OTHERS.items()
            for words in (("complete", "succeeded"), ("expired", "cancelled"))
        }
        | {"another currency": ended("complete", "succeeded", transaction_id=REF, currency="GMD")},
    ),
    report=wave_transactions.GOOD,
    next_page=HttpRequest(
        "GET",
        f"{URL}/v1/transactions?date=2026-11-22&after=TFRf%2F%2B%208%3D",
        HEADERS,
        b"",
        TIMEOUT,
    ),
    knocks=wave_callbacks.KNOCKS,
    door=wave_callbacks.DOOR,
    key=KEY,
    lives=(
        Told("a balance", Answer(200, b'{"amount": "10245", "currency": "XOF"}'), meaning=True),
        Told("too often", refused(429, "too-many-requests"), meaning=True),
        Told("maintenance", refused(503, "service-unavailable"), meaning=False),
    ),
)
