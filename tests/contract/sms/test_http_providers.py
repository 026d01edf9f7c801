"""The providers over HTTP, word by word: the request, each documented answer, each report."""

import json
from decimal import Decimal

import pytest

from domain.exchange import Answer, NoAnswer
from domain.msisdn import Msisdn
from sms import infobip, orange
from sms.gateway import Posted, Refused, Report, ReportError, Sent, Unknown, Verdict

TO = Msisdn("+22376123456")
WORDS = "REÇU 3 000 F & plus"
INFOBIP = infobip.Infobip(
    infobip.Account("https://x.api.infobip.com", "key-5d41402a"),
    "SARALI",
    "https://sarali.example/sms/infobip/delivery",
    Decimal("12.5"),
)
ORANGE = orange.Orange(
    orange.Account("https://api.orange.com", "client", "secret-5d41402a", "+2230000"), "SARALI"
)
PROVIDERS = [INFOBIP, ORANGE]


def answer(document: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode())


def told(document: object) -> Posted:
    return Posted({}, json.dumps(document).encode())


def test_infobip_is_asked_as_documented() -> None:
    request = INFOBIP.request(TO, WORDS, "our-key", "")
    assert (request.method, request.url) == ("POST", "https://x.api.infobip.com/sms/3/messages")
    assert request.headers == {
        "Authorization": "App key-5d41402a",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    delivery = {
        "url": "https://sarali.example/sms/infobip/delivery",
        "contentType": "application/json",
    }
    assert json.loads(request.body) == {
        "messages": [
            {
                "sender": "SARALI",
                "destinations": [{"to": "22376123456", "messageId": "our-key"}],
                "content": {"text": WORDS},
                "webhooks": {"delivery": delivery},
            }
        ]
    }


def test_orange_is_asked_as_documented() -> None:
    assert ORANGE.login is not None
    assert ORANGE.login.url == "https://api.orange.com/oauth/v3/token"
    request = ORANGE.request(TO, WORDS, "our-key", "bearer-1")
    door = "https://api.orange.com/smsmessaging/v1/outbound/tel%3A%2B2230000/requests"
    assert (request.method, request.url) == ("POST", door)
    assert request.headers["Authorization"] == "Bearer bearer-1"
    assert json.loads(request.body) == {
        "outboundSMSMessageRequest": {
            "address": "tel:+22376123456",
            "senderAddress": "tel:+2230000",
            "senderName": "SARALI",
            "outboundSMSTextMessage": {"message": WORDS},
        }
    }


def infobip_says(group: str, name: str = "", **more: object) -> Answer:
    status = {"groupName": group, "name": name}
    return answer({"messages": [{"messageId": "our-key", "status": status, **more}]})


@pytest.mark.parametrize("group", ["PENDING", "DELIVERED"])
def test_infobip_has_taken_it_under_our_name(group: str) -> None:
    said = infobip_says(group, details={"messageCount": 2})
    assert INFOBIP.read(said, "our-key") == Sent("our-key", None, 2)


@pytest.mark.parametrize("count", [0, -1, 11, "2", None, True, 1.5])
def test_a_count_of_segments_that_is_none_is_ours_to_count(count: object) -> None:
    said = INFOBIP.read(infobip_says("PENDING", details={"messageCount": count}), "our-key")
    assert isinstance(said, Sent)
    assert said.segments in {None, 1}


@pytest.mark.parametrize("name", ["REJECTED_DESTINATION", "REJECTED_PREFIX_MISSING"])
def test_a_number_infobip_will_never_reach_is_a_refusal(name: str) -> None:
    assert INFOBIP.read(infobip_says("REJECTED", name), "our-key") == Refused(name)


@pytest.mark.parametrize("name", ["REJECTED_NOT_ENOUGH_CREDITS", "REJECTED_SENDER", "REJECTED_NEW"])
def test_trouble_with_our_account_at_infobip_loses_no_message(name: str) -> None:
    assert INFOBIP.read(infobip_says("REJECTED", name), "our-key") == Unknown(name, left=False)


def test_orange_has_taken_it_under_the_end_of_an_address() -> None:
    said = {"outboundSMSMessageRequest": {"resourceURL": "https://api.orange.com/x/requests/id-1"}}
    assert ORANGE.read(answer(said, 201), "our-key") == Sent("id-1")


def test_a_number_orange_will_never_reach_is_a_refusal() -> None:
    said = {"requestError": {"serviceException": {"messageId": "SVC0004", "text": "no address"}}}
    assert ORANGE.read(answer(said, 400), "our-key") == Refused("SVC0004")


@pytest.mark.parametrize("code", ["POL0001", "SVC0002", ""])
def test_any_other_error_of_orange_comes_back(code: str) -> None:
    said = {"requestError": {"policyException": {"messageId": code}}}
    assert ORANGE.read(answer(said, 403), "our-key") == Unknown("http 403", left=False)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.code)
