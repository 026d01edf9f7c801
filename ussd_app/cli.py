"""The commands: `flask --app wsgi <command>`."""

import json
import signal
import sys
import threading
from datetime import timedelta
from textwrap import fill, indent

import click

from domain.msisdn import Msisdn
from ussd_app import settings, wiring
from ussd_app.aggregators.base import Turn
from ussd_app.store import alarms, books, messages
from ussd_app.store.database import DatabaseError
from ussd_app.usecases import dial as dialling
from ussd_app.usecases import drain, record_fine
from ussd_app.usecases.context import Context

_TICK_S = {True: 0.5, False: 5.0}  # sandbox, production
_PATIENCE_S = {True: 2.0, False: 15.0}  # what may wait before the sweeper does it itself


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    try:
        wiring.context().db.migrate()
    except DatabaseError as error:
        click.echo(f"migration failed: {_first_line(error)}", err=True)
        sys.exit(1)


@click.command()
def seed() -> None:
    """Sandbox: record one demonstration fine of each kind and print the numbers."""
    context = wiring.context()
    if not wiring.settings().sandbox:
        click.echo("seed is for the sandbox", err=True)
        sys.exit(1)
    for code, offence in context.catalogue.offences.items():
        if offence.enabled:
            bill = record_fine.record_fine(context, code, None)
            click.echo(f"{bill.bill_number}  {bill.amount}  {code}")


@click.command()
def work() -> None:
    """Run an rq worker: a wake-up drains everything that is due."""
    wiring.context().redis.work()


@click.command()
def sweep() -> None:
    """Wake the workers when something is due, and do it here when nobody does."""
    context = wiring.context()
    sandbox = wiring.settings().sandbox
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    patience = timedelta(seconds=_PATIENCE_S[sandbox])
    armed = False
    while not stopped.wait(_TICK_S[sandbox]):
        try:
            if not armed:
                drain.arm_statements(context)
                armed = True
            if drain.overdue(context, timedelta(0)):
                context.redis.wake()
            if drain.overdue(context, patience):
                drain.drain(context)
        except DatabaseError as error:
            click.echo(f"sweep: {type(error).__name__}", err=True)


@click.command()
@click.option("--number", default="+22370000001", show_default=True, help="of the telephone")
def dial(number: str) -> None:
    """Be a telephone: dial, answer and read SMS. Ctrl-D hangs up for good."""
    context = wiring.context()
    code = context.channel.code
    heard = 0
    try:
        while True:
            heard = _hear(number, heard)
            dialled = input(f"\nDial [{code}], or s to look for SMS: ").strip() or code
            if dialled != "s":
                _session(context, number, dialled)
    except EOFError:
        click.echo()


def _session(context: Context, number: str, dialled: str) -> None:
    session_id = context.new_id()
    inputs: list[str] = []
    while True:
        turn = Turn(session_id, Msisdn.parse(number), dialled, tuple(inputs))
        try:
            shown, _outcome = dialling.answer(context, turn)
        except dialling.UnknownCodeError:
            shown = dialling.unknown_code(context)
        click.echo("\n" + indent(shown.text, "  | "))
        if shown.ends:
            return
        inputs.append(input("  > ").strip())


def _hear(number: str, heard: int) -> int:
    with wiring.context().db.begin() as tx:
        texts = messages.sent_to(tx, Msisdn.parse(number))
    for text in texts[heard:]:
        click.echo("\n" + indent(fill(text, 40), "  SMS "))
    return len(texts)


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


@click.command("settings")
def print_settings() -> None:
    """Print the environment variables as the Markdown table of README.md."""
    click.echo(settings.table())


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


commands = (migrate, seed, work, sweep, dial, ledger, list_alarms, print_settings)
