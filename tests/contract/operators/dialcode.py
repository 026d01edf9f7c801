"""A merchant code that is dialled: nothing is asked of the operator but its report."""

from payments.operators.base import Answer, Callback, Heard, HttpRequest, NoAnswer
from payments.operators.dialcode import Account, Dialcode
from payments.reconciliation import Line, LineKind, Statement
from tests.contract.operators.case import SINCE, Case, Knock, Told
from tests.contract.operators.orange_mp_report import HEADER, PERIOD, at, closed, csv

SECRET = "dc-4fe0c1"
URL, TIMEOUT = "https://reports.example", 20.0
ACCOUNT = Account(base_url=URL, token=SECRET, brand="Mali Money", dial="#199*5*000000*{amount}#")
CREDIT = "CREDIT;2026-11-22T12:00:01.500Z;DC1;;22376123456;3000;\n"
REVERSAL = "REVERSAL;2026-11-22T12:00:09Z;DC2;;22376123456;3000;DC1\n"
CREDITED = Line("DC1", LineKind.CREDIT, "DC1", "", 3000, at(1, 500_000), "22376123456")
REVERSED = Line("DC2", LineKind.REVERSAL, "DC1", "", 3000, at(9), "22376123456")
GOOD = csv(PERIOD, HEADER, CREDIT, REVERSAL)
STATEMENTS: tuple[Told[Statement | None], ...] = (
    Told("two movements", GOOD, closed(CREDITED, REVERSED)),
    Told("a quiet period", csv(PERIOD, HEADER), closed()),
    Told("not closed yet", csv("no closed period", status=404), None),
    Told("an open period", csv(PERIOD.replace("closed", "open"), HEADER, CREDIT), None),
    Told("half an amount", csv(PERIOD, HEADER, CREDIT.replace("3000", "3000.50")), None),
    Told("a stranger's token", csv("wrong token", status=401), None),
    Told("no answer", NoAnswer.LOST, None),
    Told("not sent", NoAnswer.NOT_SENT, None),
)

CASE = Case(
    operator=Dialcode(ACCOUNT, timeout=TIMEOUT, expiry=604_800.0),
    account=ACCOUNT,
    secrets=(SECRET,),
    requests={
        "statement": HttpRequest(
            "GET",
            f"{URL}/reports?since=2026-11-22T12%3A00%3A00%2B00%3A00",
            {"Authorization": f"Bearer {SECRET}", "Accept": "text/csv"},
            b"",
            TIMEOUT,
        ),
    },
    tokens=(Told("there is none to ask for", Answer(200, b'{"access_token": "a"}'), None),),
    keys=(Told("there is no key", Answer(200, b'{"data": {"payToken": "a"}}'), None),),
    collected=(),
    inquired=(),
    statements=STATEMENTS,
    answers=frozenset({200}),
    refusals=frozenset(),
    reply=None,
    inquiry=None,
    report=GOOD,
    knocks=(Knock("nobody is known to ring", Callback({}, b"", SINCE), Heard(genuine=True)),),
)
