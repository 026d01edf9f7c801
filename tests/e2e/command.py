"""A running command of the sandbox, and what it leaves behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
READY_TIMEOUT = 60.0  # seconds


class Command:
    """Any command, run in the repository with a home and a port of its own."""

    def __init__(self, argv: list[str], home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self._said = home.with_suffix(f".{time.monotonic_ns()}.out")
        with self._said.open("wb") as said:
            self._child = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=os.environ | {"SARALI_HOME": str(home), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def wait_for(self, words: str, seconds: float = READY_TIMEOUT) -> None:
        """Wait until it says these words."""
        deadline = time.monotonic() + seconds
        while words not in self.said:
            assert self._child.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it alone, not to its group."""
        self._child.send_signal(number)

    def exit_code(self, seconds: float = 10.0) -> int:
        return self._child.wait(seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._child.wait()


def run(home: Path, port: int) -> Command:
    return Command([sys.executable, "-m", "sandbox", "run"], home, port)


def make_run(home: Path, port: int) -> Command:
    """As a person types it, but with the tools that run this test instead of .venv."""
    tools = Path(sys.executable).parent
    return Command(["make", "run", f"BIN={tools}", "-o", ".venv/.installed"], home, port)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def left_behind(home: Path) -> list[str]:
    """The command lines of living processes that know this home by argument or environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            known = line + (folder / "environ").read_bytes()
        except OSError:  # ended meanwhile, or not ours
            continue
        if os.fsencode(home) in known and int(folder.name) != os.getpid():
            found.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return found


def wait_until_gone(home: Path, seconds: float) -> list[str]:
    """Wait until nothing is left; return what still is."""
    deadline = time.monotonic() + seconds
    while (left := left_behind(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def child_running(parent: int, words: str) -> int:
    """The process id of the child whose command line has these words."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    for pid in children:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        if words in line:
            return int(pid)
    raise LookupError(words)
