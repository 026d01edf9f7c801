"""The GSMA's simulated operator at its doors: who may call, what is refused, with which code."""

import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.integration.simulators.driver import Wire, bearer
from tests.integration.simulators.test_gsma_fates import OPERATOR, open_wire

BASE = "/v1.2/mm"
PAY = f"{BASE}/transactions/type/merchantpay"
ID = "01234567-89ab-cdef-0123-456789abcdef"


class Merchant:
    """A client of the operator with the sandbox's credentials."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        form = {"grant_type": "client_credentials"}
        token = self._open("POST", "/oauth/accesstoken", auth=("sandbox", "sandbox"), data=form)
        bearer = f"Bearer {token.get_json()['access_token']}"
        self.headers = {"Authorization": bearer, "X-API-Key": "sandbox"}

    def get(self, path: str) -> TestResponse:
        return self._open("GET", path, headers=self.headers)

    def pay(self, body: object, path: str = PAY, **headers: str) -> TestResponse:
        more = {name.replace("_", "-"): text for name, text in headers.items()}
        return self._open("POST", path, json=body, headers={**self.headers, **more})

    def _open(self, method: str, path: str, **what: Any) -> TestResponse:  # noqa: ANN401  # the test client's own options
        return self.wire.app.test_client().open(path, method=method, **what)


@pytest.fixture
def merchant() -> Merchant:
    return Merchant(open_wire())


def order(**changes: object) -> dict[str, object]:
    body: dict[str, object] = {
        "amount": "3000",
        "currency": "XOF",
        "debitParty": [{"key": "msisdn", "value": "+22376123400"}],
        "creditParty": [{"key": "organisationid", "value": "TRESOR"}],
        "requestingOrganisationTransactionReference": "attempt",
        "descriptionText": "4821937028",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def refusal(reply: TestResponse) -> tuple[int, str, str]:
    told = reply.get_json()
    return reply.status_code, told["errorCategory"], told["errorCode"]


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
    client = open_wire().app.test_client()
    reply = client.post("/oauth/accesstoken", auth=auth, data={"grant_type": grant_type})
    assert reply.status_code == status
    if status == 200:
        assert reply.get_json()["expires_in"] == 3600


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_both_headers_are_needed(merchant: Merchant, header: str) -> None:
    merchant.headers[header] += "x"
    unauthorised = (401, "authorisation", "clientAuthorisationError")
    assert refusal(merchant.pay(order())) == unauthorised
    assert refusal(merchant.get(f"{BASE}/heartbeat")) == unauthorised
    assert merchant.get("/sandbox/charges").status_code == 200


def test_a_bearer_lives_an_hour(merchant: Merchant) -> None:
    assert merchant.get(f"{BASE}/heartbeat").get_json() == {"serviceStatus": "available"}
    merchant.wire.clock.sleep(3600)
    assert merchant.get(f"{BASE}/heartbeat").status_code == 401


def test_the_heartbeat_is_a_sign_of_life_until_the_operator_is_down() -> None:
    wire = open_wire()
    token = bearer(OPERATOR, wire)
    assert OPERATOR.read_heartbeat(wire(OPERATOR.heartbeat(token)))
    wire.app.test_client().post("/sandbox/faults", json={"down": True})
    assert not OPERATOR.read_heartbeat(wire(OPERATOR.heartbeat(token)))


MISSING = (400, "validation", "mandatoryValueNotSupplied")
FORMAT = (400, "validation", "formatError")
NOBODY = (404, "identification", "identifierError")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        *(({name: None}, MISSING) for name in ("amount", "currency", "debitParty", "creditParty")),
        *(({"amount": text}, FORMAT) for text in ("12.5", "03000", "abc", "", "3 000", 3000)),
        ({"amount": "-5"}, (400, "validation", "negativeValue")),
        ({"amount": "0"}, (400, "businessRule", "lessThanTransactionMinValue")),
        ({"amount": "1" * 12}, (400, "businessRule", "greaterThanTransactionMaxValue")),
        ({"currency": "EUR"}, (400, "validation", "currencyNotSupported")),
        ({"descriptionText": "x" * 257}, (400, "validation", "lengthError")),
        ({"debitParty": []}, FORMAT),
        ({"debitParty": "76123400"}, FORMAT),
        ({"debitParty": [{"key": "msisdn"}]}, MISSING),
        ({"debitParty": [{"key": "msisdn", "value": "76123400"}]}, NOBODY),
        ({"debitParty": [{"key": "accountid", "value": "+22376123400"}]}, NOBODY),
        ({"creditParty": [{"key": "organisationid", "value": "OTHER"}]}, NOBODY),
    ],
    ids=str,
)
def test_a_bad_request_is_refused_and_costs_nothing(
    merchant: Merchant, changes: dict[str, object], said: tuple[int, str, str]
) -> None:
    assert refusal(merchant.pay(order(**changes), X_CorrelationID=ID)) == said
    merchant.wire.pass_(30)
    assert merchant.wire.charges() == []
    assert merchant.pay(order(), X_CorrelationID=ID).status_code == 202  # nothing was begun


def test_other_requests_are_not_served(merchant: Merchant) -> None:
    assert refusal(merchant.pay(["no", "object"])) == FORMAT
    assert refusal(merchant.pay(order(), X_CorrelationID="7")) == FORMAT
    assert refusal(merchant.pay(order(), X_Callback_URL="file:///etc/passwd")) == FORMAT
    wrong = merchant.pay(order(), path=PAY.replace("merchantpay", "billpay"))
    assert refusal(wrong) == (400, "validation", "transactionTypeError")


@pytest.mark.parametrize("number", ["+22376123400", "+22376123410"])
def test_a_correlation_id_is_good_for_one_request(merchant: Merchant, number: str) -> None:
    first = order(debitParty=[{"key": "msisdn", "value": number}])
    assert merchant.pay(first, X_CorrelationID=ID).status_code in {202, 400}
    again = merchant.pay(order(), X_CorrelationID=ID.upper())
    assert refusal(again) == (400, "businessRule", "duplicateRequest")
    merchant.wire.pass_(30)
    assert len(merchant.wire.charges()) <= 1


def test_without_a_correlation_id_nothing_binds_two_requests(merchant: Merchant) -> None:
    assert [merchant.pay(order()).status_code for _ in range(2)] == [202, 202]
    merchant.wire.pass_(30)
    assert len(merchant.wire.charges()) == 2


def test_nobody_to_call_back_means_polling(merchant: Merchant) -> None:
    assert merchant.pay(order()).get_json()["notificationMethod"] == "polling"
    reply = merchant.pay(order(), X_Callback_URL="http://127.0.0.1:9/here")
    assert reply.get_json()["notificationMethod"] == "callback"
    merchant.wire.pass_(30)
    assert [letter.url for letter in merchant.wire.letters] == ["http://127.0.0.1:9/here"]


@pytest.mark.parametrize("place", ["requeststates", "transactions", "responses"])
def test_nothing_of_that_id(merchant: Merchant, place: str) -> None:
    assert refusal(merchant.get(f"{BASE}/{place}/{uuid.UUID(int=0)}")) == NOBODY


def test_an_id_leads_to_its_transaction_once_there_is_one(merchant: Merchant) -> None:
    merchant.pay(order(), X_CorrelationID=ID)
    assert refusal(merchant.get(f"{BASE}/responses/{ID}")) == NOBODY
    merchant.wire.pass_(2)
    link = merchant.get(f"{BASE}/responses/{ID}").get_json()["link"]
    assert merchant.get(f"{BASE}{link}").get_json()["transactionStatus"] == "completed"


def test_down_answers_503_to_the_api_only(merchant: Merchant) -> None:
    client = merchant.wire.app.test_client()
    down = client.post("/sandbox/faults", json={"down": True}).get_json()
    assert down == {"down": True, "drop": False}
    unavailable = (503, "serviceUnavailable", "genericError")
    assert refusal(merchant.pay(order())) == unavailable
    assert refusal(client.post("/oauth/accesstoken")) == unavailable
    assert client.get("/sandbox/charges").status_code == 200
    client.post("/sandbox/faults", json={"down": False})
    assert merchant.pay(order()).status_code == 202


@pytest.mark.parametrize("wish", [{}, {"down": "yes"}, {"sideways": True}, ["down"]])
def test_an_unknown_fault_is_refused(merchant: Merchant, wish: object) -> None:
    reply = merchant.wire.app.test_client().post("/sandbox/faults", json=wish)
    assert reply.status_code == 400


def test_the_statement_takes_a_bearer_and_an_instant(merchant: Merchant) -> None:
    assert merchant.get(f"{BASE}/reports?since=yesterday").status_code == 400
    since = "2026-11-22T03:10:04%2B00:00"
    assert merchant.get(f"{BASE}/reports?since={since}").status_code == 404
    merchant.wire.pass_(10)
    assert merchant.get(f"{BASE}/reports?since={since}").data.startswith(b"# period;")
    merchant.headers["X-API-Key"] = "stranger"
    assert merchant.get(f"{BASE}/reports?since={since}").status_code == 401
