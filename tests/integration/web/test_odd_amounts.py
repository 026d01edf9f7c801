"""An operator that names an amount nobody can book stops neither the worker nor the others."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.payment import Status
from payments.operators.base import Answer, HttpRequest, Outcome
from tests.integration.web.citizen import Door, Phone, rows
from tests.integration.web.till import Clock, attempts_of
from ussd_app.usecases import drain

ODD = ["0", "00", "1000000001", "99999999999", "9" * 40]


class Bank:
    """An operator that takes every payment at once, and names `odd` as the amount of the first."""

    def __init__(self, odd: str) -> None:
        self._odd = odd
        self._keys = 0

    def __call__(self, request: HttpRequest, /) -> Outcome:
        path = request.url.partition("/mp/")[2]
        if request.url.endswith("/token"):
            return _answer({"access_token": "bearer", "expires_in": 3600})
        if not path:
            return Answer(404, b"")  # no report is closed yet
        if path == "init":
            self._keys += 1
            return _answer({"data": {"payToken": f"MP{self._keys}"}})
        key = json.loads(request.body)["payToken"] if path == "pay" else path.rpartition("/")[2]
        amount = self._odd if key == "MP1" else "3000"
        data = {"status": "SUCCESSFULL", "txnid": f"CI{key}", "amount": amount}
        return _answer({"data": data | {"payToken": key, "inittxnstatus": "200"}})


@pytest.mark.parametrize("odd", ODD)
def test_an_amount_that_cannot_be_booked_is_for_a_human_and_holds_nobody_up(
    door: Door, phone: Phone, other: Phone, odd: str
) -> None:
    clock = Clock(door.context.now)
    door.give(replace(door.context, now=clock, transport=Bank(odd)))
    first, second = door.fine(), door.fine()
    for caller, number in ((phone, first), (other, second)):
        caller.pay(number)
        clock.advance(seconds=5)
        for _ in range(3):
            drain.drain(door.context)
            clock.advance(seconds=20)
    assert attempts_of(door.context, second)[0].status is Status.SUCCEEDED
    assert attempts_of(door.context, first)[0].status is not Status.SUCCEEDED
    assert rows(door.context, "alarms")
    with door.context.db.begin() as tx:
        proved = tx.execute(text("SELECT bill_number FROM receipts")).scalars().all()
    assert proved == [second]


def _answer(document: dict[str, object]) -> Answer:
    return Answer(200, json.dumps(document).encode())
