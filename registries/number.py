"""Bill numbers: 8 drawn digits and 2 check digits, one format for fines and requests."""

from collections.abc import Callable

from domain import check_digits

DRAWN_DIGITS = check_digits.BILL_DIGITS - 2


def draw(below: Callable[[int], int]) -> str:
    """Return a new number; `below(n)` draws from 0 to n - 1. The caller keeps it unique."""
    return check_digits.append(f"{below(10**DRAWN_DIGITS):0{DRAWN_DIGITS}d}")
