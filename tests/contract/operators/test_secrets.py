"""What may be logged: the repr of anything that passes through a connector holds no secret."""

from traceback import TracebackException
from typing import NoReturn

import pytest

from payments.operators.base import Operator
from tests.contract.operators.case import KEY, ORDER, SINCE, TOKEN, Case
from tests.contract.operators.cases import every_case


def logged(case: Case) -> list[object]:
    operator = case.operator
    return [
        case.account,
        operator,
        TOKEN,
        ORDER,
        operator.authorise(),
        operator.prepare(ORDER, TOKEN),
        operator.collect(ORDER, KEY, TOKEN),
        operator.inquire(KEY, TOKEN),
        operator.prompt(KEY, TOKEN),
        operator.statement(SINCE, TOKEN),
        case.bearer,
        case.standing,
    ]


def fail(operator: Operator) -> NoReturn:
    token = TOKEN
    order = ORDER
    request = operator.collect(order, KEY, token)
    raise LookupError(request, order, token)


@every_case
def test_the_secrets_are_really_sent(case: Case) -> None:
    sent = [case.operator.authorise(), case.operator.collect(ORDER, KEY, TOKEN)]
    whole = "".join(f"{dict(request.headers)} {request.body.decode()}" for request in sent)
    assert [secret for secret in case.secrets if secret in whole]


@every_case
def test_no_repr_holds_a_secret_or_a_number(case: Case) -> None:
    for thing in logged(case):
        for shown in (repr(thing), str(thing), f"{[thing]}"):
            assert not [secret for secret in case.secrets if secret in shown]
            assert ORDER.payer.national not in shown


@every_case
def test_no_traceback_with_its_variables_holds_a_secret_or_a_number(case: Case) -> None:
    with pytest.raises(LookupError) as failed:
        fail(case.operator)
    trace = TracebackException.from_exception(failed.value, capture_locals=True)
    shown = "".join(line for line in trace.format() if "case = " not in line)
    assert not [secret for secret in case.secrets if secret in shown]
    assert ORDER.payer.national not in shown
