"""The simulated participant of PI-SPI at its doors: who may call, and what is refused."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from simulators.pi_spi.bank import Webhook
from tests.integration.simulators.driver import Wire
from tests.integration.simulators.test_pi_spi_fates import PAYEE, SECRET, open_wire

BASE = "/piz/v1"
ASK = f"{BASE}/demandes-paiements"


class Client:
    """A client of the participant with the sandbox's credentials."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        form = {"grant_type": "client_credentials"}
        token = self._open("POST", "/oauth/token", auth=("sandbox", "sandbox"), data=form)
        self.headers = {"Authorization": f"Bearer {token.get_json()['access_token']}"}

    def get(self, path: str) -> TestResponse:
        return self._open("GET", f"{BASE}{path}", headers=self.headers)

    def ask(self, body: object) -> TestResponse:
        return self._open("POST", ASK, json=body, headers=self.headers)

    def _open(self, method: str, path: str, **what: Any) -> TestResponse:  # noqa: ANN401  # the test client's own options
        return self.wire.app.test_client().open(path, method=method, **what)


@pytest.fixture
def client() -> Client:
    return Client(open_wire())


def order(**changes: object) -> dict[str, object]:
    body: dict[str, object] = {
        "txId": "attempt",
        "confirmation": False,
        "categorie": "401",
        "payeurAlias": "+22376123400",
        "payeAlias": PAYEE,
        "montant": 3000,
        "motif": "4821937028",
        "refDocType": "CINV",
        "refDocNumero": "4821937028",
        "dateLimitePaiement": "2026-11-22T03:25:04.000Z",
        "dateLimiteReponse": "2026-11-22T03:25:04.000Z",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def wrong(reply: TestResponse) -> tuple[int, list[str]]:
    told = reply.get_json()
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert told["status"] == reply.status_code
    return reply.status_code, [one["name"] for one in told.get("invalid-params", [])]


@pytest.mark.parametrize(
    ("auth", "grant_type", "status"),
    [
        (("sandbox", "sandbox"), "client_credentials", 200),
        (("sandbox", "wrong"), "client_credentials", 401),
        (None, "client_credentials", 401),
        (("sandbox", "sandbox"), "password", 400),
    ],
)
def test_a_bearer_takes_the_client_and_the_grant(
    auth: tuple[str, str] | None, grant_type: str, status: int
) -> None:
    http = open_wire().app.test_client()
    assert http.post("/oauth/token", auth=auth, data={"grant_type": grant_type}).status_code == (
        status
    )


def test_every_call_takes_a_bearer(client: Client) -> None:
    client.headers["Authorization"] += "x"
    assert wrong(client.ask(order())) == (401, [])
    for path in ("/demandes-paiements/a", "/paiements/a", "/paiements/a/statuts", "/reports"):
        assert wrong(client.get(path)) == (401, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, None) for name in ("txId", "confirmation", "categorie", "payeurAlias")),
        *((name, None) for name in ("payeAlias", "montant", "dateLimitePaiement")),
        *(("txId", text) for text in ("", "x" * 36, 7)),
        *(("confirmation", value) for value in ("false", 0)),
        *(("categorie", value) for value in ("631", 401, "")),
        *(("montant", value) for value in (0, -5, 3000.5, "3000", True, 5_000_001)),
        ("payeAlias", "SNF00_2E4TY"),
        ("motif", "x" * 141),
        ("refDocType", "FINE"),
        ("refDocNumero", "x" * 36),
        ("dateLimitePaiement", "soon"),
        ("dateLimitePaiement", "2026-11-21"),
        ("dateLimiteReponse", "2026-11-22T03:10:04Z"),
        ("dateLimiteReponse", 5),
    ],
)
def test_a_bad_request_is_refused_and_costs_nothing(
    client: Client, name: str, value: object
) -> None:
    assert wrong(client.ask(order(**{name: value}))) == (400, [name])
    client.wire.pass_(30)
    assert client.wire.charges() == []
    assert wrong(client.get("/demandes-paiements/attempt")) == (404, [])


