"""The crowd plays on a running channel, and says when it is not served."""

import re
import subprocess

import pytest

from sandbox.world import World
from tests.e2e.command import ROOT, free_port


def load(world: World, address: str, dialect: str) -> subprocess.CompletedProcess[str]:
    crowd = ["--subscribers", "20", "--seconds", "3", "--think", "0.1", "--repeated", "0.3"]
    return subprocess.run(
        ["flask", "--app", "wsgi", "load", address, "--dialect", dialect, *crowd],
        cwd=ROOT,
        env=world.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("dialect", ["africastalking", "orange", "restcomm"])
def test_a_crowd_is_served(world: World, dialect: str) -> None:
    done = load(world, f"{world.base_url}/ussd/{dialect}", dialect)
    assert done.returncode == 0, done.stdout + done.stderr
    turns = re.search(r"(\d+) turns in", done.stdout)
    assert turns, done.stdout
    assert int(turns[1]) > 20
    assert "errors: none" in done.stdout
    assert re.search(r"sessions: .*\d+ (dropped|ended|left)", done.stdout)


@pytest.mark.parametrize("path", ["/ussd/nobody", "/healthz"])
def test_a_channel_that_does_not_answer_as_its_gateway_wants_is_told(
    world: World, path: str
) -> None:
    done = load(world, f"{world.base_url}{path}", "africastalking")
    assert done.returncode == 1
    assert "neither CON nor END" in done.stdout


def test_a_channel_that_is_not_there_is_told(world: World) -> None:
    done = load(world, f"http://127.0.0.1:{free_port()}/ussd/x", "africastalking")
    assert done.returncode == 1
    assert "ConnectionRefusedError" in done.stdout
