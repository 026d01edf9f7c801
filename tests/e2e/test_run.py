"""The sandbox starts with one command, and leaves nothing behind however it ends."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3

from tests.e2e.command import (
    Command,
    child_running,
    free_port,
    left_behind,
    listening,
    make_run,
    run,
    wait_until_gone,
)

STOP_TIMEOUT = 6.0  # seconds: stopping takes less than five

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def is_ready(port: int, seconds: float = 10.0) -> bool:
    """Whether it is ready within so long: a server that was just killed may still break a call."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            url = f"http://127.0.0.1:{port}/readyz"
            if urllib3.request("GET", url, retries=False, timeout=5.0).status == 200:
                return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("start", [run, make_run])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(
    home: Path, start: Callable[[Path, int], Command], how: signal.Signals
) -> None:
    with start(home, free_port()) as sandbox:
        sandbox.wait_for("is ready")
        assert is_ready(sandbox.port)
        assert len(left_behind(home)) > 5, "what is looked for below can be found"
        sandbox.signal(how)
        sandbox.exit_code(STOP_TIMEOUT)
        assert left_behind(home) == []
        assert not listening(sandbox.port)


def test_stopping_is_a_success(home: Path) -> None:
    with run(home, free_port()) as sandbox:
        sandbox.wait_for("is ready")
        sandbox.signal(signal.SIGINT)
        assert sandbox.exit_code(STOP_TIMEOUT) == 0


def test_a_killed_make_leaves_nothing(home: Path) -> None:
    with make_run(home, free_port()) as sandbox:
        sandbox.wait_for("is ready")
        sandbox.signal(signal.SIGKILL)
        sandbox.exit_code()
        assert wait_until_gone(home, STOP_TIMEOUT) == []


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(home: Path) -> None:
    with run(home, free_port()) as sandbox:
        sandbox.wait_for("is ready")
        sandbox.signal(signal.SIGKILL)
        sandbox.exit_code()
        with run(home, sandbox.port) as again:  # at once: it waits for what is left
            again.wait_for("is ready")
            assert is_ready(again.port)
            again.signal(signal.SIGTERM)
            assert again.exit_code(STOP_TIMEOUT) == 0
        assert left_behind(home) == []


def test_a_taken_port_is_said_in_one_line(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with run(home, port) as sandbox:
            assert sandbox.exit_code() == 1
            assert sandbox.said.startswith(f"sandbox: port {port} cannot be used")
            assert sandbox.said.count("\n") == 1
    assert left_behind(home) == []


def test_a_home_in_use_is_said_in_one_line(home: Path) -> None:
    with run(home, free_port()) as sandbox:
        sandbox.wait_for("is ready")
        with run(home, free_port()) as second:
            assert second.exit_code() == 1
            assert second.said.startswith("sandbox: another sandbox is running")
            assert second.said.count("\n") == 1
        assert is_ready(sandbox.port)
        sandbox.signal(signal.SIGTERM)
        assert sandbox.exit_code(STOP_TIMEOUT) == 0


def test_unreachable_servers_are_said_in_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://sarali@127.0.0.1:{free_port()}/x")
    with run(home, free_port()) as sandbox:
        assert sandbox.exit_code() == 1
        assert sandbox.said.startswith("sandbox: DATABASE_URL cannot be used")
        assert sandbox.said.count("\n") == 1


@pytest.mark.parametrize("line", ["granian", "flask --app wsgi work"])
def test_what_dies_is_started_again(home: Path, line: str) -> None:
    with run(home, free_port()) as sandbox:
        sandbox.wait_for("is ready")
        os.kill(child_running(sandbox.pid, line), signal.SIGKILL)
        sandbox.wait_for("starting it again")
        assert is_ready(sandbox.port)
        sandbox.signal(signal.SIGTERM)
        assert sandbox.exit_code(STOP_TIMEOUT) == 0


def test_the_demo_holds(home: Path) -> None:
    with Command([sys.executable, "-m", "sandbox", "demo"], home, free_port()) as demo:
        assert demo.exit_code(90) == 0, demo.said
        assert demo.said.endswith("Every step held.\n")
    assert not home.exists(), "the demo's world is private"
