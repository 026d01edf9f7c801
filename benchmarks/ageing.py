"""Timing the same work in a young database and in an aged one, in turns; run by history.py.

A payment is pressed, submitted, rung for and asked about here, in one process with one thread, by
the use cases themselves, at the simulated operator and SMS centre. Nothing is asked before the
operator's call would have come, so that each payment takes the same steps.
"""

import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, event, select

from benchmarks.load import WrongAnswerError, phone_number
from domain.msisdn import Msisdn
from ussd_app import logs, wiring
from ussd_app.aggregators.base import Turn
from ussd_app.store import attempts, books, expectations, outbox, statements, subscribers
from ussd_app.store.database import Database, Tx
from ussd_app.store.tables import attempts as attempts_table
from ussd_app.usecases import dial, drain, measure, record_fine, ring
from ussd_app.usecases.context import Context

LIMIT = 1.3
BATCH = 8  # payments of a round
READINGS = 25  # of each kind in a round
PAYING_S = 1.7  # what the simulated citizen takes
OFFENCE = "demo_parking"
NOWHERE = "http://127.0.0.1:9"  # who rings there is not heard: we ring ourselves
MONTHS = timedelta(days=90)

Reading = Callable[[Tx], object]


@dataclass
class Side:
    """One of the two databases and what was timed in it: seconds by round, by what was done."""

    context: Context
    times: dict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))

    def timed(self, name: str, work: Callable[[], object]) -> None:
        """Do `work`, and keep what it took."""
        began = time.perf_counter()
        work()
        self.times[name][-1].append(time.perf_counter() - began)

    def medians(self, name: str) -> list[float]:
        """The median of each round."""
        return [statistics.median(taken) for taken in self.times[name]]

    def percentile(self, name: str, share: float) -> float:
        """What this share of all rounds took at most."""
        ordered = sorted(taken for one in self.times[name] for taken in one)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def main() -> None:
    *urls, rounds = sys.argv[1:]
    logs.configure()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:  # written, and not read
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(nowhere))
        _compare(urls, int(rounds))


def _compare(urls: list[str], rounds: int) -> None:
    base = wiring.context()
    pace = replace(base.pace, collect_delay=0.0, asking=((60, 60),))
    sides = [Side(replace(base, db=Database(url), pace=pace, public_url=NOWHERE)) for url in urls]
    people = (Msisdn.parse(phone_number(n)) for n in count())
    for n in range(rounds + 1):
        _round(sides, [next(people) for _ in range(BATCH)])
        if n == 0:  # connections were opened, statements prepared
            for side in sides:
                side.times.clear()
    _print(*sides)


def _round(sides: list[Side], people: list[Msisdn]) -> None:
    """Each of `people` pays once at each side, and all is read from one and the other in turns."""
    names = readings(sides[0].context, people[0])
    for side in sides:
        for name in ("payment", "turn", *names):
            side.times[name].append([])
    taken = [(side, caller, _press(side, caller)) for caller in people for side in sides]
    time.sleep(PAYING_S)
    for side, caller, pressing in taken:
        side.times["payment"][-1].append(pressing + _ring(side, caller))
    for name in names:
        for _ in range(READINGS):
            for side in sides:
                reading = readings(side.context, people[0])[name]
                with side.context.db.begin() as tx:
                    side.timed(name, partial(reading, tx))


def _press(side: Side, caller: Msisdn) -> float:
    """A citizen looks at a fine and presses the key, and the operator is asked; both are timed."""
    context = side.context
    bill = record_fine.record_fine(context, OFFENCE, None)
    session = context.new_id()
    turn = Turn(session, caller, f"*789*1*{bill.bill_number}#", ())
    side.timed("turn", lambda: _see(context, turn, bill.bill_number))
    began = time.perf_counter()
    _see(context, replace(turn, inputs=("1",)), "demande")
    drain.drain(context, threads=1)
    return time.perf_counter() - began


def _see(context: Context, turn: Turn, words: str) -> None:
    shown, _ = dial.answer(context, turn)
    if words not in shown.text:
        raise WrongAnswerError(shown.text)


