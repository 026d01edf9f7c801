"""One payment of the merchant code: what the operator knows of it, and what the citizen meant."""

from dataclasses import dataclass
from datetime import datetime

from simulators.clock import iso
from simulators.doors import Charge
from simulators.statement import Line


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen wants to pay: `payer` in E.164, `amount` in francs.

    The operator never learns the `bill_number`: an amount is all there is to type.
    """

    payer: str
    bill_number: str
    amount: int


@dataclass(slots=True)
class Payment:
    """A debit, and its end."""

    ref: str
    wish: Wish
    amount: int
    at: datetime
    reversed: bool = False

    def charge(self) -> Charge:
        """For the sandbox's oracle, which alone knows what the citizen meant."""
        return {
            "operator": "dialcode",
            "operator_ref": self.ref,
            "payer": self.wish.payer,
            "amount": self.amount,
            "at": iso(self.at),
            "reversed": self.reversed,
            "bill_number": self.wish.bill_number,
        }

    def credit(self) -> Line:
        return Line("CREDIT", self.at, self.ref, "", self._printed(), self.amount)

    def reversal(self, at: datetime, ref: str) -> Line:
        return Line("REVERSAL", at, ref, "", self._printed(), self.amount, self.ref)

    def _printed(self) -> str:
        """The payer as this operator prints it: with the country's digits and no sign."""
        return self.wish.payer.removeprefix("+")
