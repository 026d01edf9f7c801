"""Telephone numbers: valid by construction, masked when printed.

A prefix is a hint of the operator, never a proof of the wallet (reference: portability in Mali is
unknown, and numbers are reassigned), so nothing is refused on a prefix alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

# Brands by the first two national digits, checked against phonenumbers' carrier table (which
# still carries the names of 2010: Sotelma, Atel) by tests/unit/domain/test_msisdn.py.
_BRANDS = {
    "orange": (*range(70, 80), *range(82, 86), *range(90, 95)),
    "moov": (*range(60, 70), 89, *range(95, 100)),
    "telecel": (*range(50, 54),),
}
_NATIONAL_DIGITS = 8


class Network(StrEnum):
    """The mobile network a Malian prefix hints at."""

    ORANGE = "orange"
    MOOV = "moov"
    TELECEL = "telecel"


_NETWORK_BY_PREFIX = {
    str(prefix): Network(brand) for brand, prefixes in _BRANDS.items() for prefix in prefixes
}


@dataclass(frozen=True, slots=True)
class Msisdn:
    """A possible and valid telephone number in E.164, such as `+22376123456`.

    Build it with `Msisdn.parse`; `str()` and `repr()` show the mask, so that a log line or a
    traceback cannot leak the number.
    """

    e164: str

    def __post_init__(self) -> None:
        if not _valid(self.e164):
            message = "not a valid telephone number"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> "Msisdn":
        """Read an international number, or an eight-digit Malian one.

        Raises:
            ValueError: when it is not a valid number.
        """
        return _parse(text.strip())

    @property
    def national(self) -> str:
        """The eight Malian digits, or the whole E.164 form abroad."""
        return self.e164.removeprefix("+223")

    @property
    def malian(self) -> bool:
        """Whether the number is of Mali (+223)."""
        return self.e164.startswith("+223")

    @property
    def network(self) -> Network | None:
        """The Malian network the prefix hints at; None abroad or when the prefix is unknown."""
        return _NETWORK_BY_PREFIX.get(self.national[:2]) if self.malian else None

    @property
    def masked(self) -> str:
        """`****3456`: what receipts print."""
        return f"****{self.e164[-4:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Msisdn({self.masked})"


@lru_cache(maxsize=4096)
def _parse(text: str) -> Msisdn:
    if len(text) == _NATIONAL_DIGITS and text.isascii() and text.isdigit():
        return Msisdn(f"+223{text}")
    return Msisdn(text)


def _valid(text: str) -> bool:
    if not (text[:1] == "+" and text[1:].isascii() and text[1:].isdigit()):
        return False
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(number):
        return False
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == text
