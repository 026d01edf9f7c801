"""What the queue calls. A job carries nothing: it says "look", and the outbox says what for."""

import time

from ussd_app import wiring
from ussd_app.usecases import stay


def drain() -> int:
    """Do everything that is due, and what soon will be; return how much that was."""
    return stay.drain_and_stay(wiring.newsstand().newest(wiring.context()), time.sleep)
