"""Africa's Talking, word by word: the request, each documented code, and answers no one expects."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from domain.msisdn import Msisdn
from sms.africastalking import AfricasTalking
from sms.gateway import Posted, Refused, Report, Sent, Unknown, Verdict
from tests.contract.sms.provider import Provider, listening

TO = Msisdn("+22376123456")
SENT = {"statusCode": 101, "number": TO.e164, "status": "Success", "messageId": "ATXid_1"}
ACCOUNT_TROUBLE = {402: "InvalidSenderId", 405: "InsufficientBalance"}
NUMBER_TROUBLE = {
    403: "InvalidPhoneNumber",
    404: "UnsupportedNumberType",
    406: "UserInBlacklist",
}
PROVIDER_TROUBLE = {500: "InternalServerError", 501: "GatewayError", 502: "RejectedByGateway"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with listening() as listener:
        yield listener


@pytest.fixture
def gateway(provider: Provider) -> AfricasTalking:
    return AfricasTalking(provider.url, "sarali", "key-5d41402a", "SARALI")


def answer(provider: Provider, **changes: object) -> None:
    recipients = [{**SENT, **changes}]
    document = {"SMSMessageData": {"Message": "Sent to 1/1", "Recipients": recipients}}
    provider.body = json.dumps(document).encode()


def test_the_request_is_the_documented_form(provider: Provider, gateway: AfricasTalking) -> None:
    answer(provider)
    gateway.send(TO, "REÇU 3 000 F & plus")
    (received,) = provider.received
    assert received.path == "/version1/messaging"
    assert received.headers["apikey"] == "key-5d41402a"
    assert received.headers["accept"] == "application/json"
    assert received.form == {
        "username": ["sarali"],
        "to": ["+22376123456"],
        "message": ["REÇU 3 000 F & plus"],
        "from": ["SARALI"],
        "bulkSMSMode": ["1"],
    }


def test_without_a_sender_of_ours_the_provider_chooses(provider: Provider) -> None:
    answer(provider)
    AfricasTalking(provider.url, "sarali", "key", "").send(TO, "text")
    assert "from" not in provider.received[0].form


@pytest.mark.parametrize("code", [100, 101, 102])
def test_an_accepted_message_is_known_by_its_name(
    provider: Provider, gateway: AfricasTalking, code: int
) -> None:
    answer(provider, statusCode=code)
    assert gateway.send(TO, "text") == Sent("ATXid_1")


@pytest.mark.parametrize("code", list(NUMBER_TROUBLE))
def test_a_number_that_cannot_be_reached_is_a_refusal(
    provider: Provider, gateway: AfricasTalking, code: int
) -> None:
    answer(provider, statusCode=code, status=NUMBER_TROUBLE[code], messageId="None")
    refused = gateway.send(TO, "text")
    assert isinstance(refused, Refused)
    assert str(code) in refused.reason


@pytest.mark.parametrize("code", list(PROVIDER_TROUBLE))
def test_trouble_of_the_provider_is_to_be_tried_again(
    provider: Provider, gateway: AfricasTalking, code: int
) -> None:
    answer(provider, statusCode=code, status=PROVIDER_TROUBLE[code], messageId="None")
    assert isinstance(gateway.send(TO, "text"), Unknown)


@pytest.mark.parametrize("code", list(ACCOUNT_TROUBLE))
def test_trouble_with_our_account_loses_no_message(
    provider: Provider, gateway: AfricasTalking, code: int
) -> None:
    """An empty balance is filled one day: the receipt must still be there to be sent."""
    answer(provider, statusCode=code, status=ACCOUNT_TROUBLE[code], messageId="None")
    assert isinstance(gateway.send(TO, "text"), Unknown)


@pytest.mark.parametrize("status", [0, 301, 400, 401, 403, 404, 429, 500, 502, 503, 504])
def test_an_error_or_a_cut_is_not_known(
    provider: Provider, gateway: AfricasTalking, status: int
) -> None:
    answer(provider)
    provider.status = status
    assert isinstance(gateway.send(TO, "text"), Unknown)
    assert len(provider.received) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"<html>502</html>",
        b"[]",
        b"null",
        b"5",
        b"{",
        b"\xff\xfe",
        b'{"SMSMessageData": null}',
        b'{"SMSMessageData": {"Recipients": []}}',
        b'{"SMSMessageData": {"Recipients": null}}',
        b'{"SMSMessageData": {"Recipients": [null]}}',
        b'{"SMSMessageData": {"Recipients": ["x"]}}',
        b'{"SMSMessageData": {"Recipients": [{}]}}',
        b'{"SMSMessageData": {"Recipients": [{"statusCode": "101", "messageId": "ATXid_1"}]}}',
        b'{"SMSMessageData": {"Recipients": {"statusCode": 101}}}',
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:90]),
)
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "text/html"])
def test_an_answer_nobody_can_read_is_not_known(
    provider: Provider, gateway: AfricasTalking, content_type: str, body: bytes
) -> None:
    provider.content_type, provider.body = content_type, body
    assert isinstance(gateway.send(TO, "text"), Unknown)


@pytest.mark.parametrize("message_id", [None, 5])
def test_a_message_taken_without_a_name_is_not_known(
    provider: Provider, gateway: AfricasTalking, message_id: object
) -> None:
    answer(provider, messageId=message_id)
    assert isinstance(gateway.send(TO, "text"), Unknown)


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        ("XOF 12.0000", Decimal("12.0000")),
        ("XOF 8", Decimal(8)),
        ("KES 0.8000", None),
        ("0", None),
        ("XOF -1", None),
        (12, None),
        (None, None),
    ],
)
def test_a_cost_is_kept_in_francs_or_not_at_all(
    provider: Provider, gateway: AfricasTalking, told: object, cost: Decimal | None
) -> None:
    answer(provider, cost=told)
    assert gateway.send(TO, "text") == Sent("ATXid_1", cost)


def test_what_the_provider_turned_away_cannot_have_left(
    provider: Provider, gateway: AfricasTalking
) -> None:
    answer(provider, statusCode=405, status="InsufficientBalance", messageId="None")
    assert gateway.send(TO, "text") == Unknown("code 405", left=False)
    answer(provider, statusCode=101, messageId=None)
    assert gateway.send(TO, "text") == Unknown("code 101", left=True)


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("Success", Verdict.DELIVERED),
        ("Failed", Verdict.FAILED),
        ("Rejected", Verdict.FAILED),
        ("Expired", Verdict.FAILED),
        ("Sent", Verdict.UNDER_WAY),
        ("Submitted", Verdict.UNDER_WAY),
        ("Buffered", Verdict.UNDER_WAY),
        ("a word nobody documents", Verdict.UNDER_WAY),
    ],
)
def test_a_report_says_how_the_message_fared(
    gateway: AfricasTalking, word: str, verdict: Verdict
) -> None:
    form = {"id": "ATXid_1", "status": word, "phoneNumber": TO.e164}
    (report,) = gateway.read_reports(Posted(form, b""))
    assert report == Report("ATXid_1", word, verdict, number=TO.e164)
