"""What a connector must be told about to stand the contract: one `Case` a connector.

A new operator is a module with a `Case` and a line in `cases.py`; the suite is the same for all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from domain.msisdn import Msisdn
from domain.payment import Evidence
from payments.operators.base import Answer, HttpRequest, Operator, Order, Outcome, Token
from payments.reconciliation import Statement

FRANCS = 3000
ORDER = Order(
    attempt_id="0123456789abcdef0123456789abcdef",
    bill_number="4821937028",
    payer=Msisdn.parse("+22376123456"),
    francs=FRANCS,
    callback_url="https://sarali.example/callbacks/operator/0f0e0d0c",
)
TOKEN = Token("bearer-5d41402a", 3600.0)
KEY = "MP/26 11?22#A"  # a key of the operator's making: whatever it holds, it is one path segment
SINCE = datetime(2026, 11, 22, 12, tzinfo=UTC)

_Meaning = TypeVar("_Meaning")


@dataclass(frozen=True)
class Told(Generic[_Meaning]):
    """One answer of the operator and what it means; `about` names it in the output."""

    about: str
    outcome: Outcome
    meaning: _Meaning


@dataclass(frozen=True)
class Case:
    """A connector and its document, as a table."""

    operator: Operator
    account: object
    secrets: tuple[str, ...]
    requests: Mapping[str, HttpRequest]
    tokens: tuple[Told[Token | None], ...]
    keys: tuple[Told[str | None], ...]
    collected: tuple[Told[tuple[Evidence, ...]], ...]
    inquired: tuple[Told[tuple[Evidence, ...]], ...]
    statements: tuple[Told[Statement | None], ...]
    # The HTTP statuses its document speaks of: answers, and refusals that carry a reason.
    answers: frozenset[int]
    refusals: frozenset[int]
    # An answer to collect or inquire that says this word, or holds this value, for the status.
    saying: Callable[[object], Answer]
    # A success that names this transaction and this amount.
    paid: Callable[[object, object], Answer]
    # Valid answers to spoil: to collect and inquire, to authorise, to the statement.
    standing: Answer
    bearer: Answer
    report: Answer

    @property
    def name(self) -> str:
        return self.operator.wallet.code
