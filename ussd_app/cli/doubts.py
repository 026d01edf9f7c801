"""What people do about money nobody can explain by itself."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from ussd_app import wiring
from ussd_app.usecases import doubt
from ussd_app.usecases import import_statement as importing


@click.command("import-statement")
@click.argument("operator")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_statement(operator: str, file: Path) -> None:
    """Take an operator's closed report from a file; the same file or line again changes nothing."""
    try:
        done = importing.import_statement(wiring.context(), operator, file.read_bytes())
    except importing.ImportRefusedError as error:
        _refuse(error)
    gap = "" if done.closes else "; it leaves a gap, so what is absent from it proves nothing"
    click.echo(f"{done.lines} lines, {done.new} of them new{gap}")


@click.command("doubts")
def list_doubts() -> None:
    """List the attempts that wait for people, oldest first: age, status, what was last heard."""
    for found in doubt.waiting(wiring.context()):
        one = found.attempt
        click.echo(
            f"{one.attempt_id} {one.operator} {one.bill_number} {one.francs} F"
            f" {found.hours:.1f} h {one.status} {found.reason}"
        )


@click.command("close-attempt")
@click.argument("attempt_id")
@click.option("--by", required=True, help="who decides")
@click.option("--reason", default="", help="to propose: why")
@click.option("--confirm", is_flag=True, help="confirm what another person proposed")
def close_attempt(attempt_id: str, by: str, reason: str, *, confirm: bool) -> None:
    """Close an attempt unpaid: one person proposes with a reason, another confirms."""
    try:
        if confirm:
            doubt.confirm(wiring.context(), attempt_id, by)
        else:
            doubt.propose(wiring.context(), attempt_id, reason, by)
    except doubt.DecisionError as error:
        _refuse(error)
    click.echo("closed unpaid" if confirm else "proposed: another person confirms it")


def _refuse(error: ValueError) -> NoReturn:
    click.echo(str(error), err=True)
    sys.exit(1)
