"""The channels this system listens on."""

import click

from ussd_app import wiring
from ussd_app.dialects import DIALECTS
from ussd_app.usecases.context import Channel


@click.command("channels")
@click.option("--dialects", is_flag=True, help="the dialects a channel may speak, instead")
def list_channels(*, dialects: bool) -> None:
    """List the channels: address, dialect, codes, what a gateway has to prove, limits."""
    if dialects:
        for name, dialect in DIALECTS.items():
            click.echo(f"{name:16} hops by {dialect.identity}, {dialect.deadline:g} s to answer")
        return
    context = wiring.context()
    for channel in context.channels.values():
        secret = "/<secret>" if channel.secret else ""
        click.echo(f"/ussd/{channel.name}{secret}  {channel.dialect}  {' '.join(channel.codes)}")
        click.echo(f"    proves: {_proofs(channel)}; {channel.budget} septets; {_limits(channel)}")


def _proofs(channel: Channel) -> str:
    guard = channel.guard
    asked = {
        "the address": channel.secret,
        "a network": guard.networks,
        "a shared secret": guard.shared,
        "a signature": guard.signature,
        "a certificate": guard.certificates,
    }
    return ", ".join(proof for proof, wanted in asked.items() if wanted) or "nothing"


def _limits(channel: Channel) -> str:
    limits = {"turns a second": channel.rate, "at once": channel.at_once}
    told = [f"{most} {what}" for what, most in limits.items() if most]
    return ", ".join(told) or "no limit"
