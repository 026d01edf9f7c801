"""Trying out a channel before it goes into service, and the pages for those who connect to it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, time
from typing import Any
from uuid import uuid4

import click

from domain.msisdn import Msisdn
from homologation import page, report, script
from homologation.carrier import Carrier, Proofs, Signature
from homologation.gateways.all import GATEWAYS
from homologation.report import About
from homologation.trial import Outside, Terms, Trial
from ussd_app.dialects import DIALECTS

_PATIENCE = 2.0  # of the dialect's deadlines: a late answer is to be seen, not only missed


@click.command()
@click.argument("url")
@click.option("--dialect", required=True, type=click.Choice(sorted(GATEWAYS)))
@click.option("--number", default="+22376000001", type=Msisdn.parse, help="who dials")
@click.option("--other", default="+22376000002", type=Msisdn.parse, help="another subscriber")
@click.option("--code", default="*789#", show_default=True, help="the short code")
@click.option("--septets", default=182, show_default=True, help="that a screen may have")
@click.option(
    "--deadline", default=0.0, help="seconds to an answer; the dialect's own if not given"
)
@click.option("--bill", default="", help="a bill to show; it is not paid")
@click.option("--header", default="", envvar="CONFORMANCE_HEADER", help="'NAME: VALUE', sent along")
@click.option("--sign", nargs=2, help="the headers of the signature and of its timestamp")
@click.option("--key", default="", envvar="CONFORMANCE_KEY", help="of the signature")
@click.option("--report", "path", default="conformance.html", show_default=True, type=Path)
def conformance(url: str, dialect: str, path: Path, **told: Any) -> None:  # noqa: ANN401  # click
    """Play the homologation's sessions to the channel at URL and write the report.

    Exit 0 only if all that had to hold did. The variables CONFORMANCE_HEADER and CONFORMANCE_KEY
    keep what is secret from the list of processes.
    """
    terms, proofs = _terms(dialect, told), _proofs(told)
    carrier = Carrier(url, terms.seconds * _PATIENCE, proofs)
    outside = Outside(carrier, perf_counter, lambda: uuid4().hex)
    trials = []
    for trial in script.play(dialect, terms, outside):
        trials.append(trial)
        _tell(trial)
    secrets = (*proofs.headers.values(), told["key"])
    about = About(dialect, url, terms, datetime.now(UTC), secrets)
    path.write_text(report.write(about, trials), "utf-8")
    click.echo(f"report: {path}")
    sys.exit(0 if all(trial.held for trial in trials) else 1)


def _terms(dialect: str, told: dict[str, Any]) -> Terms:
    return Terms(
        number=told["number"].e164,
        other=told["other"].e164,
        code=told["code"],
        septets=told["septets"],
        seconds=told["deadline"] or DIALECTS[dialect].deadline,
        bill=told["bill"],
    )


def _proofs(told: dict[str, Any]) -> Proofs:
    name, _, value = told["header"].partition(":")
    if bool(name.strip()) is not bool(value.strip()):
        raise click.BadParameter("'NAME: VALUE'", param_hint="--header")
    headers = {name.strip(): value.strip()} if value else {}
    if not told["sign"]:
        return Proofs(headers)
    signature, stamp = told["sign"]
    return Proofs(headers, Signature(signature, stamp, told["key"].encode(), time))


def _tell(trial: Trial) -> None:
    click.echo(f"{'ok' if trial.held else 'NO':3} {trial.title}")
    for check in trial.checks:
        if not check.held:
            click.echo(f"      {check.words}")


@click.command()
@click.option("--pages", "folder", required=True, type=Path, help="the folder to write them to")
def aggregators(folder: Path) -> None:
    """Write the page of each dialect, for the engineers who connect their gateways."""
    for name in DIALECTS:
        (folder / f"{name}.md").write_text(written(name), "utf-8")


def written(name: str) -> str:
    """Return the page of a dialect."""
    dialect = DIALECTS[name]
    return page.write(page.Facts(name, str(dialect.identity), dialect.deadline, dialect.methods))
