"""What may be logged: the repr of anything that passes through a connector holds no secret."""

from traceback import TracebackException
from typing import NoReturn

import pytest

from payments.operators.base import Operator
from tests.contract.operators.case import KEY, ORDER, TOKEN, Case
from tests.contract.operators.cases import every_case
from tests.contract.operators.test_requests import sent


def logged(case: Case) -> list[object]:
    shapes = [shape.standing for shape in (case.reply, case.inquiry) if shape]
    knocks = [knock.callback for knock in case.knocks]
    return [case.account, case.operator, TOKEN, ORDER, *sent(case).values(), *shapes, *knocks]


def fail(operator: Operator) -> NoReturn:
    token = TOKEN
    order = ORDER
    request = operator.prepare(order, token) or operator.collect(order, KEY, token)
    raise LookupError(request, order, token)


@every_case
def test_the_secrets_are_really_sent(case: Case) -> None:
    requests = sent(case).values()
    whole = "".join(f"{dict(request.headers)} {request.body.decode()}" for request in requests)
    assert [secret for secret in case.secrets if secret in whole]


@every_case
def test_no_repr_holds_a_secret_or_a_number(case: Case) -> None:
    for thing in logged(case):
        for shown in (repr(thing), str(thing), f"{[thing]}"):
            assert ORDER.otp not in shown
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
