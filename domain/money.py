"""Whole francs. The XOF has no cents, so an amount is an `int` and nothing else."""

from dataclasses import dataclass

FRANCS_MAX = 1_000_000_000


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of 0 to `FRANCS_MAX` whole francs CFA.

    Raises:
        TypeError: for anything but an `int` (a float, a bool).
        ValueError: for an amount out of bounds.
    """

    francs: int

    def __post_init__(self) -> None:
        if type(self.francs) is not int:
            message = f"an amount is whole francs, not {type(self.francs).__name__}"
            raise TypeError(message)
        if not 0 <= self.francs <= FRANCS_MAX:
            message = f"an amount is between 0 and {FRANCS_MAX} francs"
            raise ValueError(message)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.francs * quantity)

    def __str__(self) -> str:
        """`12 500 F CFA`, grouped by plain spaces (CLDR's narrow spaces are not in GSM-7)."""
        return f"{self.francs:,} F CFA".replace(",", " ")
