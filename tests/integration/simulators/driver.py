"""A connector of ours before a simulated operator: Flask's test client, and a clock moved by hand.

Nothing waits: a second of the simulated world passes when the driver says so. What the connector
learns is folded as the application folds it, and compared with what the operator really debited.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from domain.msisdn import Msisdn
from domain.payment import Evidence, Kind, Source, Status
from payments.evidence import Standing, fold
from payments.operators.base import (
    Answer,
    Callback,
    HttpRequest,
    NoAnswer,
    Operator,
    Order,
    Outcome,
    Token,
)
from payments.reconciliation import evidence_of
from simulators.postman import Letter

START = datetime(2026, 11, 22, 3, 10, 4, tzinfo=UTC)
FRANCS = 3000
HANGS = 10.0  # seconds: a pause as long is no answer


class Clock:
    """The simulated world's, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def minting(size: int) -> Callable[[], str]:
    """Return a source of ids of so many digits, always the same."""
    dice = random.Random(0)  # noqa: S311  # ids of a test
    return lambda: f"{dice.getrandbits(4 * size):0{size}x}"


@dataclass
class Wire:
    """The way from a connector to `app`: sends its requests, and keeps what came back.

    The application is given last: it pauses by `pause`.
    """

    clock: Clock
    advance: Callable[[], list[Letter]]
    app: Flask = field(init=False)
    letters: list[Letter] = field(default_factory=list)
    answers: list[tuple[HttpRequest, Answer]] = field(default_factory=list)
    hung: bool = False

    def pause(self, seconds: float) -> None:
        """What the server does instead of sleeping."""
        self.hung = seconds > HANGS
        self.pass_(min(seconds, 3.0))

    def pass_(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.letters += self.advance()

    def __call__(self, request: HttpRequest) -> Outcome:
        parts = urlsplit(request.url)
        self.hung = False
        reply = self.app.test_client().open(
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            method=request.method,
            headers=dict(request.headers),
            data=request.body or None,
        )
        if self.hung:
            return NoAnswer.LOST
        answer = Answer(reply.status_code, reply.data)
        self.answers.append((request, answer))
        return answer

    def charges(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.app.test_client().get("/sandbox/charges").get_json()
        return found


@dataclass
class Story:
    """One attempt, from the request to the statements; what was known by seconds."""

    facts: list[Evidence]
    key: str
    seen: list[Status] = field(default_factory=list)

    @property
    def standing(self) -> Standing:
        return fold(FRANCS, self.facts)

    def learn(self, facts: tuple[Evidence, ...]) -> None:
        self.facts += facts
        if not self.seen or self.seen[-1] is not self.standing.status:
            self.seen.append(self.standing.status)


def order_of(fate: str) -> Order:
    return Order(
        attempt_id=f"{int(fate):032x}",
        bill_number=f"48219370{fate}",
        payer=Msisdn.parse(f"+223761234{fate}"),
        francs=FRANCS,
        callback_url=f"http://127.0.0.1:9/callbacks/{fate}",
        created_at=START,
    )


def bearer(operator: Operator, wire: Wire) -> Token:
    wish = operator.authorise()
    assert wish is not None
    token = operator.read_authorise(wire(wish))
    assert token is not None
    return token


def live(operator: Operator, wire: Wire, order: Order, seconds: int = 30) -> Story:
    """Ask for the money once, then ask about it each second, as the application would."""
    token, key = bearer(operator, wire), operator.own_key(order)
    story = Story([Evidence(Kind.SUBMITTING, Source.OURS)], key)
    request = operator.collect(order, key, token)
    assert request is not None
    outcome = wire(request)
    story.learn(operator.read_collect(outcome, order))
    story.key = operator.read_key(outcome, order) or key
    for _ in range(seconds):
        wire.pass_(1.0)
        status = story.standing.status
        if not (status.is_open or status is Status.FAILED):
            continue  # nobody asks about money that was seen
        inquiry = operator.inquire(order, story.key, token)
        assert inquiry is not None
        outcome = wire(inquiry)
        story.learn(operator.read_inquire(outcome, order))
        story.key = operator.read_key(outcome, order) or story.key
    return story


def reconcile(operator: Operator, wire: Wire, story: Story, order: Order) -> None:
    """Let the statement be closed, and have the last word."""
    wire.pass_(10.0)
    request = operator.statement(START, bearer(operator, wire))
    assert request is not None
    statement = operator.read_statement(wire(request))
    assert statement is not None
    assert statement.since <= START < statement.until
    lines = [line for line in statement.lines if line.attempt_id == order.attempt_id]
    story.learn(tuple(evidence_of(line) for line in lines))


def heard(operator: Operator, letter: Letter, at: datetime) -> tuple[bool, str, tuple[str, ...]]:
    """What a connector makes of a callback."""
    headers: Mapping[str, str] = {name.lower(): text for name, text in letter.headers.items()}
    meaning = operator.hear(Callback(headers, letter.body, at))
    return meaning.genuine, meaning.event, meaning.attempt_ids
