"""What a citizen may type, and what is said when it is wrong.

Spaces, dots and dashes are forgiven everywhere: numbers are copied from paper.
"""

import re
from datetime import date

from domain import check_digits
from domain.catalogue import Field, FieldKind
from domain.msisdn import Msisdn
from menus.screens import Accepted, Refused, Rule

_FILLERS = str.maketrans("", "", " .-#")
_NATIONAL_DIGITS = 8
_NINA = re.compile(r"[0-9A-Z]{14}[A-Z]", re.ASCII)


def bill_number(text: str, _today: date) -> Accepted | Refused:
    """Ten digits ending in their check digits."""
    return _checked(text, check_digits.BILL_DIGITS, "problem.bill_number")


def receipt_number(text: str, _today: date) -> Accepted | Refused:
    """Sixteen digits ending in their check digits."""
    return _checked(text, check_digits.RECEIPT_DIGITS, "problem.receipt_number")


def paying_number(text: str, _today: date) -> Accepted | Refused:
    """A Malian mobile number, kept as eight digits; the country code may come in any habit."""
    digits = _bare(text)
    for code in ("+223", "00223", "223"):
        if digits.startswith(code) and len(digits) == len(code) + _NATIONAL_DIGITS:
            digits = digits.removeprefix(code)
            break
    try:
        number = Msisdn.parse(digits)
    except ValueError:
        return Refused("problem.phone")
    return Accepted(number.national) if number.network else Refused("problem.phone")


def of_field(field: Field) -> Rule:
    """Return the rule of a catalogue field (places are chosen from a menu, not typed)."""
    low, high = field.low, field.high
    match field.kind:
        case FieldKind.DIGITS:
            return lambda text, _today: _digits(text, low, high)
        case FieldKind.YEAR:
            return lambda text, today: _year(text, low, min(high, today.year))
        case FieldKind.QUANTITY:
            return lambda text, _today: _quantity(text, low, high)
        case FieldKind.NINA:
            return _nina
        case FieldKind.PLACE:
            message = "a place is a menu"
            raise ValueError(message)


def _checked(text: str, length: int, problem: str) -> Accepted | Refused:
    bare = _bare(text)
    return Accepted(bare) if check_digits.hold(bare, length) else Refused(problem)


def _digits(text: str, low: int, high: int) -> Accepted | Refused:
    bare = _bare(text)
    if _is_number(bare) and low <= len(bare) <= high and int(bare) > 0:
        return Accepted(str(int(bare)))  # act 007 is act 7, and one request
    return Refused("problem.digits")


def _year(text: str, low: int, high: int) -> Accepted | Refused:
    bare = _bare(text)
    if _is_number(bare) and len(bare) == len(str(low)) and low <= int(bare) <= high:
        return Accepted(bare)
    return Refused("problem.year")


def _quantity(text: str, low: int, high: int) -> Accepted | Refused:
    bare = _bare(text)
    if _is_number(bare) and len(bare) <= len(str(high)) and low <= int(bare) <= high:
        return Accepted(str(int(bare)))
    return Refused("problem.copies")


def _nina(text: str, _today: date) -> Accepted | Refused:
    bare = _bare(text)
    if not bare.isascii():  # upper() would make Latin letters of signs that only look like them
        return Refused("problem.nina")
    return Accepted(bare.upper()) if _NINA.fullmatch(bare.upper()) else Refused("problem.nina")


def _bare(text: str) -> str:
    return text.translate(_FILLERS)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
