"""What is written for people is true: settings, links, commands, and nothing of one machine."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ussd_app import connectors, providers, settings
from ussd_app.cli.dialogue import locales, menus
from ussd_app.translations import LANGUAGES

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
HERE = re.compile(r"^\s*--((extra-)?index-url|find-links|trusted-host)|https?://", re.MULTILINE)


def test_the_readme_lists_the_settings_as_they_are() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("<!-- settings:")[2].partition("-->\n")[2]
    assert shown.partition("<!-- /settings -->")[0].strip() == settings.table()


def test_the_readme_lists_what_each_operator_needs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("<!-- operators:")[2].partition("-->\n")[2]
    assert shown.partition("<!-- /operators -->")[0].strip() == connectors.table()


def test_the_readme_lists_what_each_provider_of_sms_needs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("<!-- providers:")[2].partition("-->\n")[2]
    assert shown.partition("<!-- /providers -->")[0].strip() == providers.table()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


def test_every_command_of_the_readme_is_in_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    explained = set(re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        used = set(re.findall(r"\bmake ([a-z]+)\b(?= |$|`)", (ROOT / name).read_text("utf-8")))
        assert used - {"are", "sets"} <= explained, name


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_index(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not HERE.search(text)
    pin = r"^[\w.\[\]-]+==\S+ (; python_full_version < \"[\d.]+\" )?\\\n    --hash=sha256:"
    pinned = re.findall(pin, text, re.MULTILINE)
    named = re.findall(r"^[a-z0-9][\w.\[\]-]*", text, re.MULTILINE)
    assert len(pinned) == len(named) > 0


def test_the_page_of_the_dialogue_is_what_the_command_writes() -> None:
    written = CliRunner().invoke(menus, ["--graph"])
    assert written.exit_code == 0, written.output
    page = (ROOT / "docs" / "menus.md").read_text("utf-8")
    assert page == written.output, "python -m ussd_app menus --graph > docs/menus.md"


@pytest.mark.parametrize("where", ["--sandbox", "--production"])
def test_the_dialogue_compiles_with_every_language_offered(where: str) -> None:
    languages = ",".join(LANGUAGES)
    compiled = CliRunner().invoke(menus, [where, "--languages", languages])
    assert compiled.exit_code == 0, compiled.output


def test_a_broken_catalogue_is_refused_with_file_key_and_reason(tmp_path: Path) -> None:
    (tmp_path / "town.toml").write_text('[[service]]\ncode = "x"\nfamily = "civil"\n', "utf-8")
    refused = CliRunner().invoke(menus, ["--catalogue", str(tmp_path)])
    assert refused.exit_code == 1
    assert "town.toml: " in refused.output
    assert "authority" in refused.output


def test_what_no_native_speaker_has_read_is_listed() -> None:
    listed = CliRunner().invoke(locales)
    assert listed.exit_code == 0, listed.output
    for code in LANGUAGES:
        assert re.search(rf"^{code}\s", listed.output, re.MULTILINE)
    assert "problem.choice: Fili" in listed.output
