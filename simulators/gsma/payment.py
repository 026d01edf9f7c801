"""One request, the transaction it becomes, and how the API of the GSMA words them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from simulators.clock import iso
from simulators.gsma.errors import Problem
from simulators.gsma.order import Order


class State(StrEnum):
    """How a request stands: the three words of the document."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


MUDDLED: Final = "authorised"  # a status of a transaction that no document has


@dataclass(slots=True)
class Payment:
    """A request's life. `ref` is None until there is a transaction, `debited` until money moves."""

    server_id: str
    client_id: str
    order: Order
    created: datetime
    state: State = State.PENDING
    error: Problem | None = None
    ref: str | None = None
    word: str = State.COMPLETED
    debited: int | None = None
    debited_at: datetime | None = None
    reversed: bool = False

    def request_state(self) -> dict[str, object]:
        told: dict[str, object] = {
            "serverCorrelationId": self.server_id,
            "status": self.state.value,
            "notificationMethod": "callback" if self.order.callback_url else "polling",
            "pollLimit": 100,
        }
        if self.state is State.FAILED and self.error is not None:
            told["error"] = self.error.body()
        if self.state is State.COMPLETED:
            told["objectReference"] = self.ref
        return told

    def transaction(self) -> dict[str, object]:
        """The transaction as it is viewed; `amount` is what was debited, once something was."""
        order, moved = self.order, self.debited_at or self.created
        told: dict[str, object] = {
            "transactionReference": self.ref,
            "creditParty": [{"key": order.payee_type, "value": order.payee}],
            "debitParty": [{"key": "msisdn", "value": f"+223{order.payer}"}],
            "type": "merchantpay",
            "transactionStatus": self.word,
            "amount": str(order.amount if self.debited is None else self.debited),
            "currency": "XOF",
            "creationDate": iso(self.created),
            "modificationDate": iso(moved),
        }
        if order.attempt:
            told["requestingOrganisationTransactionReference"] = order.attempt
        if order.description:
            told["descriptionText"] = order.description
        return told

    def outcome(self) -> dict[str, object]:
        """What a callback holds: the transaction, or the error."""
        if self.error is not None:
            return self.error.body()
        return self.transaction()

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.debited_at is None:
            return None
        return {
            "operator": "gsma",
            "operator_ref": self.ref,
            "payer": f"+223{self.order.payer}",
            "amount": self.debited,
            "at": iso(self.debited_at),
            "reversed": self.reversed,
            "bill_number": self.order.description,
            "order_id": self.order.attempt,
        }
