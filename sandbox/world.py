"""The whole world on one machine: servers, application and simulators, started and stopped.

The supervision is our own, not honcho's Manager: that one ends everything when one child ends,
cannot start one again, reads output through pipes that can block the children, and leaves orphans
when it is killed. From honcho comes the reading of Procfiles: the commands stand there, and only
there.

    with World(home) as world:    # all is ready; or SandboxError, and nothing is left running
        get(world.base_url + "/healthz")
        world["worker"].kill()    # tests pull plugs...
        world["worker"].start()   # ...and put them back

Start it from a thread that lives as long as the world: see leash.py.
"""

import os
import shlex
import string
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import urllib3
from honcho.environ import parse_procfile

from sandbox import operators
from sandbox.environment import environment
from sandbox.home import Home, SandboxError
from sandbox.ports import answers, choose_ports
from sandbox.process import Command, Process, stop_all
from sandbox.servers import Postgres, Valkey, postgres_trouble, redis_trouble

ROOT = Path(__file__).parents[1]
PROCFILES = (ROOT / "Procfile", ROOT / "sandbox" / "Procfile")
MIGRATE, SEED = "flask --app wsgi migrate", "flask --app wsgi seed"
START_TIMEOUT = 40.0  # seconds; about 5 are needed
POLL = 0.05  # seconds
# Together under 5 s. The application gets more: an HTTP answer may be on its way.
APPLICATIONS_GRACE, SERVERS_GRACE = 2.5, 1.5

Detours = Callable[[str, Mapping[str, str]], Mapping[str, str]]


class World:
    def __init__(
        self,
        home: Path,
        port: int = 0,
        *,
        given_database: str | None = None,
        given_redis: str | None = None,
        detours: Detours = lambda _name, _environ: {},
    ) -> None:
        """Describe a world in this folder, on this port (0: a free one).

        It runs servers of its own, unless their URLs are given. `detours` says what else than the
        world's variables a process of this name is told, for whoever stands between two of them.
        """
        self._home = Home(home)
        self._port = port
        self._given_database = given_database
        self._given_redis = given_redis
        self._detours = detours
        self._servers: list[Process] = []
        self._applications: list[Process] = []
        self.environ: dict[str, str] = {}
        self.seeded = ""  # what the seeding said: numbers to try

    @property
    def base_url(self) -> str:
        return self.environ["SARALI_PUBLIC_URL"]

    @property
    def log(self) -> Path:
        """The folder with one log file for each process."""
        return self._home.log

    @property
    def servers(self) -> list[Process]:
        return list(self._servers)

    @property
    def applications(self) -> list[Process]:
        """What the Procfiles name: Sarali and the simulators."""
        return list(self._applications)

    def __getitem__(self, name: str) -> Process:
        return {process.name: process for process in self._servers + self._applications}[name]

    def start(self) -> None:
        """Start everything and wait until it answers. On failure nothing is left running.

        Raises SandboxError, with one line for a person.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything, in less than five seconds; the data stays. May be called at any time."""
        stop_all(self._applications, APPLICATIONS_GRACE)
        stop_all(self._servers, SERVERS_GRACE)
        self._home.end_children()
        self._home.close()

    def wait_until_ready(self) -> None:
        """Wait until everything answers: also needed after pulling plugs. Raises SandboxError."""
        simulators = [
            int(port)
            for name, port in self.environ.items()
            if name.startswith("SIM_") and name.endswith("_PORT")
        ]
        self._wait(
            lambda: all(answers(port) for port in simulators) and _ready(self.base_url),
            self._applications,
        )

    def run(self, line: str) -> str:
        """Run a command of the application; return what it printed. Raises SandboxError."""
        done = subprocess.run(
            self._command("command", line).leashed(),
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_TIMEOUT,
            pass_fds=(self._home.children_lock,),
        )
        log = self.log / "commands.log"
        with log.open("a", encoding="utf-8") as out:
            out.write(f"$ {line}\n{done.stdout}{done.stderr}")
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
            raise SandboxError(f"`{line}` failed: {said[-1]} (more in {log})")
        return done.stdout

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self) -> None:
        self._home.open()
        others = [code for code in operators.enabled(os.environ) if code in operators.OTHERS]
        ports = choose_ports(self._port, others)
        database_url, redis_url = self._start_servers()
        self.environ = environment(os.environ, ports, database_url, redis_url)
        self._home.tell(self.environ)
        self.run(MIGRATE)
        self.seeded = self.run(SEED)
        for procfile in PROCFILES:
            lines = parse_procfile(procfile.read_text(encoding="utf-8")).processes
            for name, line in lines.items():
                if name in operators.OTHERS and name not in others:
                    continue
                command = self._command(name, line)
                told = {**self.environ, **self._detours(name, self.environ)}
                self._applications.append(self._launch(replace(command, environ=told)))
        self.wait_until_ready()

    def _start_servers(self) -> tuple[str, str]:
        database_url, redis_url = self._given_database, self._given_redis
        own: list[Postgres | Valkey] = []
        if database_url is None:
            postgres = Postgres(self._home)
            own.append(postgres)
            database_url = postgres.url
        elif trouble := postgres_trouble(database_url):
            raise SandboxError(f"DATABASE_URL cannot be used: {trouble}")
        if redis_url is None:
            valkey = Valkey(self._home)
            own.append(valkey)
            redis_url = valkey.url
        elif trouble := redis_trouble(redis_url):
            raise SandboxError(f"REDIS_URL cannot be used: {trouble}")
        for server in own:
            self._servers.append(self._launch(server.prepare()))
        for server in own:
            self._wait(server.ready, self._servers)
        return database_url, redis_url

    def _command(self, name: str, line: str) -> Command:
        argv = shlex.split(string.Template(line).substitute(self.environ))
        return Command(name, tuple(argv), self.environ, ROOT)

    def _launch(self, command: Command) -> Process:
        process = Process(command, self.log / f"{command.name}.log", self._home.children_lock)
        process.start()
        return process

    def _wait(self, ready: Callable[[], bool], processes: list[Process]) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            for process in processes:
                if not process.running:
                    raise SandboxError(f"{process.obituary()} (more in {process.log})")
            if ready():
                return
            if time.monotonic() > deadline:
                raise SandboxError(f"not ready after {START_TIMEOUT:.0f} s (see {self.log})")
            time.sleep(POLL)


def _ready(base_url: str) -> bool:
    try:
        answer = urllib3.request("GET", f"{base_url}/readyz", timeout=2.0, retries=False)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200  # noqa: PLR2004 - OK
