"""One child of the sandbox.

Its output goes straight to its log file, not through us: a child must not stop because nobody reads
a pipe. Each child leads a process group of its own, so Ctrl-C in the terminal reaches only the
supervisor, which then ends the children in the right order.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Command:
    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    identity: str = "same"

    def leashed(self) -> list[str]:
        """The command line to start it with, under the leash (see leash.py)."""
        how = [str(os.getpid()), str(int(self.stop_signal)), self.identity]
        return [sys.executable, "-I", "-S", str(LEASH), *how, *self.argv]


class Process:
    def __init__(self, command: Command, log: Path, lock: int) -> None:
        self.command = command
        self.log = log
        self._lock = lock
        self._child: subprocess.Popen[bytes] | None = None
        log.write_bytes(b"")

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def pid(self) -> int:
        """Process id. Raises RuntimeError if it was never started."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended (minus the signal's number if by one); None if it runs or never did."""
        return None if self._child is None else self._child.poll()

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it, or start it again. Nothing happens if it is running."""
        if self.running:
            return
        self.kill()
        with self.log.open("ab") as out:
            self._child = subprocess.Popen(
                self.command.leashed(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.command.folder,
                env=dict(self.command.environ),
                pass_fds=(self._lock,),
                process_group=0,
            )

    def ask_to_stop(self) -> None:
        if self._child is not None and self.running:
            self._child.send_signal(self.command.stop_signal)

    def wait(self, seconds: float) -> bool:
        """Tell whether it ended within so many seconds."""
        if self._child is None:
            return True
        try:
            self._child.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it now, with its group: a killed server's children can outlive it, with its port."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def obituary(self) -> str:
        """Say, in one line, how it ended and what its last words were."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        words = f": {lines[-1].strip()}" if lines else ""
        return f"{self.name} ended with code {self.exit_code}{words}"


def stop_all(processes: list[Process], grace: float) -> None:
    """Ask all to stop, and kill those that have not after `grace` seconds."""
    deadline = time.monotonic() + grace
    for process in processes:
        process.ask_to_stop()
    for process in processes:
        process.wait(deadline - time.monotonic())
    for process in processes:
        process.kill()
