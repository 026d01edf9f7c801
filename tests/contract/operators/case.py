"""What a connector must be told about to stand the contract: one `Case` a connector.

A new operator is a module with a `Case` and a line in `cases.py`; the suite is the same for all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from domain.msisdn import Msisdn
from domain.payment import Evidence, Source
from domain.wallet import Way
from payments.operators.base import (
    Answer,
    Callback,
    Heard,
    HttpRequest,
    Operator,
    Order,
    Outcome,
    Prepared,
    Token,
)
from payments.reconciliation import Statement

FRANCS = 3000
SINCE = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORDER = Order(
    attempt_id="0123456789abcdef0123456789abcdef",
    bill_number="4821937028",
    payer=Msisdn.parse("+22376123456"),
    francs=FRANCS,
    callback_url="https://sarali.example/callbacks/operator/0f0e0d0c",
    created_at=SINCE,
    otp="735102",
)
TOKEN = Token("bearer-5d41402a", 3600.0)
KEY = "MP/26 11?22#A"  # a key of the operator's making: whatever it holds, it is one path segment
CURSOR = "TFRf/+ 8="  # a cursor is whatever the operator says

_Meaning = TypeVar("_Meaning")
Facts = tuple[Evidence, ...]


@dataclass(frozen=True)
class Told(Generic[_Meaning]):
    """One answer of the operator and what it means; `about` names it in the output."""

    about: str
    outcome: Outcome
    meaning: _Meaning


@dataclass(frozen=True)
class Shape:
    """How an answer about an attempt is written; the reply and the inquiry may differ.

    `saying`: with this word, or this value, for the status. `paid`: a success that names this
    transaction and this amount; None where such an answer never tells money. `standing`: a valid
    one, to be spoilt. `of_others`: answers as perfect, but for another payment or in another
    currency; there is none where the document's answer `names_nobody`, for the reason given there.
    """

    saying: Callable[[object], Answer]
    paid: Callable[[object, object], Answer] | None
    standing: Answer
    of_others: Mapping[str, Answer] = field(default_factory=dict)
    names_nobody: str = ""


@dataclass(frozen=True)
class Knock:
    """A callback and what it is worth; `about` names it in the output."""

    about: str
    callback: Callback
    heard: Heard


@dataclass(frozen=True)
class Case:
    """A connector and its document, as a table.

    `requests` has every wish the connector has a request for: authorise, heartbeat, prepare,
    collect, inquire, prompt, cancel, statement; the others must make none. `reply` and `inquiry`
    are None where the operator has no such answer.
    """

    operator: Operator
    account: object
    secrets: tuple[str, ...]
    requests: Mapping[str, HttpRequest]
    tokens: tuple[Told[Token | None], ...]
    keys: tuple[Told[Prepared | None], ...]
    collected: tuple[Told[Facts], ...]
    inquired: tuple[Told[Facts], ...]
    statements: tuple[Told[Statement | None], ...]
    reply: Shape | None
    inquiry: Shape | None
    # The HTTP statuses its document speaks of: answers, and refusals that carry a reason.
    answers: frozenset[int]
    refusals: frozenset[int]
    # Valid answers to spoil: to authorise, to the statement.
    bearer: Answer | None = None
    report: Answer | None = None
    # What asks for the page of a statement behind CURSOR, where it comes by pages.
    next_page: HttpRequest | None = None
    # What rings, what does not, and at which door of the whole account, if there is one.
    knocks: tuple[Knock, ...] = ()
    door: str = ""
    # Answers to the heartbeat, and whether each says that the operator can serve.
    lives: tuple[Told[bool], ...] = ()
    # The key under which inquiries are made, where the wire wants another than KEY.
    key: str = KEY

    @property
    def name(self) -> str:
        return self.operator.wallet.code

    @property
    def order(self) -> Order:
        """What is asked about, under the key."""
        return replace(ORDER, key=self.key)

    def readings(self, about: Callable[[Shape], Outcome | None]) -> list[tuple[Source, Facts]]:
        """What is read from an answer of each shape the operator has."""
        found = []
        if self.reply is not None and (outcome := about(self.reply)) is not None:
            found.append((Source.REPLY, self.operator.read_collect(outcome, self.order)))
        if self.inquiry is not None and (outcome := about(self.inquiry)) is not None:
            found.append((Source.INQUIRY, self.operator.read_inquire(outcome, self.order)))
        assert self.reply or self.inquiry or self.operator.wallet.way is Way.DIAL
        return found
