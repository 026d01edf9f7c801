"""People take a closed report by a command, which tells what it is good for."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.integration.web.citizen import Door
from tests.integration.web.reports import credit, report
from tests.integration.web.till import Clock
from ussd_app import wiring
from ussd_app.cli import doubts as commands

HOUR = timedelta(hours=1)
OPERATOR = "orange_mp"


@pytest.fixture
def start(clock: Clock) -> datetime:
    return clock().replace(microsecond=0)  # reports know milliseconds


def test_people_use_the_command(
    door: Door, start: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "context", lambda: door.context)
    run = CliRunner().invoke
    file = tmp_path / "report.csv"
    file.write_bytes(b"\xef\xbb\xbf" + report(start - HOUR, start, credit(start - HOUR, "MP1")))
    done = run(commands.import_statement, [OPERATOR, str(file)])
    said = f"1 lines, 1 of them new; statements are closed until {start.isoformat()}"
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, said)
    again = run(commands.import_statement, [OPERATOR, str(file)])
    assert (again.exit_code, "taken before" in again.output) == (1, True)


def test_people_are_told_how_far_statements_are_closed_and_what_a_gap_means(
    door: Door, start: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "context", lambda: door.context)
    file, until = tmp_path / "report.csv", start - 3 * HOUR
    for since, then, gap in ((-4, -3, False), (-5, -4, False), (-1, 0, True)):
        file.write_bytes(report(start + since * HOUR, start + then * HOUR))
        done = CliRunner().invoke(commands.import_statement, [OPERATOR, str(file)])
        told = done.output.splitlines()
        said = f"0 lines, 0 of them new; statements are closed until {until.isoformat()}"
        assert (done.exit_code, said in told) == (0, True)
        assert told[-1].startswith("This one begins later") is gap
