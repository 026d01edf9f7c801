"""What the queue calls. A job carries nothing: it says "look", and the outbox says what for."""

from ussd_app import wiring
from ussd_app.usecases import drain as draining


def drain() -> int:
    """Do everything that is due; return how much that was."""
    return draining.drain(wiring.newsstand().newest(wiring.context()))
