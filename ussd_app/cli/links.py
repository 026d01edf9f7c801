"""The link to an SMS centre: `flask --app wsgi smpp link.toml`."""

import random
import signal
import sys
import threading
import time
from pathlib import Path

import click

from ussd_app import wiring
from ussd_app.links.configuration import LinkError, read
from ussd_app.links.desk import Desk
from ussd_app.links.sending import Sender, serve
from ussd_app.links.session import Session
from ussd_app.store.dispatch import Dispatch
from ussd_app.usecases.context import Context


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def smpp(file: Path) -> None:
    """Hold the link that FILE describes, until SIGTERM: USSD, SMS both ways."""
    chosen = wiring.settings()
    try:
        contract = read(file, chosen.accounts, chosen.sarali_ussd_code)
    except LinkError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    newest = _Newest()
    dice = random.SystemRandom()
    desk = Desk(newest, contract.channel)
    session = Session(contract.link, desk, time.monotonic, dice.random)
    stopped = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopped.set()
        session.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    sender = Sender(session, contract.sender, dice.randrange(256))
    about = (Dispatch(newest().redis), session, sender, stopped)
    sending = threading.Thread(target=serve, args=about)
    sending.start()
    try:
        session.run()
    finally:  # a process that holds no link any more must not go on looking alive
        stopped.set()
        sending.join()


class _Newest:
    """The context at the newest edition, for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._context = wiring.context()

    def __call__(self) -> Context:
        with self._lock:
            self._context = wiring.newsstand().newest(self._context)
            return self._context
