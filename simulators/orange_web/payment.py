"""One page: what was ordered, what became of it, and how the operator's API words it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from simulators.clock import iso

_AMOUNT_MAX = 10**9
_ORDER_ID_MAX = _REFERENCE_MAX = 30
_URL_MAX = 120
_TEXTS = ("merchant_key", "currency", "order_id", "lang", "reference")
_URLS = ("return_url", "cancel_url", "notif_url")


class Status(StrEnum):
    """The operator's status words, and one that no documentation has."""

    INITIATED = "INITIATED"
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    EN_COURS = "EN_COURS"


class RefusalError(Exception):
    """What the operator answers instead, and under which HTTP status."""

    def __init__(self, status: HTTPStatus, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed request for a page; `amount` in francs."""

    order_id: str
    amount: int
    reference: str
    notif_url: str
    return_url: str


@dataclass(slots=True)
class Page:
    """A page's life. `payer` is the number typed on it; `debited_at` is None until money moves."""

    pay_token: str
    notif_token: str
    order: Order
    status: Status = Status.INITIATED
    payer: str = ""
    txnid: str = ""
    debited_at: datetime | None = None
    reversed: bool = False

    def told(self) -> dict[str, object]:
        """The answer to transactionstatus: it names no amount."""
        return {"status": self.status.value, "order_id": self.order.order_id, "txnid": self.txnid}

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.debited_at is None:
            return None
        return {
            "operator": "orange_web",
            "operator_ref": self.txnid,
            "payer": f"+223{self.payer}",
            "amount": self.order.amount,
            "at": iso(self.debited_at),
            "reversed": self.reversed,
            "bill_number": self.order.reference,
            "order_id": self.order.order_id,
        }


def read_order(body: object, *, merchant_key: str, currency: str) -> Order:
    """Read the JSON of a request for a page.

    Raises:
        RefusalError: a field is missing, malformed or too long, or is not the merchant's.
    """
    if not isinstance(body, dict):
        raise _bad("a JSON object is needed")
    for name in (*_TEXTS, *_URLS):
        if not isinstance(body.get(name), str) or not body[name]:
            raise _bad(f"{name} is needed")
    for name in _URLS:
        if not body[name].startswith(("http://", "https://")) or len(body[name]) > _URL_MAX:
            raise _bad(f"{name}: an address of {_URL_MAX} characters at most")
    if len(body["order_id"]) > _ORDER_ID_MAX or len(body["reference"]) > _REFERENCE_MAX:
        raise _bad(f"order_id and reference have {_ORDER_ID_MAX} characters at most")
    if (body["merchant_key"], body["currency"]) != (merchant_key, currency):
        raise RefusalError(HTTPStatus.FORBIDDEN, "merchant_key or currency are not the merchant's")
    amount = body.get("amount")
    if type(amount) is not int or not 1 <= amount < _AMOUNT_MAX:
        raise _bad("amount: whole francs")
    urls = {"notif_url": body["notif_url"], "return_url": body["return_url"]}
    return Order(body["order_id"], amount, body["reference"], **urls)


def read_question(body: object) -> tuple[str, int, str]:
    """Read the order_id, the amount and the pay_token of a request for a status.

    Raises:
        RefusalError: one is missing.
    """
    match body:
        case {"order_id": str(order_id), "amount": int(amount), "pay_token": str(pay_token)}:
            return order_id, amount, pay_token
        case _:
            raise _bad("order_id, amount and pay_token are needed")


def _bad(description: str) -> RefusalError:
    return RefusalError(HTTPStatus.BAD_REQUEST, description)
