"""Receipt numbers: 14 drawn digits and two check digits, 46 bits a thief would have to guess.

Numeric so that an officer can dial it in one string on the oldest telephone.
"""

from collections.abc import Callable

from domain import check_digits

DRAWN_DIGITS = check_digits.RECEIPT_DIGITS - 2


def draw(below: Callable[[int], int]) -> str:
    """Return a new number; `below(n)` draws an unguessable integer from 0 to n - 1.

    The caller keeps numbers unique and draws again on a clash.
    """
    return check_digits.append(f"{below(10**DRAWN_DIGITS):0{DRAWN_DIGITS}d}")


def is_well_typed(number: str) -> bool:
    """Whether `number` can be a receipt number at all; nothing is looked up."""
    return check_digits.hold(number, check_digits.RECEIPT_DIGITS)


def spoken(number: str) -> str:
    """Return `number` in groups of four, as it is read aloud."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
