"""The sandbox's own parts, without the application."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from sandbox import servers
from sandbox.home import SOCKET_PATH_MAX, Home, SandboxError
from sandbox.process import Command, Process, stop_all
from sandbox.servers import Postgres, Valkey
from sandbox.supervision import RESTARTS_MAX, Doctor, Tail
from tests.e2e.command import left_behind, wait_until_gone

STARTER = """
import sys
import time
from pathlib import Path
from sandbox.home import Home
from sandbox.process import Command, Process

home = Home(Path(sys.argv[1]))
home.open()
environ = {"PATH": "/usr/bin:/bin", "HOME": sys.argv[1]}
process = Process(
    Command("sleeper", ("sleep", "60"), environ, home.path), home.log / "x.log", home.children_lock
)
process.start()
while Path(f"/proc/{process.pid}/comm").read_text() != "sleep\\n":
    time.sleep(0.01)
print("started", flush=True)
time.sleep(60)
"""

IDENTITIES = ["namespace", "nobody"] if os.geteuid() == 0 else ["same"]


def start(server: Postgres | Valkey, home: Home) -> Process:
    command = server.prepare()
    process = Process(command, home.log / f"{command.name}.log", home.children_lock)
    process.start()
    deadline = time.monotonic() + 10
    while not server.ready():
        assert process.running, process.obituary()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


@pytest.mark.parametrize("identity", IDENTITIES)
def test_postgres_keeps_its_data_through_a_crash(
    tmp_path: Path, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "choose_identity", lambda: identity)
    for round_number in range(2):
        home = Home(tmp_path / "home")
        home.open()
        postgres = Postgres(home)
        process = start(postgres, home)
        with psycopg.connect(postgres.url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS crash (id int)")
            connection.execute("INSERT INTO crash VALUES (1)")
            row = connection.execute("SELECT count(*) FROM crash").fetchone()
        assert row == (round_number + 1,)
        process.kill()  # leaves postmaster.pid and its sockets
        home.end_children()
        home.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has more than one identity")
def test_postgres_may_change_its_identity_between_two_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for identity in (*IDENTITIES, IDENTITIES[0]):
        monkeypatch.setattr(servers, "choose_identity", lambda chosen=identity: chosen)
        home = Home(tmp_path / "home")
        home.open()
        stop_all([start(Postgres(home), home)], 5.0)
        home.close()


def test_a_long_path_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    home = Home(tmp_path / ("long" * (SOCKET_PATH_MAX // 4)))
    home.open()
    sockets = home.sockets()
    running = [start(Postgres(home), home), start(Valkey(home), home)]
    assert home.path not in sockets.parents
    assert sockets.stat().st_mode & 0o777 == 0o700
    stop_all(running, 5.0)
    home.close()
    assert not sockets.exists()


def test_a_home_has_one_tenant(tmp_path: Path) -> None:
    home, second = Home(tmp_path), Home(tmp_path)
    home.open()
    with pytest.raises(SandboxError, match="another sandbox is running"):
        second.open()
    second.close()
    home.close()
    second.open()
    second.close()


def test_what_a_crash_left_is_ended_by_the_next_tenant(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open()
    # Deaf to everything but SIGKILL, and in a session of its own: the worst kind.
    deaf = "import os,signal,time; os.setsid(); signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    left = subprocess.Popen(
        [sys.executable, "-c", f"import os\nif os.fork() == 0:\n    {deaf}"],
        pass_fds=(home.children_lock,),
    )
    left.wait()
    home.close()

    home.open()

    home.close()
    assert left_behind(tmp_path) == []


def test_a_child_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == "started\n"
    assert any(line.startswith("sleep 60") for line in left_behind(tmp_path))
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    assert wait_until_gone(tmp_path, 2.0) == []


def test_what_keeps_dying_is_given_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open()
    command = Command("mortal", ("sh", "-c", "echo bad luck; exit 3"), dict(os.environ), tmp_path)
    process = Process(command, home.log / "mortal.log", home.children_lock)
    process.start()
    doctor = Doctor()
    for _ in range(RESTARTS_MAX):
        process.wait(5.0)
        assert doctor.visit(process) == "mortal ended with code 3: bad luck; starting it again"
    process.wait(5.0)
    with pytest.raises(SandboxError, match="started again 5 times in a minute"):
        doctor.visit(process)
    home.close()


def test_a_log_is_shown_in_whole_lines(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_bytes(b"one\ntw")
    tail = Tail(log)
    assert tail.new_lines() == ["one"]
    log.write_bytes(b"one\ntwo\nthree\n")
    assert tail.new_lines() == ["two", "three"]
    assert tail.new_lines() == []
