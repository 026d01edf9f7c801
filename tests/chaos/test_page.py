"""docs/chaos.md says what is tested here."""

import re
from pathlib import Path

from tests.chaos.conversation import Fault
from tests.chaos.edges import cells
from tests.chaos.processes import TRIALS
from tests.chaos.stages import EDGES

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "chaos.md").read_text("utf-8")


def table() -> str:
    """Return the cells as a Markdown table."""
    tested = {cell.name for cell in cells()}
    rows = [f"| | {' | '.join(Fault)} |", f"|---|{':-:|' * len(Fault)}"]
    for edge in EDGES:
        marks = ["x" if f"{edge.name}-{fault}" in tested else " " for fault in Fault]
        rows.append(f"| {edge.name} | {' | '.join(marks)} |")
    return "\n".join(rows)


def test_the_page_has_the_table_of_the_cells() -> None:
    shown = PAGE.partition("<!-- edges:")[2].partition("-->\n")[2].partition("<!-- /edges -->")[0]
    assert shown.strip() == table()
    assert len(cells()) >= 40


def test_the_page_explains_every_fault() -> None:
    assert [fault for fault in Fault if f"\n| {fault} | " not in PAGE] == []


def test_the_page_names_the_faults_of_processes_that_there_are() -> None:
    named = set(re.findall(r"`(\w+)` \|\n", PAGE))
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    known = {trial.name for trial in TRIALS} | set(
        re.findall(r"^def (test_\w+)", tests, re.MULTILINE)
    )
    assert named <= known
    assert named >= {trial.name for trial in TRIALS}
