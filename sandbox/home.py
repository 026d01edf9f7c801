"""$SARALI_HOME: the only folder that a sandbox writes to.

Two locks on it answer two questions. `supervisor.lock` is held by the one who runs the sandbox:
taken means "somebody is running here". `children.lock` is opened once and inherited by every
process the sandbox starts, so it is free only when the last of them, and the last of theirs, is
gone. Whoever holds it without a living supervisor is left over from a crash.
"""

import fcntl
import os
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

SOCKET_PATH_MAX = 107  # bytes, in sockaddr_un
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
LEFTOVERS_GRACE = 3.0  # seconds: PostgreSQL, told by the kernel, needs about 0.2


class SandboxError(Exception):
    """The sandbox cannot go on. The message is one line for a person."""


class Home:
    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.log = self.path / "log"
        self._run = self.path / "run"
        self._environment = self.path / "environment"
        self._supervisor: int | None = None
        self._children: int | None = None

    @property
    def children_lock(self) -> int:
        """The descriptor that every child inherits. Raises RuntimeError before `open`."""
        if self._children is None:
            raise RuntimeError("the home is not open")
        return self._children

    def open(self) -> None:
        """Make the folder and take it, ending what a crash left behind.

        Raises SandboxError when another sandbox is running on it.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        self.log.mkdir(exist_ok=True)
        self._supervisor = self._open_lock("supervisor.lock")
        if not _take(self._supervisor):
            raise SandboxError(
                f"another sandbox is running on {self.path}: "
                "stop it, or set SARALI_HOME to another folder"
            )
        self._children = self._open_lock("children.lock")
        if not self._outlast(self._children):
            raise SandboxError(f"processes of an earlier sandbox are still running on {self.path}")
        self._forget_sockets()

    def tell(self, environ: Mapping[str, str]) -> None:
        """Write the variables of the running sandbox, for `make dial` and a curious engineer."""
        ours = ("DATABASE_URL", "REDIS_URL", "SARALI_")
        lines = (f"{k}={shlex.quote(v)}\n" for k, v in environ.items() if k.startswith(ours))
        self._environment.write_text("".join(lines), encoding="utf-8")
        self._environment.chmod(0o600)

    def close(self) -> None:
        """Remove the sockets and let go of the folder. What it holds stays for the next start."""
        if self._children is not None:
            self._forget_sockets()
            self._environment.unlink(missing_ok=True)
        for lock in (self._children, self._supervisor):
            if lock is not None:
                os.close(lock)
        self._children = self._supervisor = None

    def sockets(self) -> Path:
        """The folder of the unix sockets: elsewhere, linked from here, if its path is too long."""
        if not self._run.exists():
            if len(os.fsencode(self._run / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_MAX:
                self._run.mkdir(mode=0o700)
            else:
                self._run.symlink_to(tempfile.mkdtemp(prefix="sarali-"))
        return self._run.resolve() if self._run.is_symlink() else self._run

    def end_children(self) -> None:
        """Kill every process that inherited the lock: also those that left their process group."""
        if self._children is None:
            return
        # Twice: a process may fork between being listed and being killed.
        for _ in range(2):
            for pid in _holders(self.path / "children.lock"):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue

    def _open_lock(self, name: str) -> int:
        return os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)

    def _outlast(self, lock: int) -> bool:
        deadline = time.monotonic() + LEFTOVERS_GRACE
        while not _take(lock):
            if time.monotonic() > deadline:
                self.end_children()
                time.sleep(0.2)
                return _take(lock)
            time.sleep(0.05)
        return True

    def _forget_sockets(self) -> None:
        if self._run.is_symlink():
            shutil.rmtree(self._run.resolve(), ignore_errors=True)
            self._run.unlink()
        elif self._run.exists():
            shutil.rmtree(self._run)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holders(file: Path) -> list[int]:
    """The other processes that have this file open. None where there is no /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        pid = int(folder.parent.name)
        try:
            entries = list(folder.iterdir())
        except OSError:  # ended meanwhile, or belongs to somebody else
            continue
        if pid != os.getpid() and any(_leads_to(entry, file.resolve()) for entry in entries):
            found.append(pid)
    return found


def _leads_to(descriptor: Path, file: Path) -> bool:
    try:
        return descriptor.readlink() == file
    except OSError:  # closed meanwhile
        return False
