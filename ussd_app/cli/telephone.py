"""A telephone in a terminal."""

from textwrap import fill, indent

import click

from domain.msisdn import Msisdn
from ussd_app import wiring
from ussd_app.aggregators.base import Turn
from ussd_app.store import messages
from ussd_app.usecases import dial as dialling
from ussd_app.usecases.context import Context


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
