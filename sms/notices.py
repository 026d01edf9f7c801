"""Which text announces which fact. One GSM-7 segment each, proved by tests over every value.

The values are strings ready for the wire; the caller fills them from the bill, the attempt and
the receipt. A notice is told once per fact: its `event` is its identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import gsm7
from domain.payment import Failure
from domain.texts import Texts

TEMPLATES = (
    "sms.receipt",
    "sms.failed",
    "sms.unknown",
    "sms.link",
    "sms.dial",
    "sms.under_way",
    "sms.busy",
    "sms.reversed",
    "sms.returned",
    "sms.mismatch",
    "sms.surplus",
    "sms.unowned",
    "sms.heads_up",
)

# Told of what people or statements found out, hours or days after the citizen had done something.
# Everything else answers a deed of a moment ago, and never waits for the morning.
CAN_WAIT = frozenset({"sms.reversed", "sms.surplus", "sms.unowned"})
# Read twice, each of them says twice the same: none does harm. A text that would is named here.
ONCE_ONLY: frozenset[str] = frozenset()


def can_wait(template: str) -> bool:
    """Whether a text is better told in the morning than at night."""
    return template in CAN_WAIT


def may_repeat(template: str) -> bool:
    """Whether a text may be sent again while nobody knows if it has left."""
    return template not in ONCE_ONLY


@dataclass(frozen=True, slots=True)
class Notice:
    """A text to be told because of `event`, at most once per recipient."""

    template: str
    event: str
    values: Mapping[str, str]


def receipt(receipt_number: str, values: Mapping[str, str]) -> Notice:
    """The proof, issued once."""
    return Notice("sms.receipt", f"receipt-{receipt_number}", values)


def receipt_again(receipt_number: str, wish: str, values: Mapping[str, str]) -> Notice:
    """The same proof, because somebody wished for it."""
    return Notice("sms.receipt", f"receipt-{receipt_number}-{wish}", values)


def link(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """The address the citizen opens to pay."""
    return Notice("sms.link", f"link-{attempt_id}", values)


def dial(bill_number: str, turn: str, values: Mapping[str, str]) -> Notice:
    """What the citizen dials to pay, as they were told in one turn of a session."""
    return Notice("sms.dial", f"dial-{bill_number}-{turn}", values)


def under_way(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """The session was cut after the key was pressed."""
    return Notice("sms.under_way", f"under_way-{attempt_id}", values)


def busy(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """The prompt could not be shown, and the operator cannot show it again."""
    return Notice("sms.busy", f"busy-{attempt_id}", values)


def reversed_(receipt_number: str, values: Mapping[str, str]) -> Notice:
    """The operator took the money back."""
    return Notice("sms.reversed", f"reversed-{receipt_number}", values)


def returned(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """Money was taken and given back before it could pay anything."""
    return Notice("sms.returned", f"returned-{attempt_id}", values)


def unowned(operator: str, operator_ref: str, values: Mapping[str, str]) -> Notice:
    """Money came, and nobody can tell for which bill."""
    return Notice("sms.unowned", f"unowned-{operator}-{operator_ref}", values)


def failed(attempt_id: str, failure: Failure, values: Mapping[str, str]) -> Notice:
    """Nothing was paid, and why."""
    values = {**values, "reason_id": f"failure.{failure}"}
    return Notice("sms.failed", f"failed-{attempt_id}", values)


def unknown(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """We do not know yet."""
    return Notice("sms.unknown", f"unknown-{attempt_id}", values)


def mismatch(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """The wallet gave another amount."""
    return Notice("sms.mismatch", f"mismatch-{attempt_id}", values)


def surplus(attempt_id: str, operator_ref: str, values: Mapping[str, str]) -> Notice:
    """Money came that the bill had no need of."""
    return Notice("sms.surplus", f"surplus-{attempt_id}-{operator_ref}", values)


def heads_up(attempt_id: str, values: Mapping[str, str]) -> Notice:
    """Somebody asks another number to pay: told before its prompt."""
    return Notice("sms.heads_up", f"heads_up-{attempt_id}", values)


def write(notice: Notice, lang: str, texts: Texts) -> str:
    """Return the text of `notice` in the letters of the wire."""
    values = {
        name.removesuffix("_id"): texts.get(lang, value, **notice.values)
        if name.endswith("_id")
        else value
        for name, value in notice.values.items()
    }
    return gsm7.to_wire(texts.get(lang, notice.template, **values), lang)
