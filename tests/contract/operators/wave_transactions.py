"""Wave's list of transactions: live, by the day and by pages; read as a closed statement.

The connector's clock says 13:00 and its patience is a quarter of an hour: closed until 12:45.
"""

import json
from datetime import UTC, datetime, timedelta

from payments.operators.base import Answer, NoAnswer
from payments.reconciliation import Line, LineKind, Statement
from tests.contract.operators.case import Told

DAY = datetime(2026, 11, 22, tzinfo=UTC)
CLOSED = DAY + timedelta(hours=12, minutes=45)
ATTEMPT = "0123456789abcdef0123456789abcdef"
CURSOR = "TFRfdUZ1MGoyMzVKemtz"
Item = dict[str, object]


def item(**changes: object) -> Item:
    """A payment of 3 000 F, of which the wallet gained 2 970."""
    return {
        "timestamp": "2026-11-22T12:00:01Z",
        "transaction_id": "T_V3TFOUE7VU",
        "transaction_type": "api_checkout",
        "amount": "2970",
        "fee": "30",
        "balance": "12970",
        "currency": "XOF",
        "is_reversal": False,
        "counterparty_name": "Mariam Traore",
        "counterparty_mobile": "+22376123456",
        "client_reference": ATTEMPT,
        "payment_reason": None,
        "checkout_api_session_id": "cos-1ya2rewh0139m",
        **changes,
    }


def without(name: str, given: Item | None = None) -> Item:
    return {key: value for key, value in (given or item()).items() if key != name}


BACK = item(
    timestamp="2026-11-22T12:10:00Z",
    transaction_type="api_checkout_refund",
    amount="-2970",
    fee="-30",
    is_reversal=True,
)


def page(
    *items: object, more: object = False, day: object = "2026-11-22", cursor: object = CURSOR
) -> Answer:
    info = {"start_cursor": None, "end_cursor": cursor, "has_next_page": more}
    document = {"page_info": info, "date": day, "items": items}
    return Answer(200, json.dumps(document).encode())


def credit(hour: int = 12, minute: int = 0, second: int = 1, ref: str = "T_V3TFOUE7VU") -> Line:
    at = DAY.replace(hour=hour, minute=minute, second=second)
    return Line(f"credit-{ref}", LineKind.CREDIT, ref, ATTEMPT, 3000, at, "+22376123456")


CREDIT = credit()
REVERSAL = Line(
    "reversal-T_V3TFOUE7VU",
    LineKind.REVERSAL,
    "T_V3TFOUE7VU",
    ATTEMPT,
    3000,
    DAY.replace(hour=12, minute=10),
    "+22376123456",
)


def read(
    about: str, answer: Answer, *lines: Line, until: datetime = CLOSED, after: str = ""
) -> Told[Statement | None]:
    return Told(about, answer, Statement(DAY, until, lines, after))


def spoiled(about: str, *items: object) -> Told[Statement | None]:
    return Told(about, page(item(timestamp="2026-11-22T00:00:00Z"), *items), None)


def anonymous(line: Line, attempt_id: str = "", payer: str = "+22376123456") -> Line:
    return Line(
        line.line_key, line.kind, line.operator_ref, attempt_id, line.francs, line.at, payer
    )


NINE = item(timestamp="2026-11-22T09:00:00Z", transaction_id="T_9")
TEN = item(timestamp="2026-11-22T10:00:00Z", transaction_id="T_10")
AT_TEN = DAY.replace(hour=10)
YESTERDAY = Statement(
    DAY - timedelta(days=1),
    DAY,
    (Line("credit-T_0", LineKind.CREDIT, "T_0", ATTEMPT, 3000, DAY - timedelta(seconds=1),
          "+22376123456"),),
)  # fmt: skip
NO_AMOUNTS: tuple[object, ...] = (
    None, "", " ", 2970, 29.7, "29.70", "2 970", "+2970", "--2970", "3e3", "٣٠", "9" * 13, [],
)  # fmt: skip
GOOD = page(item(), BACK)

