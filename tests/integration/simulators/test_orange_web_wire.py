"""The doors of the simulated web payment: who may call, what is refused, and the page itself."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulators.bearers import SignedBearers
from simulators.orange_web.access import LIFETIME, Account
from simulators.orange_web.bank import Bank
from simulators.orange_web.fates import EXPIRY_SECONDS
from simulators.orange_web.server import create_app
from tests.integration.simulators.shop import START, Clock, Dice

API = "/orange-money-webpay/dev/v1"
FORM = {"grant_type": "client_credentials"}


class Merchant:
    """A client with the sandbox's credentials; `clock` is the operator's."""

    def __init__(self) -> None:
        self.clock, dice = Clock(), Dice()
        self.bank = Bank(self.clock, dice.token)
        bearers = SignedBearers(self.clock, "key", LIFETIME)
        self.http: FlaskClient = create_app(self.bank, bearers, Account()).test_client()
        self.bearer = json.loads(self.token().data)["access_token"]

    def token(self, auth: tuple[str, str] | None = ("sandbox", "sandbox")) -> TestResponse:
        return self.http.post("/oauth/v3/token", data=FORM, auth=auth)

    def post(self, verb: str, body: object, api: str = API) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.bearer}"}
        return self.http.post(f"{api}/{verb}", headers=headers, json=body)

    def page(self, **changes: object) -> dict[str, Any]:
        answer = self.post("webpayment", order(**changes))
        assert answer.status_code == 201
        page: dict[str, Any] = json.loads(answer.data)
        return page

    def ask(self, page: Mapping[str, Any], **changes: object) -> TestResponse:
        question = {"order_id": "one", "amount": 3000, "pay_token": page["pay_token"], **changes}
        return self.post("transactionstatus", question)

    def word(self, page: Mapping[str, Any]) -> str:
        answer = self.ask(page)
        assert answer.status_code == 201
        told = json.loads(answer.data)
        assert set(told) == {"status", "order_id", "txnid"}
        return str(told["status"])

    def pass_(self, seconds: float) -> None:
        self.clock.now += timedelta(seconds=seconds)
        self.bank.advance()


def order(**changes: object) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "merchant_key": "sandbox",
        "currency": "OUV",
        "order_id": "one",
        "amount": 3000,
        "return_url": "https://sarali.example/",
        "cancel_url": "https://sarali.example/",
        "notif_url": "https://sarali.example/callbacks/orange_web/0f0e0d0c",
        "lang": "fr",
        "reference": "4821937028",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


@pytest.fixture
def merchant() -> Merchant:
    return Merchant()


def test_a_token_takes_the_client_and_lives_90_days(merchant: Merchant) -> None:
    assert json.loads(merchant.token().data)["expires_in"] == 7_776_000
    assert merchant.token(("sandbox", "wrong")).status_code == 401
    assert merchant.token(None).status_code == 401
    merchant.clock.now = START + timedelta(days=90)
    assert merchant.post("webpayment", order()).status_code == 401


def test_a_token_takes_the_grant(merchant: Merchant) -> None:
    form = {"grant_type": "password"}
    answer = merchant.http.post("/oauth/v3/token", data=form, auth=("sandbox", "sandbox"))
    assert answer.status_code == 400


def test_another_country_is_not_found(merchant: Merchant) -> None:
    answer = merchant.post("webpayment", order(), "/orange-money-webpay/ml/v1")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        *(({name: None}, 400) for name in order()),
        *(({"amount": amount}, 400) for amount in (0, -5, 10.5, "3000", True, 10**9)),
        ({"order_id": "a" * 31}, 400),
        ({"reference": "a" * 31}, 400),
        ({"notif_url": "https://sarali.example/" + "a" * 98}, 400),
        ({"return_url": "file:///etc/passwd"}, 400),
        ({"merchant_key": "wrong"}, 403),
        ({"currency": "XOF"}, 403),
    ],
    ids=str,
)
def test_a_bad_order_is_refused(
    merchant: Merchant, changes: Mapping[str, object], status: int
) -> None:
    answer = merchant.post("webpayment", order(**changes))
    assert answer.status_code == status
    assert set(json.loads(answer.data)) == {"code", "message", "description"}
    assert merchant.bank.waiting() == {}


def test_the_longest_order_is_good(merchant: Merchant) -> None:
    url = "https://sarali.example/"
    longest = {"order_id": "a" * 30, "reference": "b" * 30, "notif_url": url + "a" * 97}
    assert merchant.page(**longest)["message"] == "OK"


def test_an_order_id_is_unique_for_ever(merchant: Merchant) -> None:
    merchant.page()
    merchant.pass_(100)
    assert merchant.post("webpayment", order(amount=10)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"order_id": "two"}, 404),
        ({"amount": 2900}, 404),
        ({"pay_token": "nobody's"}, 404),
        ({"amount": "3000"}, 400),
    ],
    ids=str,
)
def test_a_status_is_told_of_the_order_at_its_amount(
    merchant: Merchant, changes: Mapping[str, object], status: int
) -> None:
    answer = merchant.ask(merchant.page(), **changes)
    assert answer.status_code == status
    assert json.loads(answer.data)["code"] == (60 if status == 404 else 400)


def test_a_person_can_pay_on_the_page(merchant: Merchant) -> None:
    page = merchant.page(reference="<b>4821937028")
    seen = merchant.http.get(page["payment_url"])
    assert "3000 F CFA, &lt;b&gt;4821937028" in seen.get_data(as_text=True)
    assert merchant.word(page) == "INITIATED"
    assert merchant.http.post(page["payment_url"], data={"msisdn": "7612"}).status_code == 400
    assert merchant.http.post(page["payment_url"], data={"msisdn": "76123400"}).status_code == 200
    assert merchant.word(page) == "PENDING"
    merchant.pass_(1.5)
    assert merchant.word(page) == "SUCCESS"
    (charge,) = merchant.bank.charges()
    assert charge["payer"] == "+22376123400"


def test_a_page_is_used_once(merchant: Merchant) -> None:
    page = merchant.page()
    for status in (200, 410):
        answer = merchant.http.post(page["payment_url"], data={"msisdn": "76123400"})
        assert answer.status_code == status
    merchant.pass_(30)
    assert len(merchant.bank.charges()) == 1
    assert merchant.word(page) == "SUCCESS"


def test_a_page_expires(merchant: Merchant) -> None:
    page = merchant.page()
    merchant.pass_(EXPIRY_SECONDS - 0.1)
    assert merchant.http.get(page["payment_url"]).status_code == 200
    merchant.pass_(0.1)
    assert merchant.word(page) == "EXPIRED"
    assert merchant.http.get(page["payment_url"]).status_code == 410
    assert merchant.http.post(page["payment_url"], data={"msisdn": "76123400"}).status_code == 410


def test_down_answers_503_to_the_api_only(merchant: Merchant) -> None:
    page = merchant.page()
    merchant.http.post("/sandbox/faults", json={"down": True})
    assert merchant.token().status_code == 503
    assert merchant.ask(page).status_code == 503
    assert merchant.http.get(page["payment_url"]).status_code == 200
    assert merchant.http.get("/sandbox/charges").status_code == 200
