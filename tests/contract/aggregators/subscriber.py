"""Telephones whose gateway speaks any dialect, and the network they are in."""

from collections.abc import Callable
from itertools import count
from urllib.parse import urlencode

from homologation.gateways.all import GATEWAYS
from homologation.gateways.base import Call, How, Reply, Screen
from homologation.line import Line
from tests.integration.web.citizen import Door
from tests.integration.web.till import Clock, attempts_of, messages_of
from ussd_app.dialects import DIALECTS

NUMBER, OTHER = "+22376000001", "+22376000002"
SESSIONS = count(1)
THINKING = 3.0  # seconds before a key: longer than what tells a repetition where nothing else does
TRIES = 3  # a confirmation is shown three times at most before its key pays


def deliver(door: Door, dialect: str) -> Callable[[Call], Reply]:
    """Hand calls to the dialect's door."""

    def send(call: Call) -> Reply:
        query = f"?{urlencode(call.query)}" if call.query else ""
        path = f"/ussd/{dialect}{call.path}{query}"
        answer = door.request(call.method, path, call.headers, body=call.body)
        headers = {name.lower(): value for name, value in answer.headers}
        return Reply(answer.status_code, headers, answer.data)

    return send


class Net:
    """A network whose gateway speaks one dialect to the application."""

    def __init__(self, door: Door, clock: Clock, dialect: str) -> None:
        self.door = door
        self.dialect = dialect
        self.identity = DIALECTS[dialect].identity
        self.clock = clock
        self.send = deliver(door, dialect)

    def line(self, number: str = NUMBER) -> Line:
        """A telephone of this network."""
        return Line(GATEWAYS[self.dialect], self.send, number, think=self.think)

    def dialled(self, dialled: str = "", number: str = NUMBER) -> Line:
        """A telephone in a new session."""
        line = self.line(number)
        line.dial(f"{next(SESSIONS):032x}", dialled)
        return line

    def asked(self, *answers: str) -> Line:
        """A telephone in the main menu's way to a fine: the language, fines, and what follows."""
        line = self.dialled()
        line.type("1", "1", *answers)
        return line

    def think(self) -> None:
        """Let the time pass that a person needs for a key."""
        self.clock.advance(seconds=THINKING)

    def lose_sessions(self) -> None:
        """Forget all that is kept in Redis."""
        self.door.context.redis.client.flushall()

    def attempts(self, bill_number: str) -> int:
        """How often the payment of a bill was opened."""
        return len(attempts_of(self.door.context, bill_number))

    def counted(self, how: How) -> float:
        """How many ends of that kind have been told."""
        return self.door.figure(
            "sarali_turns_total", channel=self.dialect, outcome=f"session_{how}"
        )

    def messages(self) -> list[tuple[str, str]]:
        """Whom something was written to, and what."""
        return messages_of(self.door.context)


def pay(line: Line) -> Screen:
    """Press the key that pays until it has: it may be asked for again."""
    for _ in range(TRIES):
        if line.screen.ends:
            break
        line.type("1")
    return line.screen