STATEMENTS: tuple[Told[Statement | None], ...] = (
    read("paid, then given back", GOOD, CREDIT, REVERSAL),
    read("a quiet day", page()),
    read("no fee", page(item(amount="3000", fee="0")), CREDIT),
    read("a zone of its own", page(item(timestamp="2026-11-22T14:00:01+02:00")), CREDIT),
    read("not marked, but named a refund",
         page(item(), without("is_reversal", BACK)), CREDIT, REVERSAL),
    read("marked, but not named", page(item(), {**BACK, "transaction_type": None}),
         CREDIT, REVERSAL),
    read("an older list, which marks nothing",
         page(without("is_reversal", without("transaction_type"))), CREDIT),
    read("a mark of nothing", page(item(is_reversal=None)), CREDIT),
    read("a payment at the counter", page(
        item(transaction_type="merchant_payment", client_reference=None)
    ), anonymous(CREDIT)),
    read("no reference at all", page(without("client_reference")), anonymous(CREDIT)),
    read("somebody's reference", page(item(client_reference="order_123")), anonymous(CREDIT)),
    read("a reference nobody can store", page(item(client_reference="\u0000" * 32)),
         anonymous(CREDIT)),
    read("a payer nobody can store", page(item(counterparty_mobile="\ud800")),
         anonymous(CREDIT, ATTEMPT, "")),
    read("no payer", page(without("counterparty_mobile")), anonymous(CREDIT, ATTEMPT, "")),
    read("a type nobody documented", page(item(transaction_type="gift")), CREDIT),
    read("a payout of ours", page(item(transaction_type="api_payout", amount="-505", fee="5"))),
    read("a payout that came back", page(
        item(transaction_type="api_payout_reversal", amount="505", fee="-5", is_reversal=True)
    )),
    read("a sweep of everything", page(
        item(transaction_type="merchant_sweep", amount="-123456789012", fee="0")
    )),
    read("nothing moved", page(item(amount="0", fee="0"))),
    read("what is not settled yet is left for later",
         page(item(), item(timestamp="2026-11-22T12:45:00Z", transaction_id="T_2")), CREDIT),
    read("just before", page(item(timestamp="2026-11-22T12:44:59Z")), credit(12, 44, 59)),
    read("a page with a next one is closed before its last line", page(NINE, TEN, more=True),
         credit(9, second=0, ref="T_9"), credit(10, second=0, ref="T_10"),
         until=AT_TEN, after=CURSOR),
    read("a page of one moment closes nothing, and there is more", page(
        item(timestamp="2026-11-22T00:00:00Z"), more=True
    ), credit(0, second=0), until=DAY, after=CURSOR),
    read("what follows a line that is not settled is left for later", page(
        NINE, item(timestamp="2026-11-22T12:45:00Z", transaction_id="T_2"), more=True
    ), credit(9, second=0, ref="T_9")),
    Told("a page that does not say", page(NINE, TEN, more="no"), None),
    Told("a page that names no next one", page(NINE, TEN, more=True, cursor=None), None),
    Told("a cursor that is none", page(NINE, TEN, more=True, cursor="a b"), None),
    Told("a day that is over",
         page(item(timestamp="2026-11-21T23:59:59Z", transaction_id="T_0"), day="2026-11-21"),
         YESTERDAY),
    Told("a day to come", page(day="2026-11-23"), None),
    Told("a page of nothing that has a next one", page(more=True), None),
    Told("newest first", page(TEN, NINE), None),
    Told("a line of the day before", page(item(timestamp="2026-11-21T23:59:59Z")), None),
    Told("a line of the day after", page(item(timestamp="2026-11-23T00:00:00Z")), None),
    Told("no date", page(day=None), None),
    Told("a date that is none", page(day="today"), None),
    Told("a date too late", page(day="9999-12-31"), None),
    Told("items that are none", Answer(200, b'{"date": "2026-11-22", "items": null}'), None),
    Told("no page", Answer(200, b'{"date": "2026-11-22", "items": []}'), None),
    Told("refused", Answer(403, b'{"code": "missing-permission"}'), None),
    Told("no answer", NoAnswer.LOST, None),
    Told("not sent", NoAnswer.NOT_SENT, None),
    *(spoiled(f"a line without its {name}", without(name)) for name in
      ("timestamp", "transaction_id", "amount", "fee", "currency")),
    *(spoiled(f"an amount of {amount!r}", item(amount=amount)) for amount in
      NO_AMOUNTS),
    spoiled("an amount that is too much", item(amount="999999999999")),
    spoiled("a fee that eats it all", item(fee="-2970")),
    spoiled("a fee that is none", item(fee=None)),
    spoiled("another currency", item(currency="GMD")),
    spoiled("an empty transaction", item(transaction_id="")),
    spoiled("a transaction nobody can store", item(transaction_id="T\u0000")),
    spoiled("a transaction too long", item(transaction_id="T" * 65)),
    spoiled("a mark that is none", item(is_reversal="yes")),
    spoiled("a type that is none", item(transaction_type=[])),
    spoiled("a moment without a zone", item(timestamp="2026-11-22T12:00:01")),
    spoiled("a moment that is none", item(timestamp="noon")),
    spoiled("a line that is none", None),
    spoiled("a line that is a list", ["T_V3TFOUE7VU"]),
)  # fmt: skip
