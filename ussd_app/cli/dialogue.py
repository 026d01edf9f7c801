"""The dialogue as people read it before citizens do."""

import sys
from datetime import UTC, datetime

import click

from menus.compiler import report
from ussd_app.manuscripts import Shelf
from ussd_app.translations import LANGUAGES, Translations
from ussd_app.usecases.edition import Edition, publish
from ussd_app.wiring import WALLETS

_ALL = ",".join(LANGUAGES)


@click.command()
@click.option("--graph", is_flag=True, help="print docs/menus.md: the graph and the tree")
@click.option("--languages", default="fr,bm", show_default=True, help=f"of {_ALL}")
@click.option("--catalogue", default="", help="a folder of an authority's own files")
@click.option("--sandbox/--production", default=True, help="with or without demonstration fines")
def menus(*, graph: bool, languages: str, catalogue: str, sandbox: bool) -> None:
    """Compile the dialogue and print its tree with septets; exit 1 with all that is wrong."""
    try:
        shelf = Shelf(sandbox=sandbox, languages=languages.split(","), added=catalogue)
        edition = publish(shelf.read(), WALLETS, datetime.now(UTC).date())
    except ValueError as error:  # CatalogueError, TranslationsError, CompileError
        click.echo(str(error), err=True)
        sys.exit(1)
    if graph:
        click.echo(document(edition), nl=False)
    else:
        click.echo("\n".join(report.tree(edition.dialogue, edition.measures)))


@click.command()
def locales() -> None:
    """List the languages: texts written, left to French, and not read by a native speaker."""
    shelf = Shelf(sandbox=True, languages=tuple(LANGUAGES))
    texts = shelf.read().texts
    assert isinstance(texts, Translations)  # noqa: S101  # a Shelf reads nothing else
    french = texts.ids("fr")
    for code, name in LANGUAGES.items():
        own, waiting = texts.ids(code), texts.unreviewed(code)
        click.echo(
            f"{code:4} {name:16} {len(own)} of {len(french)} texts,"
            f" {len(waiting)} to be reviewed by a native speaker"
        )
        for text_id in waiting:
            click.echo(f"       {text_id}: {_one_line(texts.template(code, text_id))}")


def document(edition: Edition) -> str:
    """Return docs/menus.md."""
    drawing = "\n".join(report.mermaid(edition.dialogue))
    tree = "\n".join(report.tree(edition.dialogue, edition.measures))
    return _DOCUMENT.format(drawing=drawing, tree=tree)


def _one_line(text: str) -> str:
    return text.replace("\n", " / ")


_DOCUMENT = """# The dialogue

Written by `python -m ussd_app menus --graph`, from the catalogue and the words of the sandbox; a
test keeps it fresh. Septets are those of the screen at its longest, with the longest values and the
longest complaint; pages are those at 152.

## Every screen

```
{tree}
```

## Every way

```mermaid
{drawing}
```
"""
