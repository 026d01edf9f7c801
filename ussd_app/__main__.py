"""The commands that need neither a server nor a setting."""

import click

from ussd_app.cli import alone

group = click.Group("ussd_app", {command.name or "": command for command in alone})

if __name__ == "__main__":
    group()