def _ring(side: Side, caller: Msisdn) -> float:
    """The operator rings for the payment of a caller, and the receipt is sent; both are timed."""
    context, made = side.context, attempts_table.c
    newest = select(made.attempt_id, made.callback_token).where(made.caller == caller.e164)
    with context.db.begin() as tx:
        one = tx.execute(newest.order_by(made.created_at.desc()).limit(1)).one()
    began = time.perf_counter()
    ring.ring(context, "orange_mp", one.callback_token, {}, b"{}")
    drain.drain(context, threads=1)
    taken = time.perf_counter() - began
    with context.db.begin() as tx:
        received = books.had_receipt(tx, one.attempt_id)
    if not received or drain.overdue(context, timedelta(0)):
        raise WrongAnswerError("a payment without its receipt, or a message not sent")
    return taken


def readings(context: Context, caller: Msisdn) -> Mapping[str, Reading]:
    """What reads where there are many rows, by name."""
    now, mine = context.now(), context.keys.subscriber(caller)
    return {
        "the sweeper's look at the outbox": outbox.oldest_claimable,
        "what was opened around a citizen": lambda tx: attempts.traffic(
            tx, caller, caller, "0000000000", now - timedelta(days=1)
        ),
        "a greeting": lambda tx: subscribers.greeting(
            tx, mine, caller, results_since=now, cut_since=now
        ),
        "a citizen's receipts": lambda tx: books.receipts_paid_by(tx, caller, now - MONTHS, 3),
        "money expected of a citizen": lambda tx: expectations.matching(
            tx, "orange_mp", caller, 3000, (now - MONTHS, now)
        ),
        "what was said to dial": lambda tx: expectations.traffic(
            tx, caller, caller, now - timedelta(days=1)
        ),
        "expectations of a bill paid": lambda tx: expectations.fulfil(tx, "0000000000", caller),
        "how far statements go": lambda tx: statements.closed(tx, "orange_mp"),
        "what stands in no statement": lambda tx: statements.unstated(
            tx, "orange_mp", (now - timedelta(days=1), now), now - timedelta(days=2)
        ),
        "credits that are nobody's": statements.unowned,
        "attempts open at an operator": lambda tx: attempts.open_at(tx, "orange_mp"),
        "/metrics": lambda _tx: measure.measure(context),
        "/readyz": lambda _tx: context.db.ready(),
    }


def _print(young: Side, aged: Side) -> None:
    print(f"{'p50 (p95 of a payment) in ms':38}{'young':>8}{'aged':>8}{'ratio':>7}")
    slow = []
    for name in young.times:
        pairs = zip(young.medians(name), aged.medians(name), strict=True)
        ratios = [many / few for few, many in pairs]
        ratio = statistics.median(ratios)
        milliseconds = [side.percentile(name, 0.5) * 1000 for side in (young, aged)]
        print(
            f"{name:38}{milliseconds[0]:8.2f}{milliseconds[1]:8.2f}{ratio:7.2f}"
            f" ({min(ratios):.2f} to {max(ratios):.2f})"
        )
        if ratio > LIMIT:
            slow.append(name)
    p95 = [side.percentile("payment", 0.95) * 1000 for side in (young, aged)]
    print(f"{'payment, p95':38}{p95[0]:8.2f}{p95[1]:8.2f}")
    for name in slow:
        _explain(aged.context, name)


def _explain(context: Context, name: str) -> None:
    """Say how PostgreSQL does what a reading asks for."""
    reading = readings(context, Msisdn.parse(phone_number(0))).get(name)
    if reading is None:
        return
    asked: list[tuple[str, Any]] = []

    def keep(*call: Any) -> None:  # noqa: ANN401  # as SQLAlchemy hands them over
        asked.append((call[2], call[3]))

    with context.db.begin() as tx:
        event.listen(Engine, "before_cursor_execute", keep)
        reading(tx)
        event.remove(Engine, "before_cursor_execute", keep)
    for statement, values in asked:
        with context.db.begin() as tx:
            print(f"\n{name}: {statement}")
            for row in tx.exec_driver_sql(f"EXPLAIN ANALYZE {statement}", values):
                print("   ", row[0])


if __name__ == "__main__":
    main()
