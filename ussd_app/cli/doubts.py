"""What people do about money nobody can explain by itself."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from ussd_app import wiring
from ussd_app.usecases import doubt, unowned
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
    until = done.closed.isoformat()
    click.echo(f"{done.lines} lines, {done.new} of them new; statements are closed until {until}")
    if done.reach is importing.Reach.GAP:
        click.echo(
            "This one begins later: what is absent from it proves nothing before the report of the"
            " time between is imported, and then this file again."
        )


@click.command("doubts")
def list_doubts() -> None:
    """List the attempts that wait for people, oldest first: age, status, why, what is proposed."""
    for found in doubt.waiting(wiring.context()):
        one = found.attempt
        click.echo(
            f"{one.attempt_id} {one.operator} {one.bill_number} {one.francs} F"
            f" {found.hours:.1f} h {one.status} {found.reason}"
        )
        if found.proposed is not None:
            click.echo(f"    {found.proposed.proposed_by} proposes: {found.proposed.reason}")


@click.command("unowned")
def list_unowned() -> None:
    """List the money that came and is nobody's, oldest first: it stands in suspense."""
    for one in unowned.listed(wiring.context()):
        click.echo(
            f"{one.at:%Y-%m-%d %H:%M} {one.operator} {one.operator_ref} {one.francs} F"
            f" from ****{one.payer[-4:]}"
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
            proposal = doubt.confirm(wiring.context(), attempt_id, by)
            click.echo(f"{proposal.proposed_by} proposed: {proposal.reason}")
        else:
            doubt.propose(wiring.context(), attempt_id, reason, by)
    except doubt.DecisionError as error:
        _refuse(error)
    click.echo("closed unpaid" if confirm else "proposed: another person confirms it")


def _refuse(error: ValueError) -> NoReturn:
    click.echo(str(error), err=True)
    sys.exit(1)
