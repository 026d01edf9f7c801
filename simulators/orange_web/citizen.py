"""The citizen: opens the link found in an SMS, and types there the number it was sent to."""

from simulators.inbox import Inbox
from simulators.orange_web.bank import Bank


class Citizen:
    """Everybody who has a telephone."""

    def __init__(self, bank: Bank, inbox: Inbox) -> None:
        self._bank = bank
        self._inbox = inbox

    def look(self) -> None:
        """Read the new messages: now and then, and if there is a page to be opened at all."""
        if not self._inbox.is_due() or not (waiting := self._bank.waiting()):
            return
        for message in self._inbox.unread():
            for pay_token in waiting:
                if pay_token in message["text"]:
                    self._bank.pay(pay_token, message["to"].removeprefix("+223"))
