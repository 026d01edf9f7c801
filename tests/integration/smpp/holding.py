"""A link of ours to a centre, held in a thread of the test."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from smpp.pdu import Bind
from smpp.terms import Terms
from smpp.ussd import Rules
from tests.integration.simulators.harness import wait_for
from tests.integration.smpp.telephone import Centre
from tests.integration.web.citizen import Door
from ussd_app.aggregators.base import Identity
from ussd_app.links.desk import Desk
from ussd_app.links.port import Link
from ussd_app.links.session import Session
from ussd_app.links.wire import Where
from ussd_app.usecases.context import Channel

CHANNEL = Channel("smpp", ("*789#",), 182, dialect="smpp", identity=Identity.COUNT)
RULES = Rules()
TERMS = Terms(Bind("sandbox", "sandbox"), answer_within=3.0, held_back=0.05)


@contextmanager
def holding(door: Door, centre: Centre, rules: Rules | None = RULES) -> Iterator[Session]:
    """Hold a link until the block ends."""
    link = Link(Where("127.0.0.1", centre.port), TERMS, rules)
    desk = Desk(lambda: door.context, CHANNEL)
    session = Session(link, desk, time.monotonic, lambda: 0.5)
    thread = threading.Thread(target=session.run)
    thread.start()
    try:
        wait_for(lambda: session.is_bound)
        yield session
    finally:
        session.stop()
        thread.join(timeout=10)
        assert not thread.is_alive()
