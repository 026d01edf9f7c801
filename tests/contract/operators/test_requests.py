"""What goes out to an operator, to the letter."""

import json

from payments.operators.base import HttpRequest
from tests.contract.operators.case import CURSOR, FRANCS, ORDER, SINCE, TOKEN, Case
from tests.contract.operators.cases import every_case


def sent(case: Case) -> dict[str, HttpRequest]:
    """Every request the connector makes; what it cannot do makes none."""
    operator, can = case.operator, case.operator.capabilities
    wishes = {
        "authorise": operator.authorise(),
        "heartbeat": operator.heartbeat(TOKEN),
        "prepare": operator.prepare(ORDER, TOKEN),
        "collect": operator.collect(ORDER, case.key, TOKEN),
        "inquire": operator.inquire(ORDER, case.key, TOKEN),
        "prompt": operator.prompt(case.key, TOKEN) if can.prompt_again else None,
        "cancel": operator.cancel(case.key, TOKEN) if operator.wallet.cancels else None,
        "statement": operator.statement(SINCE, TOKEN),
    }
    return {wish: request for wish, request in wishes.items() if request is not None}


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
def test_the_next_page_of_a_statement_is_asked_for_by_its_cursor(case: Case) -> None:
    request = case.operator.statement(SINCE, TOKEN, CURSOR)
    assert request == (case.next_page or case.requests.get("statement"))


@every_case
def test_the_same_wish_is_the_same_request(case: Case) -> None:
    assert sent(case) == sent(case)


@every_case
def test_only_asking_for_the_money_names_the_payer(case: Case) -> None:
    for wish, request in sent(case).items():
        whole = f"{request.url} {request.body.decode()}"
        if wish not in {"prepare", "collect"}:
            assert ORDER.payer.national not in whole, wish


@every_case
def test_a_secret_or_a_number_is_never_in_an_address(case: Case) -> None:
    for request in sent(case).values():
        assert ORDER.payer.national not in request.url
        assert not [secret for secret in case.secrets if secret in request.url]


@every_case
def test_a_key_never_changes_the_shape_of_an_address(case: Case) -> None:
    plain = case.operator.inquire(ORDER, case.key, TOKEN)
    assert (plain is not None) is case.operator.capabilities.inquire
    for key in ("../../pay", "a/b", "a?b=c", "a#b", "a%2Fb", "é"):
        request = case.operator.inquire(ORDER, key, TOKEN)
        if plain is not None and request is not None:
            assert request.url.count("/") == plain.url.count("/")
            assert request.url.count("?") == plain.url.count("?")
            assert "#" not in request.url
            assert request.url.isascii()


@every_case
def test_the_operator_says_what_it_can_do(case: Case) -> None:
    capabilities = case.operator.capabilities
    assert case.operator.wallet.name
    assert capabilities.expiry > 0
    assert 0 < capabilities.amounts.low <= capabilities.amounts.high
    assert capabilities.amounts.allow(FRANCS)
    wishes = sent(case)
    assert capabilities.statement == ("statement" in wishes)
    assert case.operator.own_key(ORDER) == case.operator.own_key(ORDER)
