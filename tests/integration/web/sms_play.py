"""Plays an exchange of SMS written down as text, and writes down what really comes.

    # ...                          a remark
    @ amende 4821937028            an officer records a fine; the first ones have these numbers
    @ 10 minutes plus tard         time goes by; twenty seconds do after each message
    @ le prochain SMS se perd      the provider will refuse to carry it
    @ Orange Money confirme        the wallet was debited for the fine recorded last
    > PAYER 4821937028             what the citizen writes
    > 1 (écrit 30 secondes plus tôt)   and which the network has kept
    < Amende 4821937028            a message that comes
    | 1 Payer: Orange Money        its further lines
    = rien                         nothing comes

A player reads `#`, `@` and `>`; the rest it writes itself. What is written goes through the HTTP
door, the workers and the provider of a sandbox.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from domain import check_digits
from sms.gateway import Refused
from tests.integration.web.citizen import Door
from tests.integration.web.correspondent import READING, Correspondent
from tests.integration.web.till import paid

BILLS = (48219370, 30518274)
RECEIPT = 73910264851937
_FINE = re.compile(r"amende (?P<number>\d{10})")
_LATER = re.compile(r"(?P<minutes>\d+) minutes plus tard")
_EARLY = re.compile(r"(?P<text>.*) \(écrit (?P<seconds>\d+) secondes plus tôt\)")


class Dice:
    """Numbers as they are written in the exchanges: bills in turn, and one receipt."""

    def __init__(self) -> None:
        self._bills = iter(BILLS)

    def __call__(self, below: int) -> int:
        if below == 10 ** (check_digits.BILL_DIGITS - 2):
            return next(self._bills)
        return RECEIPT % below


class Player:
    """One citizen's exchange."""

    def __init__(self, door: Door, citizen: Correspondent) -> None:
        self._door = door
        self._citizen = citizen
        self._bill = ""

    def play(self, text: str) -> str:
        """Return `text` with the messages that come."""
        written = [line for each in text.splitlines() for line in self._take(each)]
        return "\n".join(written) + "\n"

    def _take(self, line: str) -> Iterator[str]:
        match line[:1]:
            case "<" | "|" | "=":
                return
            case "@":
                yield line
                yield from self._befalls(line[1:].strip())
            case ">":
                yield line
                self._write(line[1:].strip())
                yield from self._came(silent="= rien")
                self._citizen.wait(READING)
            case _:
                yield line

    def _befalls(self, event: str) -> Iterator[str]:
        if fine := _FINE.fullmatch(event):
            self._bill = self._door.fine(offence="demo_parking")
            assert self._bill == fine["number"]
        elif later := _LATER.fullmatch(event):
            self._citizen.wait(timedelta(minutes=int(later["minutes"])))
        elif event == "le prochain SMS se perd":
            self._citizen.office.fates = [Refused("code 406")]
        elif event == "Orange Money confirme":
            paid(self._door.context, self._bill)
            yield from self._came()
        else:
            raise ValueError(event)

    def _write(self, text: str) -> None:
        early = _EARLY.fullmatch(text)
        if early is None:
            self._citizen.send(text)
            return
        before = self._door.context.now() - timedelta(seconds=int(early["seconds"]))
        self._citizen.send(early["text"], at=before)

    def _came(self, silent: str = "") -> Iterator[str]:
        messages = self._citizen.post()
        for message in messages:
            first, *others = message.split("\n")
            yield f"< {first}"
            yield from (f"| {line}" for line in others)
        if silent and not messages:
            yield silent
