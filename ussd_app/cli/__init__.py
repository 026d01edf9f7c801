"""The commands: `flask --app wsgi <command>`.

Those of dialogue.py need no server and no setting: `python -m ussd_app <command>` runs them alone.
"""

from ussd_app.cli import (
    channels,
    dialogue,
    doubts,
    figures,
    homologation,
    links,
    load,
    running,
    telephone,
)

alone = (
    dialogue.menus,
    dialogue.locales,
    figures.print_settings,
    homologation.conformance,
    homologation.aggregators,
)
commands = (
    running.migrate,
    running.seed,
    running.work,
    running.sweep,
    links.smpp,
    telephone.dial,
    channels.list_channels,
    load.load,
    figures.ledger,
    figures.list_alarms,
    figures.list_journeys,
    doubts.import_statement,
    doubts.list_doubts,
    doubts.list_unowned,
    doubts.close_attempt,
    *alone,
)
