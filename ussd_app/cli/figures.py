"""What there is to know: balances, alarms, how sessions went, the settings."""

import json
from datetime import timedelta

import click

from ussd_app import settings, wiring
from ussd_app.store import alarms, books, journeys
from ussd_app.usecases import funnel


@click.command()
def ledger() -> None:
    """Print the balance of every account, as JSON; they sum to zero."""
    with wiring.context().db.begin() as tx:
        click.echo(json.dumps(books.totals(tx), indent=2))


@click.command("alarms")
@click.option("--limit", default=50, show_default=True)
def list_alarms(limit: int) -> None:
    """List what a human should look at, newest first."""
    with wiring.context().db.begin() as tx:
        for found in alarms.newest(tx, limit):
            at = f"{found.raised_at:%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"{at} {found.operator} {found.subject} {found.alarm}")


@click.command("journeys")
@click.option("--days", default=7, show_default=True)
def list_journeys(days: int) -> None:
    """Print the funnel: for each errand, the sessions that reached a screen and ended there."""
    context = wiring.context()
    with context.db.read() as tx:
        ends = journeys.ends(tx, context.now() - timedelta(days=days))
    for line in funnel.lines(context.dialogue, ends):
        click.echo(line)


@click.command("settings")
def print_settings() -> None:
    """Print the environment variables as the Markdown table of README.md."""
    click.echo(settings.table())
