"""Faults of whole processes that take long: each has a world of its own, beside the others."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sandbox.process import Process
from sandbox.world import World
from tests.chaos.citizens import PAYING, REFUSING, Town
from tests.chaos.edges import RECOVERY, Reporter, insist, settle
from tests.chaos.plugs import descendants, frozen, kill
from tests.chaos.stages import Stage

FREEZE = 30.0  # seconds
STOPPED = 3.0  # seconds
HUNTS = 5  # a work-horse lives for a moment: the first may have got away


@dataclass(frozen=True)
class ProcessFault:
    """Half the citizens pay before `hurt` and half while it lasts.

    `sure`: no request to debit can be lost, so that whoever has money pays.
    """

    name: str
    hurt: Callable[[World], Iterator[None]]
    sure: bool = True

    def play(self, stage: Stage) -> None:
        audit = Reporter(stage)
        town = Town(audit)
        insisting = [town.newcomer(fate) for fate in ("00", REFUSING)]
        town.pay(*PAYING, REFUSING)
        with ThreadPoolExecutor(len(insisting)) as threads:
            with contextmanager(self.hurt)(stage.world):
                ends = [threads.submit(insist, citizen, FREEZE) for citizen in insisting]
            deadline = time.monotonic() + RECOVERY
            for end in ends:
                end.result()
        settle(stage, audit, deadline)
        town.recovers(all_paid=self.sure)


@dataclass(frozen=True)
class HorseKilled:
    """The child that does the job dies while it waits for the operator; its parent does not."""

    name: str = "work_horse_killed"

    def play(self, stage: Stage) -> None:
        world, audit = stage.world, Reporter(stage)
        town = Town(audit)
        kill(world["sweeper"])
        parent = world["worker"].pid
        assert any(_loses_its_horse(town, world["worker"]) for _ in range(HUNTS))
        world["sweeper"].start()
        settle(stage, audit, time.monotonic() + RECOVERY)
        town.recovers(all_paid=False)
        assert (world["worker"].running, world["worker"].pid) == (True, parent)


def _loses_its_horse(town: Town, worker: Process) -> bool:
    # This wallet is debited well before the operator's reply: the horse is still waiting for it.
    town.wait_for_debit(town.pay_without_sweeper("31"))
    horses = descendants(worker.pid)
    for horse in horses:
        with suppress(ProcessLookupError):
            os.kill(horse, signal.SIGKILL)
    return bool(horses)


def _frozen(*names: str) -> Callable[[World], Iterator[None]]:
    def hurt(world: World) -> Iterator[None]:
        with frozen(*(world[name] for name in names)):
            yield
            time.sleep(FREEZE)

    return hurt


def _stopped_at_once(world: World) -> Iterator[None]:
    """`pg_ctl stop -m immediate`, and a start that has to recover from the log."""
    postgres = world["postgres"]
    os.kill(postgres.pid, signal.SIGQUIT)
    assert postgres.wait(RECOVERY)
    yield
    time.sleep(STOPPED)
    postgres.start()


TRIALS = (
    ProcessFault("web_frozen_30_s", _frozen("web")),
    ProcessFault("postgres_frozen_30_s", _frozen("postgres"), sure=False),
    ProcessFault("valkey_frozen_30_s", _frozen("valkey")),
    ProcessFault("worker_and_sweeper_frozen_30_s", _frozen("worker", "sweeper"), sure=False),
    ProcessFault("postgres_stopped_immediately", _stopped_at_once, sure=False),
    HorseKilled(),
)
