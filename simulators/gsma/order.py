"""A request for a merchant payment: what the document demands of it, and what this operator does.

The operator serves one merchant, francs CFA, and wallets of Mali: whatever is well formed and
names another payee, payer or currency is refused with the code the document has for it.
"""

import re
from dataclasses import dataclass
from typing import Final

from simulators.gsma.errors import refused

_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{0,3}[1-9])?", re.ASCII)
_PAYER: Final = re.compile(r"\+223([0-9]{8})", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_TEXT_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class Payee:
    """The merchant, by one of the document's account identifiers."""

    type: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Order:
    """A well-formed request; `amount` in francs, `payer` as 8 national digits."""

    payer: str
    payee: str
    payee_type: str
    amount: int
    attempt: str
    description: str
    callback_url: str


def read_order(body: object, callback_url: str, payee: Payee) -> Order:
    """Read the JSON of a request and its X-Callback-URL.

    Raises:
        RefusedError: when it is not as the document says, or not this operator's.
    """
    if not isinstance(body, dict):
        raise refused("validation", "formatError", "The body must be a JSON object")
    if _party(body, "creditParty") != (payee.type, payee.identifier):
        raise refused("identification", "identifierError", "creditParty")
    key, value = _party(body, "debitParty")
    payer = _PAYER.fullmatch(value) if key == "msisdn" else None
    if payer is None:
        raise refused("identification", "identifierError", "debitParty")
    if _text(body, "currency") != "XOF":
        raise refused("validation", "currencyNotSupported")
    if callback_url and not callback_url.startswith(("http://", "https://")):
        raise refused("validation", "formatError", "X-Callback-URL")
    return Order(
        payer=payer[1],
        payee=payee.identifier,
        payee_type=payee.type,
        amount=_amount(body),
        attempt=_text(body, "requestingOrganisationTransactionReference", optional=True),
        description=_text(body, "descriptionText", optional=True),
        callback_url=callback_url,
    )


def read_client_id(text: str | None) -> str:
    """Read an X-CorrelationID; empty when there is none.

    Raises:
        RefusedError: it is no UUID.
    """
    if text and not _UUID.fullmatch(text):
        raise refused("validation", "formatError", "X-CorrelationID")
    return (text or "").lower()


def _amount(body: dict[str, object]) -> int:
    text = _text(body, "amount")
    if text.startswith("-"):
        raise refused("validation", "negativeValue", "amount")
    if not _AMOUNT.fullmatch(text) or "." in text:
        raise refused("validation", "formatError", "amount")
    if int(text) < 1:
        raise refused("businessRule", "lessThanTransactionMinValue", "amount")
    if int(text) >= 10**9:
        raise refused("businessRule", "greaterThanTransactionMaxValue", "amount")
    return int(text)


def _party(body: dict[str, object], name: str) -> tuple[str, str]:
    party = body.get(name)
    if party is None:
        raise refused("validation", "mandatoryValueNotSupplied", name)
    if not isinstance(party, list) or len(party) != 1 or not isinstance(party[0], dict):
        raise refused("validation", "formatError", name)
    return _text(party[0], "key"), _text(party[0], "value")


def _text(body: dict[str, object], name: str, *, optional: bool = False) -> str:
    text = body.get(name, "" if optional else None)
    if text is None:
        raise refused("validation", "mandatoryValueNotSupplied", name)
    if not isinstance(text, str):
        raise refused("validation", "formatError", name)
    if len(text) > _TEXT_MAX:
        raise refused("validation", "lengthError", name)
    return text
