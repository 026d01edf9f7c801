"""The doors of the simulated eWallet: who may call, what is refused, and what a password is."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulators.bearers import SignedBearers
from simulators.orange_otp.access import LIFETIME, Account
from simulators.orange_otp.bank import Bank
from simulators.orange_otp.server import create_app
from tests.integration.simulators.shop import START, Clock, Dice

API = "/api/eWallet/v1"
FORGED = SignedBearers(Clock(), "another key", LIFETIME).issue()


class Merchant:
    """A client with the sandbox's credentials; `clock` is the operator's."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.bank = Bank(self.clock, Dice().below, "sandbox-otp")
        bearers = SignedBearers(self.clock, "key", LIFETIME)
        app = create_app(self.bank, bearers, Account(), self.clock.sleep)
        self.http: FlaskClient = app.test_client()
        self.bearer = self.token().json["access_token"]  # type: ignore[index]  # it is JSON

    def token(self, **changes: str) -> TestResponse:
        form = {"grant_type": "client_credentials", "client_id": "sandbox"}
        return self.http.post("/oauth/v1/token", data=form | {"client_secret": "sandbox"} | changes)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json"}

    def get(self, path: str) -> TestResponse:
        return self.http.get(f"{API}/{path}", headers=self.headers())

    def otp(self, number: str = "76123400") -> str:
        answer = self.http.get(f"/sandbox/otp?msisdn={number}")
        return str(json.loads(answer.data)["otp"])

    def pay(self, otp: str, **changes: object) -> TestResponse:
        body = json.dumps(order(otp, **changes)).encode()
        return self.http.post(f"{API}/payments/onestep", headers=self.headers(), data=body)


def order(otp: str, **changes: object) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "customer": {"idType": "MSISDN", "id": "76123400", "otp": otp},
        "partner": {"idType": "CODE", "id": "000000"},
        "amount": {"value": 3000, "unit": "XOF"},
        "reference": "0123456789abcdef0123456789abcdef",
        "metadata": {"bill_number": "4821937028"},
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def merchant() -> Merchant:
    return Merchant()


def code_of(answer: TestResponse) -> str:
    assert answer.mimetype == "application/problem+json"
    return str(json.loads(answer.data)["code"])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"client_id": "wrong"}, 401),
        ({"client_secret": "wrong"}, 401),
        ({"grant_type": "password"}, 400),
    ],
)
def test_a_token_takes_the_client_and_the_grant(
    merchant: Merchant, changes: Mapping[str, str], status: int
) -> None:
    answer = merchant.token(**changes)
    assert answer.status_code == status
    if status == 200:
        assert json.loads(answer.data)["expires_in"] == 299


def test_a_bearer_lives_299_seconds(merchant: Merchant) -> None:
    merchant.clock.now = START + timedelta(seconds=298.9)
    assert merchant.get("transactions").status_code == 200
    merchant.clock.now = START + timedelta(seconds=299)
    assert merchant.get("transactions").status_code == 401


@pytest.mark.parametrize("given", ["", "Bearer nobody", f"Bearer {FORGED}", "Basic c2Fu"])
def test_a_bearer_is_needed(merchant: Merchant, given: str) -> None:
    headers = {"Authorization": given, "Content-Type": "application/json"}
    assert merchant.http.get(f"{API}/transactions", headers=headers).status_code == 401


def test_a_get_without_a_content_type_is_not_understood(merchant: Merchant) -> None:
    headers = {"Authorization": f"Bearer {merchant.bearer}"}
    assert merchant.http.get(f"{API}/transactions", headers=headers).status_code == 415


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in ("customer", "partner", "amount", "reference")),
        {"partner": {"idType": "CODE", "id": "111111"}},
        {"partner": {"idType": "MSISDN", "id": "000000"}},
        *({"amount": {"value": value, "unit": "XOF"}} for value in (9, 0, -5, 10.5, "10", True)),
        {"amount": {"value": 3000, "unit": "EUR"}},
        *(
            {"customer": {"idType": "MSISDN", "id": number, "otp": "123456"}}
            for number in ("7612340", "22376123400", "+2237612340", 76123400)
        ),
        *({"reference": reference} for reference in ("", " ", "a" * 65, 5)),
        {"metadata": {"deep": {"er": 1}}},
        {"metadata": ["bill"]},
    ],
    ids=str,
)
def test_a_bad_order_is_refused_and_costs_nothing(
    merchant: Merchant, changes: Mapping[str, object]
) -> None:
    otp = merchant.otp()
    answer = merchant.pay(otp, **changes)
    assert (answer.status_code, code_of(answer)) == (400, "24")
    assert merchant.bank.charges() == []
    assert merchant.pay(otp).status_code == 200  # and the password is as good as before


