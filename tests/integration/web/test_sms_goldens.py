"""The dialogues by SMS as a lawyer could read them: tests/dialogues/sms/*.txt.

After a change that is meant: pytest tests/dialogues tests/integration/web/test_sms_goldens.py
--update-goldens, and read the difference.
"""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.web.citizen import Door
from tests.integration.web.correspondent import Correspondent, PostOffice
from tests.integration.web.sms_play import Dice, Player
from tests.integration.web.till import Clock

GOLDENS = sorted((Path(__file__).parents[2] / "dialogues" / "sms").glob("*.txt"))
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.stem)
def test_the_exchange_is_as_written(
    golden: Path, door: Door, request: pytest.FixtureRequest
) -> None:
    clock = Clock(lambda: NOW)
    edition = replace(door.context.edition, day=NOW.date())
    door.give(replace(door.context, now=clock, below=Dice(), edition=edition))
    citizen = Correspondent(door, PostOffice(), "+22370000001").employ()
    written = golden.read_text("utf-8")
    played = Player(door, citizen).play(written)
    if request.config.getoption("--update-goldens", default=False):
        golden.write_text(played, "utf-8")
    else:
        assert played == written


def test_there_are_exchanges_to_play() -> None:
    assert len(GOLDENS) >= 5
