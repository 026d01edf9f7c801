"""The wallet's transactions, a day at a time, oldest first, by pages.

    {page_info: {start_cursor, end_cursor, has_next_page}, date, items: [...]}

`amount` is what the wallet gained, net of `fee`; what the payer gave is the sum. A refund takes
both back under the id of the payment it undoes: the document gives it no other field to say so.
Listed as soon as it is done. Pages are small unless asked for larger, so that there is a next one.
"""

import base64
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Final

from simulators.wave.session import ApiError, Session, seconds

PAGE: Final = 3
PAGE_MAX: Final = 1000
_FEE_PERCENT = 1


@dataclass(frozen=True, slots=True)
class _Entry:
    at: datetime
    item: dict[str, object]


class Transactions:
    """All that moved on the wallet since it opened."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._balance = 0

    def add(self, session: Session, at: datetime, *, reversal: bool) -> None:
        """Write the payment of `session`, or its refund."""
        sign = -1 if reversal else 1
        gross = session.paid or 0
        fee = gross * _FEE_PERCENT // 100
        self._balance += sign * (gross - fee)
        item: dict[str, object] = {
            "timestamp": seconds(at),
            "transaction_id": session.transaction_id,
            "transaction_type": "api_checkout_refund" if reversal else "api_checkout",
            "amount": str(sign * (gross - fee)),
            "fee": str(sign * fee),
            "balance": str(self._balance),
            "currency": "XOF",
            "is_reversal": reversal,
            "counterparty_name": "Citoyen du bac a sable",
            "counterparty_mobile": session.order.payer,
            "client_reference": session.order.client_reference,
            "checkout_api_session_id": session.id,
        }
        self._entries.append(_Entry(at, item))

    def balance(self) -> dict[str, object]:
        """Return what the wallet holds."""
        return {"amount": str(self._balance), "currency": "XOF"}

    def page(self, day: date, after: str, first: int) -> dict[str, object]:
        """Return at most `first` transactions of `day`, behind the cursor `after`.

        Raises:
            ApiError: `after` is no cursor of ours.
        """
        start = _place(after) if after else 0
        of_day = [entry.item for entry in self._entries if entry.at.date() == day]
        items = of_day[start : start + first]
        more = start + len(items) < len(of_day)
        info = {
            "start_cursor": after or None,
            "end_cursor": _cursor(start + len(items)) if items else None,
            "has_next_page": more,
        }
        return {"page_info": info, "date": day.isoformat(), "items": items}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"LT_{place}".encode()).decode()


def _place(cursor: str) -> int:
    try:
        mark, _, place = base64.urlsafe_b64decode(cursor).decode().partition("_")
        if mark == "LT" and place.isdigit():
            return int(place)
    except ValueError:
        pass
    raise ApiError(HTTPStatus.BAD_REQUEST, "request-validation-error", "after: not a cursor")
