"""A merchant's own connector before a simulated operator, and a clock that the test moves by hand.

No process and no socket: a request of the connector is handed to the Flask application, so every
fate is played in milliseconds, and both sides are held to the same document.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask

from domain.msisdn import Msisdn
from domain.payment import Evidence, Kind
from payments.operators.base import Answer, HttpRequest, NoAnswer, Operator, Order, Outcome, Token
from payments.reconciliation import Line, evidence_of

URL = "http://operator.example"
START = datetime(2026, 11, 22, 3, 10, 4, tzinfo=UTC)
FRANCS = 3000
PATIENCE = 3.0  # seconds a merchant waits for an answer


@dataclass
class Clock:
    """The time of the test; `passing` is called at every step of it."""

    now: datetime = START
    passing: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.25)):
            self.now += timedelta(seconds=0.25)
            self.passing()


@dataclass
class Dice:
    """Never the same twice, and the same in every run."""

    thrown: int = 0

    def below(self, faces: int) -> int:
        self.thrown += 1
        return self.thrown * 7919 % faces

    def token(self) -> str:
        return f"{self.below(2**64):032x}"


@dataclass
class Shop:
    """What is learned of one payment, in the order learned."""

    operator: Operator
    app: Flask
    clock: Clock
    learned: list[Evidence] = field(default_factory=list)

    def __call__(self, request: HttpRequest | None) -> Outcome:
        """Send `request`; an answer later than a merchant waits is none."""
        assert request is not None
        assert request.url.startswith(URL)
        asked = self.clock.now
        answer = self.app.test_client().open(
            request.url.removeprefix(URL),
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        if self.clock.now - asked > timedelta(seconds=PATIENCE):
            return NoAnswer.LOST
        return Answer(answer.status_code, answer.data)

    def bearer(self) -> Token:
        token = self.operator.read_authorise(self(self.operator.authorise()))
        assert token is not None
        return token

    def learn(self, facts: tuple[Evidence, ...]) -> None:
        self.learned += [fact for fact in facts if fact not in self.learned[-1:]]

    def watch(self, order: Order, key: str, seconds: float) -> None:
        """Ask all the time, as no merchant would."""
        token = self.bearer()
        until = self.clock.now + timedelta(seconds=seconds)
        while self.clock.now < until:
            outcome = self(self.operator.inquire(order, key, token))
            self.learn(self.operator.read_inquire(outcome, order))
            self.clock.sleep(0.25)

    def lines(self) -> tuple[Line, ...]:
        """The statement, ten seconds later, when all of it is closed."""
        self.clock.sleep(10)
        request = self.operator.statement(START - timedelta(minutes=1), self.bearer())
        statement = self.operator.read_statement(self(request))
        assert statement is not None
        return statement.lines

    def kinds(self) -> tuple[str, ...]:
        """What was learned, in a word each: its kind, or why it failed."""
        return tuple(str(fact.failure or fact.kind) for fact in self.learned)

    def paid(self) -> list[tuple[str | None, int | None]]:
        return [(f.operator_ref, f.francs) for f in self.learned if f.kind is Kind.PAID]


def order(ending: str) -> Order:
    """The order of the wallet with that fate."""
    return Order(
        attempt_id=f"{int(ending):032x}",
        bill_number=f"48219370{ending}",
        payer=Msisdn.parse(f"+223761234{ending}"),
        francs=FRANCS,
        callback_url=f"https://sarali.example/callbacks/operator/{ending}",
        created_at=START,
    )


def facts_of(lines: tuple[Line, ...]) -> list[Evidence]:
    return [evidence_of(line) for line in lines]
