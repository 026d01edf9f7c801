"""The port of a registry: find what is owed under a number, and say that it was settled."""

from typing import Protocol

from domain.bill import Bill


class Registry(Protocol):
    """A register of bills. Its bills are found by number only: a number names no person."""

    def find_bill(self, bill_number: str) -> Bill | None:
        """Return the bill under a well-typed number, or None."""
        ...

    def mark_paid(self, bill: Bill) -> None:
        """Write the settlement of `bill` (its status and `settled_at`) into the register."""
        ...
