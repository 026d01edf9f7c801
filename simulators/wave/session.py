"""One checkout session: what was asked, what became of it, and how the API words it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from simulators.clock import iso
from simulators.wave.fates import Fate

LIFETIME: Final = timedelta(seconds=20)  # documented as thirty minutes; the sandbox is in a hurry
POOR: Final = {
    "code": "insufficient-funds",
    "message": "The customer's account does not have sufficient balance",
}
_AMOUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_MOBILE = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_BILL = re.compile(r"/([0-9]{10})(?![^/?#])", re.ASCII)
_REFERENCE_MAX = 255
_ANYBODY = "+22370000000"  # whoever opens the link of a session restricted to nobody


class ApiError(Exception):
    """What the API refuses: `{code, message}` under an HTTP status."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message}


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed request for a session; `amount` in francs, `mobile` in E.164."""

    amount: int
    client_reference: str | None
    mobile: str | None
    success_url: str
    error_url: str

    @property
    def payer(self) -> str:
        return self.mobile or _ANYBODY

    @property
    def bill_number(self) -> str:
        """What the oracle calls it by: the API is told no bill, but the way back may name one."""
        named = _BILL.search(self.success_url)
        return named[1] if named else ""


@dataclass(slots=True)
class Session:
    """A session's life. `paid` (francs) and `transaction_id` are None until money moves."""

    id: str
    order: Order
    fate: Fate
    created: datetime
    checkout_status: str = "open"
    payment_status: str = "processing"
    last_payment_error: Mapping[str, str] | None = None
    completed: datetime | None = None
    transaction_id: str | None = None
    paid: int | None = None
    refunded: bool = False
    handed_over: bool = False  # whether anybody can have the link
    event_id: str | None = None  # of its completion, however often that is told

    @property
    def is_open(self) -> bool:
        return self.checkout_status == "open"

    def close(self, checkout_status: str, at: datetime) -> None:
        self.checkout_status = checkout_status
        self.completed = at

    def document(self) -> dict[str, object]:
        """The session as the API and the webhooks tell it."""
        return {
            "id": self.id,
            "amount": str(self.order.amount if self.paid is None else self.paid),
            "checkout_status": self.checkout_status,
            "client_reference": self.order.client_reference,
            "currency": "XOF",
            "error_url": self.order.error_url,
            "last_payment_error": self.last_payment_error,
            "business_name": "Tresor public (bac a sable)",
            "payment_status": self.payment_status,
            "restrict_payer_mobile": self.order.mobile,
            "success_url": self.order.success_url,
            "transaction_id": self.transaction_id,
            "wave_launch_url": f"https://pay.wave.example/c/{self.id}",
            "when_completed": self.completed and seconds(self.completed),
            "when_created": seconds(self.created),
            "when_expires": seconds(self.created + LIFETIME),
        }

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.paid is None or self.completed is None:
            return None
        return {
            "operator": "wave",
            "operator_ref": self.transaction_id,
            "payer": self.order.payer,
            "amount": self.paid,
            "at": iso(self.completed),
            "reversed": self.refunded,
            "bill_number": self.order.bill_number,
            "order_id": self.order.client_reference,
        }


def seconds(moment: datetime) -> str:
    """Return a UTC moment as Wave writes it, `2026-11-22T03:10:07Z`, cut to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def read_order(body: object) -> Order:
    """Read the JSON of a request for a session.

    Raises:
        ApiError: a field is missing or malformed.
    """
    if not isinstance(body, dict):
        raise _invalid("the body must be a JSON object")
    mobile, reference = body.get("restrict_payer_mobile"), body.get("client_reference")
    if not _is(_AMOUNT, body.get("amount")):
        raise _invalid("amount: a string of whole francs")
    if body.get("currency") != "XOF":
        raise _invalid("currency: XOF")
    for name in ("success_url", "error_url"):
        if not str(body.get(name)).startswith("https://"):
            raise _invalid(f"{name}: an https address")
    if mobile is not None and not _is(_MOBILE, mobile):
        raise _invalid("restrict_payer_mobile: an E.164 number")
    if reference is not None and not (
        isinstance(reference, str) and len(reference) <= _REFERENCE_MAX
    ):
        raise _invalid("client_reference: at most 255 characters")
    addresses = str(body["success_url"]), str(body["error_url"])
    return Order(int(body["amount"]), reference, mobile, *addresses)


def _is(shape: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None


def _invalid(message: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, "request-validation-error", message)
