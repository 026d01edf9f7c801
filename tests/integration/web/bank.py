"""An operator whose every answer a test may choose."""

import json
from dataclasses import replace

from payments.operators.base import Answer, HttpRequest, NoAnswer, Outcome
from tests.integration.web.citizen import Door, Phone
from tests.integration.web.till import Clock
from ussd_app.usecases import drain

ERROR = Answer(500, b"")
LOST, NOT_SENT = NoAnswer.LOST, NoAnswer.NOT_SENT


def answer(document: dict[str, object]) -> Answer:
    """What an operator says when all is well."""
    return Answer(200, json.dumps(document).encode())


def standing(status: str, prompt: str = "200") -> Answer:
    """How a payment stands, and how its prompt went."""
    return answer({"data": {"status": status, "inittxnstatus": prompt}})


class Bank:
    """Takes every payment and leaves it pending, until told to `say` something else to a verb.

    `heard` counts what it was asked: token, init, pay, paymentstatus, push.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._said: dict[str, Outcome] = {}

    def say(self, outcome: Outcome | None, *verbs: str) -> None:
        """Answer these verbs so from now on; with None, as at first."""
        for verb in verbs:
            if outcome is None:
                self._said.pop(verb, None)
            else:
                self._said[verb] = outcome

    def __call__(self, request: HttpRequest, /) -> Outcome:
        verb = "token" if request.url.endswith("/token") else request.url.partition("/mp/")[2]
        verb = verb.partition("/")[0] or "reports"
        self.heard.append(verb)
        return self._said.get(verb) or self._usual(verb)

    def _usual(self, verb: str) -> Outcome:
        match verb:
            case "token":
                return answer({"access_token": "bearer", "expires_in": 3600})
            case "init":
                return answer({"data": {"payToken": f"MP{len(self.heard)}"}})
            case "reports":
                return Answer(404, b"")
            case _:
                return standing("PENDING")


def work(door: Door, clock: Clock, times: int, seconds: float = 3.0) -> None:
    """Let the workers do what is due, again and again."""
    for _ in range(times):
        clock.advance(seconds=seconds)
        drain.drain(door.context)


def leave_in_doubt(door: Door, clock: Clock, phone: Phone) -> str:
    """Let a debit be asked for and nothing be answered, then or later; return the bill's number."""
    bank = Bank()
    bank.say(LOST, "pay", "paymentstatus")
    door.give(replace(door.context, now=clock, transport=bank))
    number = door.fine()
    phone.pay(number)
    work(door, clock, 2)
    return number