def test_what_is_no_document_is_refused(client: Client) -> None:
    assert wrong(client.ask(["no", "object"])) == (400, [])


def test_a_date_lasts_until_its_end(client: Client) -> None:
    day = {"dateLimitePaiement": "2026-11-22", "dateLimiteReponse": "2026-11-22"}
    assert client.ask(order(**day)).get_json()["statut"] == "ENVOYE"


def test_on_the_spot_no_deadline_is_needed(client: Client) -> None:
    body = order(categorie="500", dateLimitePaiement=None, dateLimiteReponse=None)
    assert client.ask(body).get_json()["statut"] == "ENVOYE"


@pytest.mark.parametrize("alias", ["+22376123400", "9b1b3499-3e50-435b-b757-ac7a83d8aa96"])
def test_a_tx_id_is_good_for_one_request(client: Client, alias: str) -> None:
    first = client.ask(order(payeurAlias=alias)).get_json()
    again = client.ask(order()).get_json()
    assert (again["statut"], again["statutRaison"]) == ("REJETE", "DU03")
    assert client.get("/demandes-paiements/attempt").get_json()["statut"] == first["statut"]
    client.wire.pass_(30)
    assert len(client.wire.charges()) == (1 if alias.startswith("+") else 0)


def test_an_alias_of_nobody_is_rejected(client: Client) -> None:
    told = client.ask(order(payeurAlias="76123400")).get_json()
    assert (told["statut"], told["statutRaison"]) == ("REJETE", "BE23")
    assert "payeurNom" not in told


def test_a_request_to_be_confirmed_waits(client: Client) -> None:
    assert client.ask(order(confirmation=True)).get_json()["statut"] == "INITIE"
    client.wire.pass_(30)
    assert client.get("/demandes-paiements/attempt").get_json()["statut"] == "INITIE"
    assert client.wire.charges() == []


def test_a_payment_is_found_by_either_id_once_it_is_made(client: Client) -> None:
    asked = client.ask(order()).get_json()
    assert wrong(client.get("/paiements/attempt")) == (404, [])
    client.wire.pass_(2)
    paid = client.get("/paiements/attempt").get_json()
    assert paid["statut"] == "IRREVOCABLE"
    assert paid["end2endId"] != asked["end2endId"]
    assert len(paid["end2endId"]) == 35
    assert client.get(f"/paiements/{paid['end2endId']}/statuts").get_json() == paid
    assert wrong(client.get(f"/paiements/{asked['end2endId']}/statuts")) == (404, [])


def test_only_the_reply_names_the_requests_own_id(client: Client) -> None:
    assert "end2endId" in client.ask(order()).get_json()
    assert "end2endId" not in client.get("/demandes-paiements/attempt").get_json()


def test_without_an_address_there_are_no_events() -> None:
    client = Client(open_wire(webhook=Webhook("", SECRET)))
    client.ask(order())
    client.wire.pass_(30)
    assert len(client.wire.charges()) == 1
    assert client.wire.letters == []


def test_down_answers_503_to_the_api_only(client: Client) -> None:
    http = client.wire.app.test_client()
    http.post("/sandbox/faults", json={"down": True})
    assert wrong(client.ask(order())) == (503, [])
    assert http.get("/sandbox/charges").status_code == 200
    http.post("/sandbox/faults", json={"down": False})
    assert client.ask(order()).status_code == 200


def test_charges_are_told_for_one_bill_or_for_all(client: Client) -> None:
    for number in ("1", "2"):
        client.ask(order(txId=f"attempt-{number}", refDocNumero=number))
    client.wire.pass_(2)
    http = client.wire.app.test_client()
    assert [one["bill_number"] for one in http.get("/sandbox/charges").get_json()] == ["1", "2"]
    (one,) = http.get("/sandbox/charges?bill_number=2").get_json()
    assert one["order_id"] == "attempt-2"
