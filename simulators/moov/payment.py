"""One payment: what was ordered, what became of it, and the operator's codes for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.msisdn import Msisdn
from simulators.clock import iso
from simulators.moov.soap import SoapError

AMOUNT_MIN, AMOUNT_MAX = 5, 2_000_000  # francs; the operator's own are to be asked
_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_FIELDS = ("msisdn", "message", "amount", "externaldata1", "externaldata2", "fee")


class Code(StrEnum):
    """The operator's codes, and one that no documentation has."""

    DONE = "0"
    BAD_NUMBER = "3"
    POOR = "10"
    TOO_MUCH = "11"
    TOO_LITTLE = "12"
    MUDDLED = "77"
    INCOMPLETE = "91"
    GIVEN_UP = "92"
    NO_SUCH = "94"
    FAILED = "95"
    STRANGER = "98"
    PENDING = "100"
    NOT_REGISTERED = "555"


SPEECH: Final[Mapping[Code, str]] = {
    Code.DONE: "SUCCESS",
    Code.BAD_NUMBER: "Number is not valid",
    Code.POOR: "Funds is insufficient",
    Code.TOO_MUCH: "Cannot send on the above amount",
    Code.TOO_LITTLE: "Cannot send on the below amount",
    Code.MUDDLED: "ROUTING",
    Code.INCOMPLETE: "Parameters not complete",
    Code.GIVEN_UP: "Timeout in USSD PUSH/ Cancel in USSD PUSH",
    Code.NO_SUCH: "Transaction does not exist",
    Code.FAILED: "Transaction failed due to error",
    Code.STRANGER: "Invalid Credentials",
    Code.PENDING: "IN PENDING STATE",
    Code.NOT_REGISTERED: "Not Registered",
}


class RefusedError(Exception):
    """A push or an inquiry that is answered with a code and without a transaction."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed push; `amount` in francs, `payer` in E.164."""

    payer: str
    amount: int
    externaldata1: str
    externaldata2: str


@dataclass(slots=True)
class Payment:
    """A transaction's life; `debited` (francs) is None until money moves."""

    referenceid: str
    order: Order
    code: Code = Code.PENDING
    debited: int | None = None
    debited_at: datetime | None = None
    reversed: bool = False

    def fields(self) -> dict[str, str]:
        """What both operations answer: never an amount; `transid` is the merchant's own id."""
        return {
            "description": SPEECH[self.code],
            "referenceid": self.referenceid,
            "status": self.code.value,
            "transid": self.order.externaldata1,
        }

    def charge(self) -> dict[str, object] | None:
        """What was really debited, for the sandbox's oracle; None when nothing was."""
        if self.debited_at is None:
            return None
        return {
            "operator": "moov",
            "operator_ref": self.referenceid,
            "payer": self.order.payer,
            "amount": self.debited,
            "at": iso(self.debited_at),
            "reversed": self.reversed,
            "bill_number": self.order.externaldata2,
            "order_id": self.order.externaldata1,
        }


def admit(fields: Mapping[str, str], token: str) -> None:
    """Let the caller in.

    Raises:
        RefusedError: no token, or not ours.
    """
    if not fields.get("token"):
        raise RefusedError(Code.INCOMPLETE)
    if fields["token"] != token:
        raise RefusedError(Code.STRANGER)


def read_order(fields: Mapping[str, str]) -> Order:
    """Read the fields of a push.

    Raises:
        RefusedError: a field is missing, or the number or the amount cannot be.
        SoapError: what should be a number is none, as the operator's own machine says it.
    """
    if not all(fields.get(name) for name in _FIELDS):
        raise RefusedError(Code.INCOMPLETE)
    for name in ("amount", "fee"):
        if not _NUMBER.fullmatch(fields[name]):
            raise SoapError(f'For input string: "{fields[name]}"')
    payer = _subscriber(fields["msisdn"])
    amount = int(fields["amount"])
    if amount > AMOUNT_MAX:
        raise RefusedError(Code.TOO_MUCH)
    if amount < AMOUNT_MIN:
        raise RefusedError(Code.TOO_LITTLE)
    return Order(payer, amount, fields["externaldata1"], fields["externaldata2"])


def _subscriber(msisdn: str) -> str:
    """A number with its country's digits and no sign; mobile numbers all have wallets here."""
    try:
        number = Msisdn(f"+{msisdn}")
    except ValueError as error:
        raise RefusedError(Code.BAD_NUMBER) from error
    if not number.malian:
        raise RefusedError(Code.BAD_NUMBER)
    if number.network is None:
        raise RefusedError(Code.NOT_REGISTERED)
    return number.e164
