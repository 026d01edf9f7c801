"""What a citizen may type, and what is said when it is wrong.

Spaces, dots and dashes are forgiven everywhere: numbers are copied from paper.
"""

import re
from datetime import date

from domain import check_digits, gsm7
from domain.catalogue import Catalogue, Field, FieldKind, Service
from domain.msisdn import Msisdn
from menus.screens import Rule

_FILLERS = str.maketrans("", "", " .-#")
_NATIONAL_DIGITS = 8
_OTP_MIN, _OTP_MAX = 4, 8
_NINA = re.compile(r"[0-9A-Z]{14}[A-Z]", re.ASCII)
_TEXT = re.compile(r"[\w .,'&/-]+")


def _bill_number(text: str, _today: date) -> str | None:
    return _checked(text, check_digits.BILL_DIGITS)


def _receipt_number(text: str, _today: date) -> str | None:
    return _checked(text, check_digits.RECEIPT_DIGITS)


def _telephone(text: str, _today: date) -> str | None:
    digits = _bare(text)
    for code in ("+223", "00223", "223"):
        if digits.startswith(code) and len(digits) == len(code) + _NATIONAL_DIGITS:
            digits = digits.removeprefix(code)
            break
    try:
        number = Msisdn.parse(digits)
    except ValueError:
        return None
    return number.national if number.network else None


# Ten, and sixteen, digits ending in their check digits.
bill_number = Rule(_bill_number, "problem.bill_number", check_digits.append("10000000"))
receipt_number = Rule(
    _receipt_number, "problem.receipt_number", check_digits.append("10000000000000")
)
# A password of the operator's: a few digits, whatever they are.
otp = Rule(lambda text, _today: _otp(text), "problem.otp", "1" * _OTP_MIN)
# A Malian mobile number, kept as eight digits; the country code may come in any habit.
telephone = Rule(_telephone, "problem.phone", "70000000")


def of_field(field: Field, service: Service, catalogue: Catalogue) -> Rule:
    """Return the rule of a catalogue field that is typed.

    Raises:
        ValueError: it is chosen from a list, not typed.
    """
    low, high = field.low, field.high
    ones = "1" * max(low, 1)
    match field.kind:
        case FieldKind.TEXT:
            return Rule(lambda text, _day: _words(text, low, high), "problem.text", ones)
        case FieldKind.DIGITS:
            return Rule(lambda text, _day: _digits(text, low, high), "problem.digits", ones)
        case FieldKind.YEAR:
            return Rule(
                lambda text, day: _year(text, low, min(high, day.year)), "problem.year", str(low)
            )
        case FieldKind.QUANTITY:
            return Rule(lambda text, _day: _quantity(text, low, high), "problem.quantity", str(low))
        case FieldKind.NINA:
            return Rule(_nina, "problem.nina")
        case FieldKind.TENDER:
            return _of_tender(service.code, catalogue)
        case FieldKind.PLACE | FieldKind.CHOICE:
            message = f"a {field.kind} is chosen, not typed"
            raise ValueError(message)


def _of_tender(service: str, catalogue: Catalogue) -> Rule:
    """The last one to close is the sample: if it is closed, all are."""
    tenders = [tender for tender in catalogue.tenders.values() if tender.service == service]
    last = max(tenders, key=lambda tender: tender.closes, default=None)
    return Rule(
        lambda text, day: _tender(catalogue, service, text, day),
        "problem.tender",
        last.number if last else "",
    )


def _checked(text: str, length: int) -> str | None:
    bare = _bare(text)
    return bare if check_digits.hold(bare, length) else None


def _otp(text: str) -> str | None:
    bare = _bare(text)
    return bare if _is_number(bare) and _OTP_MIN <= len(bare) <= _OTP_MAX else None


def _words(text: str, low: int, high: int) -> str | None:
    """Kept in the letters of the wire, so that what is shown again is what was kept."""
    words = gsm7.to_wire(" ".join(text.split()))
    return words if low <= len(words) <= high and _TEXT.fullmatch(words) else None


def _digits(text: str, low: int, high: int) -> str | None:
    bare = _bare(text)
    if _is_number(bare) and low <= len(bare) <= high and int(bare) > 0:
        return str(int(bare))  # act 007 is act 7, and one request
    return None


def _year(text: str, low: int, high: int) -> str | None:
    bare = _bare(text)
    good = _is_number(bare) and len(bare) == len(str(low)) and low <= int(bare) <= high
    return bare if good else None


def _quantity(text: str, low: int, high: int) -> str | None:
    bare = _bare(text)
    good = _is_number(bare) and len(bare) <= len(str(high)) and low <= int(bare) <= high
    return str(int(bare)) if good else None


def _nina(text: str, _today: date) -> str | None:
    bare = _bare(text)
    if not bare.isascii():  # upper() would make Latin letters of signs that only look like them
        return None
    return bare.upper() if _NINA.fullmatch(bare.upper()) else None


def _tender(catalogue: Catalogue, service: str, text: str, day: date) -> str | None:
    bare = _bare(text)
    return bare if catalogue.tender(service, bare, day) else None


def _bare(text: str) -> str:
    return text.translate(_FILLERS)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