@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (NoAnswer.NOT_SENT, False),
        (NoAnswer.LOST, True),
        (Answer(500, b""), True),
        (Answer(502, b"<html>"), True),
        (Answer(503, b""), False),
        (Answer(401, b"{}"), False),
        (Answer(429, b"{}"), False),
        (Answer(302, b""), False),
    ],
)
def test_what_cannot_have_left_is_told_from_what_may_have(
    provider: infobip.Infobip | orange.Orange, outcome: Answer | NoAnswer, *, left: bool
) -> None:
    said = provider.read(outcome, "our-key")
    assert isinstance(said, Unknown)
    assert said.left is left


UNREADABLE = [b"", b"OK", b"[]", b"null", b"5", b"{", b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.code)
@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    "body",
    [
        *UNREADABLE,
        b'{"messages": []}',
        b'{"messages": [null]}',
        b'{"messages": [{"status": {"groupName": "NEWS"}}]}',
        b'{"outboundSMSMessageRequest": {"resourceURL": 5}}',
        b'{"outboundSMSMessageRequest": {"resourceURL": "https://x/requests/"}}',
    ],
    ids=lambda body: repr(body[:60]),
)
def test_an_answer_nobody_can_read_is_not_known(
    provider: infobip.Infobip | orange.Orange, status: int, body: bytes
) -> None:
    assert isinstance(provider.read(Answer(status, body), "our-key"), Unknown)


@pytest.mark.parametrize(
    ("group", "verdict"),
    [
        ("DELIVERED", Verdict.DELIVERED),
        ("EXPIRED", Verdict.FAILED),
        ("REJECTED", Verdict.FAILED),
        ("UNDELIVERABLE", Verdict.FAILED),
        ("PENDING", Verdict.UNDER_WAY),
        ("NEWS", Verdict.UNDER_WAY),
    ],
)
def test_infobip_reports_several_at_once(group: str, verdict: Verdict) -> None:
    results = [
        {"messageId": f"key-{n}", "to": "22376123456", "status": {"groupName": group, "name": "N"}}
        for n in (1, 2)
    ]
    assert INFOBIP.read_reports(told({"results": results})) == tuple(
        Report(f"key-{n}", group, verdict, "N", "22376123456") for n in (1, 2)
    )


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("DeliveredToTerminal", Verdict.DELIVERED),
        ("DeliveryImpossible", Verdict.FAILED),
        ("DeliveredToNetwork", Verdict.UNDER_WAY),
        ("MessageWaiting", Verdict.UNDER_WAY),
        ("DeliveryUncertain", Verdict.UNDER_WAY),
    ],
)
def test_orange_reports_one(word: str, verdict: Verdict) -> None:
    info = {"address": "tel:+22376123456", "deliveryStatus": word}
    posted = told({"deliveryInfoNotification": {"callbackData": "id-1", "deliveryInfo": info}})
    assert ORANGE.read_reports(posted) == (Report("id-1", word, verdict, number="+22376123456"),)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.code)
@pytest.mark.parametrize(
    "body",
    [
        *UNREADABLE,
        b'{"results": []}',
        b'{"results": [{}]}',
        b'{"results": [{"messageId": "x", "status": {"groupName": 5}}]}',
        b'{"results": [{"messageId": "x\\u0000", "status": {"groupName": "DELIVERED"}}]}',
        b'{"deliveryInfoNotification": {"callbackData": "", "deliveryInfo": {}}}',
        json.dumps(
            {"results": [{"messageId": "x" * 129, "status": {"groupName": "DELIVERED"}}]}
        ).encode(),
    ],
    ids=lambda body: repr(body[:60]),
)
def test_what_is_no_report_is_refused(
    provider: infobip.Infobip | orange.Orange, body: bytes
) -> None:
    with pytest.raises(ReportError):
        provider.read_reports(Posted({}, body))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.code)
def test_no_key_of_ours_and_no_text_is_shown(provider: infobip.Infobip | orange.Orange) -> None:
    shown = repr(provider.request(TO, WORDS, "our-key", "bearer-5d41402a"))
    shown += repr(provider.login) + repr(provider)
    assert not [word for word in ("5d41402a", "76123456", "REÇU") if word in shown]
