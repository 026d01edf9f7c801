import os
import subprocess
from pathlib import Path

from sandbox.world import World
from tests.e2e.command import ROOT


def dial(environ: dict[str, str], typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["flask", "--app", "wsgi", "dial", "--number", "+22376000009"],
        cwd=ROOT,
        env=environ,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_person_dials_from_the_terminal(world: World) -> None:
    done = dial(world.environ, "*789#\n1\n4\n3\n")
    assert done.returncode == 0, done.stderr
    assert "Payez seulement ici, jamais" in done.stdout


def test_make_dial_says_when_nothing_is_running(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "dial"],
        cwd=ROOT,
        env=os.environ | {"SARALI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "make run" in done.stderr
