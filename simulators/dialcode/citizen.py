"""The citizen: reads in an SMS what to dial, for which bill, and dials it."""

import re
from datetime import datetime

from simulators.dialcode.bank import Bank
from simulators.dialcode.payment import Wish
from simulators.inbox import Inbox

_BILL_NUMBER = re.compile(r"(?<![0-9*])[0-9]{10}(?![0-9*#])", re.ASCII)


class Citizen:
    """Everybody who has a telephone. `dial` is the merchant's code, `{amount}` in it.

    What was delivered before `since` (UTC) is left alone: whoever wanted to dial it has.
    """

    def __init__(self, bank: Bank, inbox: Inbox, dial: str, since: datetime) -> None:
        self._since = since
        self._bank = bank
        self._inbox = inbox
        before, _, after = dial.partition("{amount}")
        self._code = re.compile(f"{re.escape(before)}([0-9]+){re.escape(after)}", re.ASCII)

    def look(self) -> None:
        """Read the new messages, now and then."""
        if not self._inbox.is_due():
            return
        for message in self._inbox.unread():
            if datetime.fromisoformat(message["at"]) >= self._since:
                self._read(message["to"], message["text"])

    def _read(self, payer: str, text: str) -> None:
        code, bill_number = self._code.search(text), _BILL_NUMBER.search(text)
        if code and bill_number:
            self._bank.wish(Wish(payer, bill_number[0], int(code[1])))
