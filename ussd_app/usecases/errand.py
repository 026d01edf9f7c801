"""Who asks for an effect, and when."""

from dataclasses import dataclass

from domain.msisdn import Msisdn


@dataclass(frozen=True, slots=True)
class Errand:
    """Who asks, in which turn of which session.

    `passing`: the text came with a new or lost session, so it only fills and navigates.
    """

    caller: Msisdn
    lang: str
    session_key: str
    turn: int
    passing: bool
