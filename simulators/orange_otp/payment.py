"""One payment: what was ordered, what became of it, and how the operator's API words it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from simulators.clock import iso

AMOUNT_MIN: Final = 10  # in production; the document says 1
_AMOUNT_MAX = 10**9
_NATIONAL = re.compile(r"[0-9]{8}", re.ASCII)
_REFERENCE = re.compile(r"[!-~]{1,64}")
_BAD_REQUEST, _POOR = "24", "2020"


class Status(StrEnum):
    """The operator's status words that occur here, and one that no documentation has."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    EN_TRAITEMENT = "EN_TRAITEMENT"


class ProblemError(Exception):
    """What the operator answers with HTTP 400 and RFC 7807; `code` is its own."""

    def __init__(self, detail: str, code: str = _BAD_REQUEST) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class PoorError(ProblemError):
    def __init__(self) -> None:
        super().__init__("The balance of the customer is insufficient", _POOR)


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed request; `amount` in francs, `customer` as 8 national digits."""

    reference: str
    customer: str
    otp: str
    partner: str
    amount: int
    metadata: Mapping[str, object]


@dataclass(slots=True)
class Transaction:
    """A payment's life; `debited` (francs) is None until money moves."""

    transaction_id: str
    order: Order
    created: datetime
    updated: datetime
    status: Status = Status.PENDING
    debited: int | None = None
    debited_at: datetime | None = None
    reversed: bool = False

    def listed(self) -> dict[str, object]:
        """One of the list; the amount is a float, as production writes it."""
        order = self.order
        return {
            "amount": {"value": float(self.debited or order.amount), "unit": "XOF"},
            "requestDate": iso(self.created),
            "reference": order.reference,
            "metadata": dict(order.metadata),
            "partner": {"id": order.partner, "idType": "CODE", "walletType": "PRINCIPAL"},
            "customer": {"id": order.customer, "idType": "MSISDN", "walletType": "PRINCIPAL"},
            "type": "MERCHANT_PAYMENT",
            "transactionId": self.transaction_id,
            "createdAt": iso(self.created),
            "updatedAt": iso(self.updated),
            "channel": "API",
            "status": self.status.value,
        }

    def replied(self) -> dict[str, object]:
        """The reply to the payment request: it names no amount."""
        return {
            "reference": self.order.reference,
            "transactionId": self.transaction_id,
            "status": self.status.value,
            "description": f"Transaction {self.status.value.lower()}",
        }

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.debited_at is None:
            return None
        return {
            "operator": "orange_otp",
            "operator_ref": self.transaction_id,
            "payer": f"+223{self.order.customer}",
            "amount": self.debited,
            "at": iso(self.debited_at),
            "reversed": self.reversed,
            "bill_number": self.order.metadata.get("bill_number"),
            "order_id": self.order.reference,
        }


def read_order(body: object, *, partner: str) -> Order:
    """Read the JSON of a payment request.

    Raises:
        ProblemError: when a field is missing or malformed, or the partner is not the merchant.
    """
    match body:
        case {
            "customer": {"idType": "MSISDN", "id": str(customer), "otp": str(otp)},
            "partner": {"idType": "CODE", "id": str(code)},
            "amount": {"value": int(amount), "unit": "XOF"},
            "reference": str(reference),
            **rest,
        }:
            metadata = _metadata(rest.get("metadata"))
        case _:
            raise ProblemError("customer, partner, amount and reference are needed, as documented")
    if code != partner:
        raise ProblemError("The partner is not known")
    if not _NATIONAL.fullmatch(customer):
        raise ProblemError("The customer's MSISDN is invalid")
    if isinstance(amount, bool) or not AMOUNT_MIN <= amount < _AMOUNT_MAX:
        raise ProblemError("The amount is out of bounds")
    if not _REFERENCE.fullmatch(reference):
        raise ProblemError("The reference is invalid")
    return Order(reference, customer, otp, code, amount, metadata)


def _metadata(given: object) -> Mapping[str, object]:
    if given is None:
        return {}
    if isinstance(given, dict) and all(isinstance(value, str) for value in given.values()):
        return given
    raise ProblemError("The metadata are invalid")