def test_no_json_is_a_bad_order_too(merchant: Merchant) -> None:
    url = f"{API}/payments/onestep"
    answer = merchant.http.post(url, headers=merchant.headers(), data=b"{")
    assert (answer.status_code, code_of(answer)) == (400, "24")


def wait(seconds: float) -> Callable[[Merchant, str], str]:
    def waited(merchant: Merchant, otp: str) -> str:
        merchant.clock.now += timedelta(seconds=seconds)
        merchant.bearer = json.loads(merchant.token().data)["access_token"]
        return otp

    return waited


def used(merchant: Merchant, otp: str) -> str:
    assert merchant.pay(otp).status_code == 200
    return otp


def replaced(merchant: Merchant, otp: str) -> str:
    assert merchant.otp() != otp
    return otp


def mistyped(merchant: Merchant, otp: str) -> str:
    del merchant
    return f"{(int(otp) + 1) % 10**6:06d}"


def another_number_s(merchant: Merchant, otp: str) -> str:
    del otp
    return merchant.otp("76123405")


@pytest.mark.parametrize(
    ("spoil", "good"),
    [
        (wait(599), True),
        (wait(600), False),
        (used, False),
        (replaced, False),
        (mistyped, False),
        (another_number_s, False),
    ],
    ids=["fresh", "expired", "used", "replaced", "mistyped", "another's"],
)
def test_a_password_is_for_one_number_once_for_ten_minutes(
    merchant: Merchant, spoil: Callable[[Merchant, str], str], *, good: bool
) -> None:
    otp = spoil(merchant, merchant.otp())
    assert len(otp) == 6
    before = len(merchant.bank.charges())
    answer = merchant.pay(otp)
    assert answer.status_code == (200 if good else 400)
    assert good or code_of(answer) == "sandbox-otp"
    assert len(merchant.bank.charges()) == before + good


@pytest.mark.parametrize("number", ["76123400", "22376123400", "%2B22376123400", "+22376123400"])
def test_the_menu_knows_a_number_however_it_is_written(merchant: Merchant, number: str) -> None:
    assert merchant.pay(merchant.otp(number)).status_code == 200


@pytest.mark.parametrize("number", ["", "7612340", "+33612345678", "76 12 34 00"])
def test_the_menu_gives_nothing_to_a_number_that_is_none(merchant: Merchant, number: str) -> None:
    assert merchant.http.get(f"/sandbox/otp?msisdn={number}").status_code == 400


def test_a_reply_names_no_amount_and_the_list_a_float(merchant: Merchant) -> None:
    reply = json.loads(merchant.pay(merchant.otp()).data)
    assert set(reply) == {"reference", "transactionId", "status", "description"}
    found = merchant.get(f"transactions?reference={reply['reference']}")
    assert b'"value":3000.0' in found.data.replace(b" ", b"")
    (told,) = json.loads(found.data)
    assert told["transactionId"] == reply["transactionId"]
    status = merchant.get(f"transactions/{reply['transactionId']}/status")
    assert json.loads(status.data) == {"status": "SUCCESS"}


def test_the_list_is_filtered_by_reference_and_broken_by_type(merchant: Merchant) -> None:
    merchant.pay(merchant.otp(), reference="one")
    merchant.pay(merchant.otp(), reference="two")
    listed = json.loads(merchant.get("transactions?reference=one").data)
    assert [one["reference"] for one in listed] == ["one"]
    assert len(json.loads(merchant.get("transactions").data)) == 2
    assert json.loads(merchant.get("transactions?type=MERCHANT_PAYMENT").data) == []


def test_an_unknown_transaction_is_not_found(merchant: Merchant) -> None:
    answer = merchant.get("transactions/MP1/status")
    assert (answer.status_code, code_of(answer)) == (404, "60")


def test_asking_twice_under_one_reference_is_paying_twice(merchant: Merchant) -> None:
    """Nothing in the document says otherwise: a machine must not ask twice."""
    assert merchant.pay(merchant.otp()).status_code == 200
    assert merchant.pay(merchant.otp()).status_code == 200
    assert [charge["amount"] for charge in merchant.bank.charges()] == [3000, 3000]


def test_down_answers_503_to_the_api_only(merchant: Merchant) -> None:
    merchant.http.post("/sandbox/faults", json={"down": True})
    assert merchant.token().status_code == 503
    assert merchant.get("transactions").status_code == 503
    assert merchant.http.get("/sandbox/charges").status_code == 200
    merchant.http.post("/sandbox/faults", json={"down": False})
    assert merchant.token().status_code == 200


@pytest.mark.parametrize("wish", [{}, {"down": "yes"}, {"sideways": True}, ["down"]])
def test_an_unknown_fault_is_refused(merchant: Merchant, wish: object) -> None:
    assert merchant.http.post("/sandbox/faults", json=wish).status_code == 400
