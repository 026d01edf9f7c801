"""Keeps a started world running and shows what it says."""

import time
from collections import deque
from pathlib import Path

from sandbox.home import SandboxError
from sandbox.parent import Parent
from sandbox.process import Process
from sandbox.world import World

RESTARTS_MAX = 5
RESTARTS_WINDOW = 60.0  # seconds
POLL = 0.2  # seconds


class Tail:
    """What a growing log file says that was not shown yet, in whole lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new_lines(self) -> list[str]:
        with self._path.open("rb") as log:
            log.seek(self._offset)
            fresh = log.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._offset += len(whole)
        return whole.decode(errors="replace").splitlines()


class Doctor:
    """Starts a dead process again, unless it keeps dying."""

    def __init__(self) -> None:
        self._restarts: dict[str, deque[float]] = {}

    def visit(self, process: Process) -> str | None:
        """Start it again if it ended, and say so. Raises SandboxError if it keeps dying."""
        if process.running:
            return None
        now = time.monotonic()
        recent = self._restarts.setdefault(process.name, deque())
        while recent and recent[0] < now - RESTARTS_WINDOW:
            recent.popleft()
        if len(recent) >= RESTARTS_MAX:
            raise SandboxError(
                f"{process.obituary()}; it was started again {RESTARTS_MAX} times in a minute "
                f"(see {process.log})"
            )
        recent.append(now)
        news = f"{process.obituary()}; starting it again"
        process.start()
        return news


def supervise(world: World, parent: Parent | None) -> None:
    """Show output and start again what dies, until interrupted or the given parent is gone.

    Raises SandboxError when a process keeps dying.
    """
    # What the servers say is of interest only in trouble, and stays in their files.
    tails = [(process.name, Tail(process.log)) for process in world.applications]
    width = max(len(name) for name, _ in tails)
    doctor = Doctor()
    while parent is None or parent.present():
        for name, tail in tails:
            for line in tail.new_lines():
                print(f"{name:{width}} | {line}", flush=True)
        for process in world.servers + world.applications:
            if news := doctor.visit(process):
                print(f"sandbox: {news}", flush=True)
        time.sleep(POLL)
