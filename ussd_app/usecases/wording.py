"""The values texts are filled with: how a bill, an amount and an instant are written."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from domain.bill import FINE, Bill
from domain.catalogue import Catalogue, Field, FieldKind
from domain.money import Money
from domain.wallet import Wallet
from menus.checkout import DOWN
from menus.service import choice_id
from receipts.record import Receipt
from registries.requests import Request

Spell = Callable[[str], str]  # a text id to its words, in the language of whoever reads


def day(moment: date) -> str:
    """`12/11/2026`; Mali is on UTC all year."""
    return f"{moment:%d/%m/%Y}"


def instant(moment: datetime) -> str:
    """`12/11/26 14:05`: the year shortened, for messages count septets."""
    return f"{moment:%d/%m/%y %H:%M}"


def of_bill(bill: Bill) -> dict[str, str]:
    """What screens say of a bill: nothing about a person or a plate."""
    return {
        "bill_number": bill.bill_number,
        "version": str(bill.version),
        "heading_id": "heading.fine" if bill.is_fine else "heading.request",
        "subject_id": subject_id(bill.service, bill.subject),
        "amount": str(bill.amount),
        "basis": bill.legal_basis,
        "paid_on": day(bill.settled_at) if bill.settled_at else "",
        **_line(bill),
    }


def _line(bill: Bill) -> dict[str, str]:
    """What stands before the amount: the day of a fine, the count of copies, or the word tariff."""
    if bill.is_fine:
        return {"line_id": "line.dated", "day": day(bill.issued_on)}
    if bill.quantity > 1:
        unit = bill.amount.francs // bill.quantity
        return {"line_id": "line.counted", "count": str(bill.quantity), "unit": str(unit)}
    return {"line_id": "line.tariff"}


def offered(bill: Bill, wallet: Wallet) -> dict[str, str]:
    """What a confirmation says: the bill, and the wallet offered first."""
    chosen = {"wallet": wallet.code, "wallet_name": wallet.name}
    return {**of_bill(bill), **chosen}


TEXT_IDS = frozenset(
    {"heading.fine", "heading.request", "line.dated", "line.counted", "line.tariff"}
    | {"detail.no_nina", "detail.none"}
)


def of_wallets(wallets: Iterable[Wallet], down: frozenset[str]) -> dict[str, str]:
    """What stands after the names of the wallets, when there is a choice: who does not respond."""
    said = {w.code: "wallet.down" if w.code in down else "" for w in wallets}
    return {f"{DOWN}{code}_id": word for code, word in said.items()} if len(said) > 1 else {}


def of_receipt(receipt: Receipt) -> dict[str, str]:
    """What a verification says: the service, the amount, the day, the end of the bill number."""
    return {
        "heading_id": "heading.fine" if receipt.service == FINE else "heading.request",
        "subject_id": subject_id(receipt.service, receipt.subject),
        "amount": str(Money(receipt.francs)),
        "paid_on": day(receipt.paid_at),
        "cancelled_on": day(receipt.cancelled_at) if receipt.cancelled_at else "",
        "tail": receipt.bill_number[-3:],
    }


def subject_id(service: str, subject: str) -> str:
    """The text id of what is paid for."""
    return f"offence.{subject}" if service == FINE else f"service.{subject}"


def of_request(request: Request, catalogue: Catalogue, spell: Spell) -> dict[str, str]:
    """What the citizen typed, to be read again before paying; a quantity is on its own line.

    "again" was said of one request and must not be taken for an answer to the next.
    """
    fields = request.service.fields
    parts = [_part(field, request.answers[field.name], catalogue, spell) for field in fields]
    shown = ", ".join(part for part in parts if part)
    blank = "detail.no_nina" if fields else "detail.none"
    return {"detail": shown, "detail_id": "" if shown else blank, "again": ""}


def _part(  # noqa: PLR0911  # one way out for each kind
    field: Field, answer: str, catalogue: Catalogue, spell: Spell
) -> str:
    match field.kind:
        case FieldKind.QUANTITY:
            return ""
        case FieldKind.CHOICE:
            return spell(choice_id(field, answer))
        case FieldKind.PLACE:
            return catalogue.places[answer].name
        case FieldKind.NINA:
            return f"NINA {answer}" if answer else ""
        case FieldKind.DIGITS:
            return f"No {answer}"
        case FieldKind.TENDER:
            return f"No {answer}, {catalogue.tenders[answer].name}"
        case FieldKind.YEAR | FieldKind.TEXT:
            return answer
