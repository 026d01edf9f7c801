"""Each dialect has a page for the engineer who connects a gateway, and it cannot go stale."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ussd_app.cli.homologation import aggregators, written
from ussd_app.dialects import DIALECTS

PAGES = Path(__file__).parents[3] / "docs" / "aggregators"
COMMAND = "python -m ussd_app aggregators --pages docs/aggregators"


@pytest.mark.parametrize("name", DIALECTS)
def test_the_page_of_a_dialect_is_what_the_command_writes(name: str, tmp_path: Path) -> None:
    assert CliRunner().invoke(aggregators, ["--pages", str(tmp_path)]).exit_code == 0
    page = (PAGES / f"{name}.md").read_text("utf-8")
    assert page == (tmp_path / f"{name}.md").read_text("utf-8"), COMMAND


@pytest.mark.parametrize("name", DIALECTS)
def test_a_page_says_what_an_engineer_asks(name: str) -> None:
    page = written(name)
    for words in ("délai", "identité d'un échange", "Composition", "Compris :", "Réponse :"):
        assert words in page
    for heading in ("Requêtes et réponses", "Erreurs", "Réseau et sécurité"):
        assert f"## {heading}" in page
    assert page.count("```") % 2 == 0
