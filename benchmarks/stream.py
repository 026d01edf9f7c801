"""Payments under way, as many as wanted: pressed over HTTP, and seen in the tables at their end."""

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from itertools import count
from types import TracebackType
from typing import Any, Self

import psycopg
import urllib3

from benchmarks.load import WrongAnswerError, phone_number
from domain import check_digits
from sandbox.environment import USSD_CODE
from sandbox.world import World

FEEDERS = 4
UNDER_WAY = 96  # payments: each waits for its citizen, and meanwhile others must be worked on
AT_ONCE = 2  # pressed at a look, at most: in one wave, all would wait and then all have to be asked
FINES, PEOPLE = 20_000, 10_000
LOOK_EVERY = 0.05  # seconds
ENDS_WITHIN = 90.0  # seconds
APART = 0.8  # seconds between payments that must not meet
_DIAL = USSD_CODE.removesuffix("#")
_FINE = """
COPY bills (bill_number, service, subject, francs, legal_basis, issued_on, quantity, status,
    version, details, created_at) FROM STDIN"""
_WAITS = """
SELECT extract(epoch FROM paid_at - attempts.created_at)::float
FROM receipts JOIN attempts USING (attempt_id) ORDER BY paid_at DESC LIMIT %s"""
# A line of a statement is taken in a transaction within a transaction, which counts as a second.
_COUNTS = """
SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
    pg_current_xact_id()::text::bigint - (SELECT count(*) FROM statement_lines),
    (SELECT sum(tries) FROM outbox WHERE kind = 'attempt'), (SELECT count(*) FROM receipts)"""
_TOLD_WITHIN = 1.2  # seconds: a backend of PostgreSQL tells its figures once a second at most


@dataclass(frozen=True)
class Counted:
    """What a payment takes on the average: transactions, and how often its operator is asked."""

    writes: float
    reads: float
    inquiries: float


class Stream:
    """Opens payments in a world, each of another fine; `pressed` is how many."""

    def __init__(self, world: World) -> None:
        self._url = f"{world.base_url}/ussd/africastalking"
        self._http = urllib3.PoolManager(maxsize=FEEDERS, retries=False)
        self._pool = ThreadPoolExecutor(FEEDERS)
        self._db = psycopg.connect(
            world.environ["DATABASE_URL"].replace("+psycopg", ""), autocommit=True
        )
        self._looks = 0
        self.pressed = self._receipts()
        self._fines = iter(self._record(FINES))
        self._numbers = count()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()
        self._db.close()

    def execute(self, statement: str) -> None:
        """Run one statement in the world's database."""
        self._db.execute(statement)

    def alone(self, most: int) -> list[float]:
        """Make payments that do not meet; return the seconds from each key to its receipt."""
        for _ in range(most):
            self._press()
            self.pressed += 1
            time.sleep(APART)
        self._wait()
        return [seconds for (seconds,) in self._db.execute(_WAITS, (most,))]

    def rate(self, warm_up: float, seconds: float) -> float:
        """Keep many payments under way; return how many a second got their receipt."""
        began = time.time() + warm_up
        while time.time() < began + seconds:
            room = min(AT_ONCE, UNDER_WAY - self.pressed + self._receipts())
            list(self._pool.map(lambda _: self._press(), range(room)))
            self.pressed += room
            time.sleep(LOOK_EVERY)
        self._wait()
        period = [datetime.fromtimestamp(at, UTC) for at in (began, began + seconds)]
        query = "SELECT count(*) FROM receipts WHERE paid_at > %s AND paid_at <= %s"
        return int(self._row(query, period)[0]) / seconds

    def counted(self, warm_up: float, seconds: float) -> Counted:
        """Count what the payments of such a round take."""
        before, looks = self._counts(), self._looks
        self.rate(warm_up, seconds)
        commits, writes, tries, receipts = (
            now - then for now, then in zip(self._counts(), before, strict=True)
        )
        reads = commits - writes - (self._looks - looks)
        # The first look at an attempt submits it, and each other asks the operator.
        return Counted(writes / receipts, reads / receipts, tries / receipts - 1)

    def _press(self) -> None:
        number = next(self._numbers)
        fine = next(self._fines)
        form = {
            "sessionId": f"ATUid_{uuid.uuid4().hex}",
            "phoneNumber": phone_number(number % PEOPLE),
            "networkCode": "99999",
            "serviceCode": f"{_DIAL}*1*{fine}#",
            "text": "",
        }
        for text, words in (("", fine), ("1", "END ")):
            answer = self._http.request_encode_body(
                "POST", self._url, form | {"text": text}, encode_multipart=False
            )
            if answer.status != HTTPStatus.OK or words not in answer.data.decode():
                raise WrongAnswerError(f"{answer.status} {answer.data[:200]!r}")

    def _wait(self) -> None:
        deadline = time.monotonic() + ENDS_WITHIN
        while (receipts := self._receipts()) < self.pressed:
            if time.monotonic() > deadline:
                raise WrongAnswerError(f"{self.pressed - receipts} payments without a receipt")
            time.sleep(LOOK_EVERY)

    def _receipts(self) -> int:
        return int(self._row("SELECT count(*) FROM receipts")[0])

    def _counts(self) -> list[int]:
        time.sleep(_TOLD_WITHIN)
        return [int(value or 0) for value in self._row(_COUNTS)]

    def _row(self, query: str, values: list[Any] | None = None) -> tuple[Any, ...]:
        self._looks += 1
        row = self._db.execute(query, values).fetchone()
        assert row is not None
        return row

    def _record(self, most: int) -> list[str]:
        """Record fines, all alike but for their numbers."""
        drawn = random.sample(range(10**8), most)
        numbers = [check_digits.append(f"{each:08d}") for each in drawn]
        now = datetime.now(UTC)
        with self._db.cursor().copy(_FINE) as copy:
            for number in numbers:
                fine = (number, "fine", "demo_parking", 3000, "Benchmark", date(2026, 1, 1), 1)
                copy.write_row((*fine, "due", 1, "{}", now))
        return numbers
