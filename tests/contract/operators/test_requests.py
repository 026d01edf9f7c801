"""What goes out to an operator, to the letter."""

import json

from payments.operators.base import HttpRequest
from tests.contract.operators.case import FRANCS, KEY, ORDER, SINCE, TOKEN, Case
from tests.contract.operators.cases import every_case


def sent(case: Case) -> dict[str, HttpRequest]:
    operator = case.operator
    return {
        "authorise": operator.authorise(),
        "prepare": operator.prepare(ORDER, TOKEN),
        "collect": operator.collect(ORDER, KEY, TOKEN),
        "inquire": operator.inquire(KEY, TOKEN),
        "prompt": operator.prompt(KEY, TOKEN),
        "statement": operator.statement(SINCE, TOKEN),
    }


def said(request: HttpRequest) -> object:
    """The body, without regard to the order of the keys of a JSON document."""
    is_json = request.headers.get("Content-Type") == "application/json" and request.body
    return json.loads(request.body) if is_json else request.body


@every_case
def test_each_wish_is_the_documented_request(case: Case) -> None:
    requests = sent(case)
    assert set(case.requests) == set(requests)
    for wish, documented in case.requests.items():
        request = requests[wish]
        assert (request.method, request.url) == (documented.method, documented.url), wish
        assert dict(request.headers) == dict(documented.headers), wish
        assert said(request) == said(documented), wish
        assert request.timeout == documented.timeout, wish


@every_case
def test_the_same_wish_is_the_same_request(case: Case) -> None:
    assert sent(case) == sent(case)


@every_case
def test_only_the_collection_names_the_payer_and_the_amount(case: Case) -> None:
    for wish, request in sent(case).items():
        whole = f"{request.url} {request.body.decode()}"
        assert (ORDER.payer.national in whole) is (wish == "collect"), wish
        assert (str(FRANCS) in whole) is (wish == "collect"), wish


@every_case
def test_a_secret_or_a_number_is_never_in_an_address(case: Case) -> None:
    for request in sent(case).values():
        assert ORDER.payer.national not in request.url
        assert not [secret for secret in case.secrets if secret in request.url]


@every_case
def test_a_key_is_one_segment_of_the_path_whatever_it_holds(case: Case) -> None:
    plain = case.operator.inquire("KEY", TOKEN).url
    for key in ("../../pay", "a/b", "a?b=c", "a#b", "a%2Fb", "é"):
        url = case.operator.inquire(key, TOKEN).url
        assert url.count("/") == plain.count("/")
        assert not set("?#") & set(url)
        assert url.isascii()


@every_case
def test_the_operator_says_what_it_can_do(case: Case) -> None:
    capabilities = case.operator.capabilities
    assert case.operator.wallet.name
    assert capabilities.expiry > 0
    assert 0 < capabilities.amounts.low <= capabilities.amounts.high
    assert capabilities.amounts.allow(FRANCS)
