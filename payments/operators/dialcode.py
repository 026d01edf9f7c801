"""A merchant code that the citizen dials on the operator's own menu (docs/operators/dialcode.md).

This is what there is everywhere in Mali today, without any contract but the code itself. The
operator hears nothing of us: no attempt is opened, nothing can be asked, and no bill is named.
Only its report tells, closed, in the form we ask for:

    GET /reports?since=<UTC instant>     Bearer <token>; `order_id` is empty

A credit is a bill's only when that bill, and no other, was expected from that number for exactly
that amount; else it is money without an owner, for people.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from domain.wallet import Wallet, Way
from payments.intent import AmountRules
from payments.operators.base import Capabilities, HttpRequest, Operator, Order, Outcome, Token
from payments.reconciliation import Statement
from payments.wire import reports

_DIAL_MAX = 32  # characters, so that a message with the amount in it is still one
_DIAL = re.compile(r"[0-9*#]*\{amount\}[0-9*#]*")


@dataclass(frozen=True, slots=True)
class Account:
    """What the contract with the operator gives. `base_url` has no trailing slash.

    `brand` is the wallet's, as menus and messages name it. `dial` is what the citizen dials, with
    `{amount}` where the francs go: whoever chose the amount could pay any.
    """

    base_url: str
    token: str = field(repr=False)
    brand: str
    dial: str

    def __post_init__(self) -> None:
        if not _DIAL.fullmatch(self.dial) or len(self.dial) > _DIAL_MAX:
            message = f"dial: digits, * and #, {{amount}} once, {_DIAL_MAX} characters at most"
            raise ValueError(message)


class Dialcode(Operator):
    """See the module. The wallet is the account's: each has its brand and its code."""

    def __init__(self, account: Account, *, timeout: float, expiry: float) -> None:
        self._account = account
        self._timeout = timeout
        self.wallet = Wallet("dialcode", account.brand, None, Way.DIAL, account.dial)
        self.capabilities = Capabilities(
            inquire=False,
            prompt_again=False,
            statement=True,
            amounts=AmountRules(low=5, high=2_000_000),
            expiry=expiry,
        )

    def collect(self, order: Order, key: str, token: Token) -> None:
        """See `Operator.collect`: the citizen's own deed is all there is."""
        del order, key, token

    def statement(self, since: datetime, token: Token, after: str = "") -> HttpRequest:
        """See `Operator.statement`."""
        del token, after  # the account's own is enough, and a report has one page
        headers = {"Authorization": f"Bearer {self._account.token}", "Accept": "text/csv"}
        return reports.ask(self._account.base_url, since, headers, self._timeout)

    def read_statement(self, outcome: Outcome) -> Statement | None:
        """See `Operator.read_statement`."""
        return reports.read(outcome)
