"""The dialogues as a lawyer could read them: goldens/*.txt, in the notation of play.py."""

from pathlib import Path

import pytest

from tests.dialogues.play import play

GOLDENS = sorted((Path(__file__).parent / "goldens").glob("*.txt"))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.stem)
def test_the_dialogue_is_as_written(golden: Path, *, update_goldens: bool) -> None:
    written = golden.read_text("utf-8")
    played = play(written)
    if update_goldens:
        golden.write_text(played, "utf-8")
    else:
        assert played == written


def test_there_are_dialogues_to_play() -> None:
    assert len(GOLDENS) > 20
