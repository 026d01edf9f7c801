"""What a payment left behind: at the operator, in PostgreSQL and in the telephones.

The simulated operator is the oracle: it alone knows what was really debited. Everything else must
agree with it once the world is at rest.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
import urllib3
from psycopg import sql
from psycopg.rows import dict_row

from sandbox.phone import Phone
from sandbox.world import World

OPEN = ("created", "submitting", "unknown", "pending")
POLL = 0.25  # seconds
_HTTP_TIMEOUT = 10.0


@dataclass(frozen=True)
class Fine:
    bill_number: str
    amount: int


@dataclass(frozen=True)
class Charge:
    """One debit the operator really made."""

    bill_number: str
    operator_ref: str
    payer: str
    amount: int
    at: datetime
    reversed: bool


@dataclass(frozen=True)
class Text:
    """One SMS that arrived."""

    to: str
    text: str
    at: datetime
    encoding: str
    segments: int


def wait_for(what: str, holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until it holds; fail, naming it, when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"still waiting for {what}"
        time.sleep(POLL)


class Audit:
    """Reads a world from outside: its sandbox doors, its public page and its database."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._http = urllib3.PoolManager(maxsize=8)
        self._dsn = world.environ["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")

    def fine(self) -> Fine:
        """Have an officer record a fine."""
        bill = self._json("POST", "/sandbox/fines", json={})
        return Fine(bill["bill_number"], bill["amount"])

    def phone(self, number: str) -> Phone:
        return Phone(self._world.base_url, number)

    def charges(self, bill_number: str = "") -> list[Charge]:
        """What the operator debited for one bill, or for all."""
        query = f"?bill_number={bill_number}" if bill_number else ""
        return [
            Charge(
                bill_number=each["bill_number"],
                operator_ref=each["operator_ref"],
                payer=each["payer"],
                amount=each["amount"],
                at=datetime.fromisoformat(each["at"]),
                reversed=each["reversed"],
            )
            for each in self._json("GET", f"/sandbox/charges{query}")
        ]

    def inbox(self, number: str = "") -> list[Text]:
        """Every SMS delivered to a number, or to all, oldest first."""
        query = f"?to=%2B{number.removeprefix('+')}" if number else ""
        return [
            Text(
                to=each["to"],
                text=each["text"],
                at=datetime.fromisoformat(each["at"]),
                encoding=each["encoding"],
                segments=each["segments"],
            )
            for each in self._json("GET", f"/sandbox/outbox{query}")
        ]

    def verification(self, receipt_number: str) -> dict[str, Any]:
        """What the public page says of a receipt."""
        found: dict[str, Any] = self._json("GET", f"/v/{receipt_number}")
        return found

    def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        """What PostgreSQL holds."""
        with psycopg.connect(self._dsn, row_factory=dict_row) as connection:
            return connection.execute(sql.SQL(query), values).fetchall()

    def receipts(self, bill_number: str) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM receipts WHERE bill_number = %s", bill_number)

    def balances(self, bill_number: str) -> dict[str, int]:
        """The books of one bill: what each kind of account holds of it, in francs."""
        held: Counter[str] = Counter()
        for entry in self.rows("SELECT * FROM entries WHERE bill_number = %s", bill_number):
            held[entry["source"].partition(":")[0]] -= entry["francs"]
            held[entry["destination"].partition(":")[0]] += entry["francs"]
        return {book: francs for book, francs in held.items() if francs}

    def ledger(self) -> dict[str, int]:
        """The balances as the command tells them."""
        found: dict[str, int] = json.loads(self._world.run("flask --app wsgi ledger"))
        return found

    def wait_until_settled(self, seconds: float) -> None:
        """Wait until no payment is under way and the last SMS has arrived."""
        wait_for("the end", lambda: not self._unsettled() and not self._on_the_way(), seconds)

    def wait_until_at_rest(self, seconds: float) -> None:
        """Wait until the operator is not even asked any more whether a failure was one."""
        self.wait_until_settled(seconds)
        due = (
            "SELECT ref FROM outbox WHERE kind IN ('attempt', 'message')"
            " AND (due_at IS NOT NULL OR lease_until IS NOT NULL)"
        )
        wait_for("rest", lambda: not self.rows(due), seconds)

    def _unsettled(self) -> list[dict[str, Any]]:
        return self.rows("SELECT attempt_id FROM attempts WHERE status = ANY(%s)", [*OPEN])

    def _on_the_way(self) -> bool:
        arrived = {(sms.to, sms.text) for sms in self.inbox()}
        written = self.rows("SELECT recipient, text, status FROM messages")
        return any(
            row["status"] != "sent" or (row["recipient"], row["text"]) not in arrived
            for row in written
        )

    def _json(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        answer = self._http.request(
            method,
            self._world.base_url + path,
            headers={"Accept": "application/json"},
            timeout=_HTTP_TIMEOUT,
            retries=False,
            **more,
        )
        assert answer.status in {200, 201}, (path, answer.status)
        return answer.json()
