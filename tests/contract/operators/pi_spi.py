"""BCEAO PI-SPI, business API 1.0.0: its OpenAPI document and its examples, as a table."""

import json

from domain.payment import Evidence, Failure, Kind, Source
from payments.operators.base import Answer, HttpRequest, NoAnswer, Token
from payments.operators.pi_spi import PiSpi
from tests.contract.operators import orange_mp_report
from tests.contract.operators.case import FRANCS, ORDER, Case, Shape, Told
from tests.contract.operators.pi_spi_callbacks import ACCOUNT, DOOR, KNOCKS, SECRETS

URL, TIMEOUT, EXPIRY = "https://psp.example/piz/v1", 20.0, 900.0
REF = "EMLB00120261122120001KXvozkpNvhUk9e"
HEADERS = {
    "Authorization": "Bearer bearer-5d41402a",
    "Content-Type": "application/json",
    "Accept": "application/json",
}
BODY = {
    "txId": ORDER.attempt_id,
    "confirmation": False,
    "payeurAlias": "+22376123456",
    "payeAlias": "MLB00_2E4TY",
    "montant": 3000,
    "motif": "4821937028",
    "refDocType": "CINV",
    "refDocNumero": "4821937028",
    "categorie": "401",
    "dateLimitePaiement": "2026-11-22T12:15:00.000Z",
    "dateLimiteReponse": "2026-11-22T12:15:00.000Z",
}
OPERATOR = PiSpi(ACCOUNT, timeout=TIMEOUT, expiry=EXPIRY)
REQUESTS = {
    "authorise": HttpRequest(
        "POST",
        "https://psp.example/oauth/token",
        {
            "Authorization": "Basic c2FyYWxpOmNzLTliMWM=",  # sarali:cs-9b1c
            "Content-Type": "application/x-www-form-urlencoded",
        },
        b"grant_type=client_credentials&scope=demande_paiement.write+demande_paiement.read"
        b"+paiement.read",
        TIMEOUT,
    ),
    "collect": HttpRequest(
        "POST", f"{URL}/demandes-paiements", HEADERS, json.dumps(BODY).encode(), TIMEOUT
    ),
    "inquire": HttpRequest(
        "GET", f"{URL}/demandes-paiements/{ORDER.attempt_id}", HEADERS, b"", TIMEOUT
    ),
    "statement": HttpRequest(
        "GET", f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00", HEADERS, b"", TIMEOUT
    ),
}
Facts = tuple[Evidence, ...]


def answer(status: int, document: object) -> Answer:
    return Answer(status, json.dumps(document).encode())


def request(statut: object, **more: object) -> Answer:
    """A request to pay as it is viewed: without an end-to-end id."""
    fixed = {key: BODY[key] for key in ("txId", "payeurAlias", "payeAlias", "montant")}
    dates = {"dateLimitePaiement": "2026-11-22T12:15:00.000Z"}
    return answer(200, {**fixed, "categorie": "401", **dates, "statut": statut, **more})


def payment(**changes: object) -> Answer:
    """A payment that was received."""
    told = {
        "txId": ORDER.attempt_id,
        "payeAlias": "MLB00_2E4TY",
        "payeurAlias": "+22376123456",
        "payeurNom": "TRAORE Aminata",
        "categorie": "401",
        "montant": FRANCS,
        "statut": "IRREVOCABLE",
        "end2endId": REF,
        "dateIrrevocabilite": "2026-11-22T12:00:01.000Z",
    }
    return answer(200, told | changes)


def written(number: str) -> Answer:
    """A payment with its amount written so."""
    body = payment().body
    assert body.count(b'"montant": 3000') == 1
    return Answer(200, body.replace(b'"montant": 3000', f'"montant": {number}'.encode()))


def number(amount: object) -> object:
    """What the suite writes as text is a number on this wire, if it is one."""
    digits = isinstance(amount, str) and amount.isascii() and amount.isdigit()
    return int(str(amount)) if digits and len(str(amount)) < 20 else amount


def problem(status: int, title: str) -> Answer:
    return answer(status, {"type": "about:blank", "title": title, "status": status})


def one(kind: Kind, source: Source) -> Facts:
    return (Evidence(kind, source),)


def failed(source: Source, failure: Failure) -> Facts:
    return (Evidence(Kind.FAILED, source, failure=failure),)


def unsure(source: Source, word: str) -> Facts:
    return (Evidence(Kind.UNRECOGNISED, source, word=word),)


# Every reason of the document but those that end nothing.
REASONS = {
    Failure.REFUSED: "BE05 AM09 RR07 FR01 ARFR",
    Failure.EXPIRED: "AEXR",
    Failure.WALLET: "BE23 AC04 AC06 AG01 AG10 AM02 AM14 AM21 BE01",
    Failure.OTHER: "AB03 AB04 AB08 AB09 AC03 AC07 AG03 AG11 AM04 ARJR IRNR RR04",
}
NOT_REASONS = "DU03 ALAC APAR"


