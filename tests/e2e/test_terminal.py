import os
import subprocess
import sys

from sandbox.world import World
from tests.e2e.command import ROOT


def dial(port: str, typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", "dial", "--number", "+22376000009"],
        cwd=ROOT,
        env=os.environ | {"PORT": port},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_person_dials_from_the_terminal(world: World) -> None:
    done = dial(world.environ["PORT"], "*789#\n1\n4\n3\n")
    assert done.returncode == 0, done.stderr
    assert "Payez ici, jamais" in done.stdout


def test_nobody_answers() -> None:
    done = dial("1", "*789#\n")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is it running (`make run`)?" in done.stderr
