"""Faults of the edges of a world, and the citizens who pay while one lasts."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.phone import Phone, PhoneError, Screen
from tests.chaos.citizens import PAYING, REFUSING, Citizen, Town, confirm
from tests.chaos.conversation import Fault
from tests.chaos.proxy import Proxy
from tests.chaos.stages import EDGES, Edge, Stage
from tests.e2e.audit import Audit, wait_for

RECOVERY = 60.0  # seconds from healing until all is settled and told
SHORT, LONG = 3.0, 6.0  # seconds of fault; the long one outlasts everybody's patience
PATIENT = {Fault.BLACK_HOLE, Fault.STALLED}
PAUSE = 0.5  # seconds until a citizen dials again
ROUND = 2.0  # seconds between two visits to the processes
BALANCES = """
    SELECT account, sum(francs) AS francs FROM (
        SELECT source AS account, -francs AS francs FROM entries
        UNION ALL SELECT destination, francs FROM entries
    ) AS moves GROUP BY account HAVING sum(francs) <> 0
"""
# What ends a citizen's insisting: the request is on its way, or has been.
SERVED = ("Vous allez recevoir la demande", "en cours", "déjà fait")


class Reporter(Audit):
    """Audits a stage; its telephones reach the web through their edge."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.world)
        self._entrance = stage.url("phone-web")

    def phone(self, number: str) -> Phone:
        return Phone(self._entrance, number)

    def ledger(self) -> dict[str, int]:
        """As the command tells it, which the other tests run, without its second of start."""
        return {row["account"]: row["francs"] for row in self.rows(BALANCES)}


@dataclass(frozen=True)
class Cell:
    """One fault of one edge, while people pay."""

    edge: Edge
    fault: Fault
    fates: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.edge.name}-{self.fault}"

    def play(self, stage: Stage) -> None:
        """Let half the citizens pay before the fault and half during it; all must come right."""
        audit = Reporter(stage)
        town = Town(audit)
        half = len(self.fates) // 2
        insisting = [town.newcomer(fate) for fate in self.fates[half:]]
        town.pay(*self.fates[:half])
        with ThreadPoolExecutor(len(insisting)) as threads:
            with self.hurt(stage.proxies[self.edge.name]):
                ends = [threads.submit(insist, citizen, LONG) for citizen in insisting]
            deadline = time.monotonic() + RECOVERY
            for end in ends:
                end.result()
        settle(stage, audit, deadline)
        town.recovers(all_paid=self.edge.sure)

    @contextmanager
    def hurt(self, proxy: Proxy) -> Iterator[None]:
        """Break the edge until something has been hit and everybody has had time to notice."""
        proxy.hurt(self.fault)
        try:
            yield
            if self.fault is not Fault.REFUSED:
                wait_for(f"{self.name} to matter", lambda: proxy.hits)
            time.sleep(LONG if self.fault in PATIENT else SHORT)
        finally:
            proxy.heal()


def cells() -> list[Cell]:
    """Every edge with its faults; each cell has another mixture of fates."""
    pairs = [(edge, fault) for edge in EDGES for fault in _faults(edge)]
    return [
        Cell(edge, fault, ("00", PAYING[n % len(PAYING)], PAYING[(n + 2) % len(PAYING)], REFUSING))
        for n, (edge, fault) in enumerate(pairs)
    ]


def _faults(edge: Edge) -> tuple[Fault, ...]:
    """What a conversation of many exchanges can suffer in its middle, or a single one."""
    many = edge.variable in {"DATABASE_URL", "REDIS_URL"}
    less = {Fault.STALLED, Fault.CUT_REQUEST} if many else {Fault.HALF_OPEN, Fault.CUT_ANSWER}
    return tuple(fault for fault in Fault if fault not in less)


def insist(citizen: Citizen, outage: float) -> None:
    """Dial again and again until the request to pay is on its way."""
    wait_for("a citizen to be served", lambda: _served(citizen), outage + RECOVERY)


def _served(citizen: Citizen) -> bool:
    """Dial once; where the network gives no answer, the gateway repeats the turn, once."""
    try:
        screen = citizen.phone.dial(f"*789*1*{citizen.fine.bill_number}#")
        if "1 Payer" in screen:
            screen = confirm(screen, lambda: _press(citizen.phone, "1"))
    except PhoneError:
        time.sleep(PAUSE)
        return False
    return any(words in screen for words in SERVED)


def _press(phone: Phone, key: str) -> Screen:
    try:
        return phone.answer(key)
    except PhoneError:
        return phone.repeat()


def settle(stage: Stage, audit: Audit, deadline: float) -> None:
    """Wait until nothing is under way, all is told, and the worker itself takes jobs again."""
    done = stage.jobs_done()
    while True:
        stage.revive()
        try:
            audit.wait_until_settled(ROUND)
            return wait_for("the worker to do a job", lambda: stage.jobs_done() - done, ROUND)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
