"""What runs beside the web: the database's revision, the worker, the sweeper."""

import signal
import sys
import threading
from contextlib import suppress
from datetime import timedelta

import click

from ussd_app import wiring
from ussd_app.store.database import DatabaseError
from ussd_app.store.redis import Unreachable
from ussd_app.usecases import balance, drain, journeys, record_fine, ring, sessions

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
    """Sandbox: record one demonstration fine of each kind and print the numbers.

    Its telephones begin with it: nobody is in the middle of a session.
    """
    context = wiring.context()
    if not wiring.settings().sandbox:
        click.echo("seed is for the sandbox", err=True)
        sys.exit(1)
    for code, offence in context.catalogue.offences.items():
        if offence.enabled:
            bill = record_fine.record_fine(context, code, None)
            click.echo(f"{bill.bill_number}  {bill.amount}  {code}")
    with suppress(Unreachable):  # without it, who pays presses twice
        context.redis.begins()


@click.command()
def work() -> None:
    """Run an rq worker: a wake-up drains everything that is due."""
    wiring.newsstand()  # what changed since now is read anew by each job
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
        context = wiring.newsstand().newest(context)
        sessions.recall(context)  # asked often, it goes on knowing
        try:
            if not armed:
                drain.arm(context)
                armed = True
            if drain.overdue(context, timedelta(0)):
                context.redis.wake()
            if drain.overdue(context, patience):
                drain.drain(context)
            balance.balance(context)
            ring.forget_old(context)
            journeys.collect_over(context)
        except DatabaseError as error:
            click.echo(f"sweep: {type(error).__name__}", err=True)
        except Unreachable:  # sessions cannot be counted now; payments do not need Redis
            continue


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
