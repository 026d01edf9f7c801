"""The commands: `flask --app wsgi <command>`.

Those of dialogue.py need no server and no setting: `python -m ussd_app <command>` runs them alone.
"""

from ussd_app.cli import dialogue, doubts, figures, running, telephone

alone = (dialogue.menus, dialogue.locales, figures.print_settings)
commands = (
    running.migrate,
    running.seed,
    running.work,
    running.sweep,
    telephone.dial,
    figures.ledger,
    figures.list_alarms,
    figures.list_journeys,
    doubts.import_statement,
    doubts.list_doubts,
    doubts.list_unowned,
    doubts.close_attempt,
    *alone,
)