def requests(source: Source) -> list[Told[Facts]]:
    """How a request stands, which means the same in the reply and in an inquiry."""
    pending = one(Kind.PENDING, source)
    return [
        Told("waits for a confirmation", request("INITIE"), pending),
        Told("sent", request("ENVOYE"), pending),
        Told("accepted: no payment seen yet", request("IRREVOCABLE"), pending),
        Told("accepted, with an id", request("IRREVOCABLE", end2endId=REF), pending),
        Told("rejected", request("REJETE"), failed(source, Failure.OTHER)),
        Told("a new reason", request("REJETE", statutRaison="ZZ99"), unsure(source, "ZZ99")),
        Told("no reason", request("REJETE", statutRaison=7), unsure(source, "a int")),
        Told("cancelled", request("ANNULE"), unsure(source, "ANNULE")),
        *(
            Told(code, request("REJETE", statutRaison=code), failed(source, failure))
            for failure, codes in REASONS.items()
            for code in codes.split()
        ),
        *(
            Told(code, request("REJETE", statutRaison=code), unsure(source, code))
            for code in NOT_REASONS.split()
        ),
    ]


PAID = Evidence(Kind.PAID, Source.INQUIRY, REF, FRANCS)
GIVEN_BACK = Evidence(Kind.REVERSED, Source.INQUIRY, REF, FRANCS)
NO_MONEY = unsure(Source.INQUIRY, "IRREVOCABLE without id or amount")
OTHERS = {  # a payment has one currency, which is not told
    "another txId": {"txId": "f" * 32},
    "another bill": {"refDocNumero": "4821937125"},
    "another payer": {"payeurAlias": "+22376123457"},
}
BEARER = answer(200, {"access_token": "abc", "token_type": "Bearer", "expires_in": 3600})
CASE = Case(
    operator=OPERATOR,
    account=ACCOUNT,
    secrets=("cs-9b1c", "bearer-5d41402a", "c2FyYWxpOmNz", DOOR, *SECRETS),
    requests=REQUESTS,
    tokens=(
        Told("a bearer", BEARER, Token("abc", 3600.0)),
        Told("no client of theirs", problem(401, "Unauthorized"), None),
        Told("no lifetime", answer(200, {"access_token": "abc"}), None),
        Told("no bearer", answer(200, {"expires_in": 3600}), None),
        Told("an empty bearer", answer(200, {"access_token": "", "expires_in": 3600}), None),
        Told("a lifetime over", answer(200, {"access_token": "a", "expires_in": 0}), None),
        Told("endless", answer(200, {"access_token": "a", "expires_in": float("inf")}), None),
        Told("too long", answer(200, {"access_token": "a", "expires_in": 10**400}), None),
    ),
    keys=(),
    collected=(
        *requests(Source.REPLY),
        Told("malformed", problem(400, "Bad Request"), failed(Source.REPLY, Failure.NOT_SENT)),
        Told("no right", problem(401, "Unauthorized"), failed(Source.REPLY, Failure.NOT_SENT)),
        Told("too many", problem(429, "Too Many"), failed(Source.REPLY, Failure.NOT_SENT)),
        Told(
            "a problem of another status",
            answer(400, {"status": 503}),
            (Evidence(Kind.UNKNOWN, Source.OURS, word="http 400"),),
        ),
        Told(
            "a payment is no reply to a request",
            payment(),
            one(Kind.PENDING, Source.REPLY),
        ),
    ),
    inquired=(
        *requests(Source.INQUIRY),
        Told("paid", payment(), (PAID,)),
        Told("paid, with a point", payment(montant=3000.0), (PAID,)),
        Told("paid, then given back", payment(retourStatut="IRREVOCABLE"), (PAID, GIVEN_BACK)),
        Told("paid, not given back", payment(retourStatut="REJETE"), (PAID,)),
        Told("paid, an amount in text", payment(montant="3000"), NO_MONEY),
        Told("paid, half a franc", payment(montant=3000.5), NO_MONEY),
        Told("paid, a hair more", written("3000.0000000000000001"), NO_MONEY),
        Told("paid, a hair", written("1e-999999999"), NO_MONEY),
        Told("paid, by the power of ten", written("3.0E3"), (PAID,)),
        Told("paid, without end", written("1e999999999"), NO_MONEY),
        Told("paid, infinitely", written("Infinity"), NO_MONEY),
        Told("paid, above all bounds", payment(montant=1e300), NO_MONEY),
        Told("paid, no id", payment(end2endId=None), NO_MONEY),
        Told("not final", payment(statut="ENVOYE"), one(Kind.PENDING, Source.INQUIRY)),
        Told(
            "a payment rejected",
            payment(statut="REJETE", statutRaison="AM04"),
            failed(Source.INQUIRY, Failure.OTHER),
        ),
        Told("no such request", problem(404, "NotFound"), ()),
        Told("too many", problem(429, "Too Many Requests"), ()),
        Told("no status", answer(200, {"txId": ORDER.attempt_id}), ()),
        Told("no answer", NoAnswer.LOST, ()),
    ),
    statements=orange_mp_report.STATEMENTS,
    answers=frozenset({200}),
    refusals=frozenset({400, 401, 429}),
    reply=Shape(
        saying=request,
        paid=None,
        standing=request("REJETE", statutRaison="AC04"),
        of_others={
            f"{about}, {word}": request(word, **other)
            for about, other in OTHERS.items()
            for word in ("IRREVOCABLE", "ENVOYE", "REJETE")
        },
    ),
    inquiry=Shape(
        saying=lambda word: payment(statut=word),
        paid=lambda ref, amount: payment(end2endId=ref, montant=number(amount)),
        standing=payment(),
        of_others={about: payment(**other) for about, other in OTHERS.items()},
    ),
    bearer=BEARER,
    report=orange_mp_report.GOOD,
    knocks=KNOCKS,
    door=DOOR,
    key=ORDER.attempt_id,
)
