"""The words between the dialogue and whoever drives it.

The driver feeds an event to `engine.step` and gets back the new session with either a `Reply`
(show this screen) or an `Effect` (do this, then tell me how it went). Effects are values: the
engine asks, the driver does. A session is JSON both ways and survives a restart between any two
steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

SESSION_VERSION = 2


class Session(msgspec.Struct, frozen=True, array_like=True):
    """Where one citizen stands. An array in JSON: sessions are many and memory is counted.

    `trail` holds the screens behind (what `0` goes back to), `answers` what was typed and what
    effects told, all strings. An answer named `x_id` is a text id, shown as `{x}`. `sought` is what
    the names of a Find are narrowed by.
    """

    node: str
    lang: str
    trail: tuple[str, ...] = ()
    answers: dict[str, str] = {}
    page: int = 0
    problem: str = ""
    sought: str = ""
    version: int = SESSION_VERSION

    def to_json(self) -> bytes:
        """Return the session as bytes of JSON."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, raw: bytes) -> "Session | None":
        """Read a session; None when it is of another version or no session at all."""
        try:
            parts = msgspec.json.decode(raw, type=list[msgspec.Raw])
            session = msgspec.json.decode(raw, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        whole = len(parts) == len(cls.__struct_fields__)
        return session if whole and session.version == SESSION_VERSION else None


@dataclass(frozen=True, slots=True)
class Typed:
    """The citizen answered `text`, on `today` (years are checked against it)."""

    text: str
    today: date


@dataclass(frozen=True, slots=True)
class Told:
    """An effect ended in `outcome`, teaching `facts`."""

    outcome: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """The answer to `Resume`: the session left in the middle."""

    session: Session


Event = Typed | Told | Restored


@dataclass(frozen=True, slots=True)
class Reply:
    """Show the screen the session stands on.

    `ends`: it is the last of the USSD session. `decides`: the next key may move money, so nothing
    unseen may answer it. `literal`: the next answer is taken whole. `kept`: what was typed so far
    is worth keeping, should the session be cut.
    """

    ends: bool
    decides: bool = False
    literal: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Greet:
    """Who is calling: told `new`, `home`, `under_way`, `paid`, `unpaid`, `doubt` or `resume`.

    `paid`, `unpaid` and `doubt` say how a payment ended that was asked for a short while ago.
    """


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Remember the language of this subscriber: told `home`."""

    lang: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Take up the session left in the middle: `Restored`, or told `gone`."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget the session left in the middle: told `home`."""


@dataclass(frozen=True, slots=True)
class FindBill:
    """Look a bill up.

    Told `due`, `paid`, `cancelled`, `under_way`, `under_way_yours` (the caller may give the payment
    up), `unknown`, `too_many`.
    """

    bill_number: str


@dataclass(frozen=True, slots=True)
class RequestBill:
    """Make, or find again, the bill of a request.

    Told `due`, `under_way`, `under_way_yours`, `paid_before` (the same request within 24 h),
    `closed` or `too_many`.
    """

    service: str
    answers: Mapping[str, str]
    again: bool


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """Open the payment of a bill at the version shown.

    `payer` is a national number, or empty for the calling one; `otp` the password the wallet needs.
    Told `opened`, `opened_other`, `opened_otp`, `opened_link`, `opened_request`, `dial` (nothing is
    opened: the citizen dials), `which_number`, `which_otp`, `paid`, `cancelled`, `under_way`,
    `changed`, `stranger_limit`, `too_many`, `amount_refused`, `wallet_down`.
    """

    bill_number: str
    version: int
    wallet: str
    payer: str
    otp: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Give up the open payment of a bill, of the caller's own: told `cancelling` or `gone`."""

    bill_number: str


@dataclass(frozen=True, slots=True)
class VerifyReceipt:
    """Check a receipt: told `valid`, `cancelled`, `unknown`, `too_many`."""

    receipt_number: str


@dataclass(frozen=True, slots=True)
class SendReceipts:
    """Send the calling number its own last receipts again: told `sent`, had it any or none."""


@dataclass(frozen=True, slots=True)
class CopyReceipt:
    """Send another number (national) a receipt of the caller's: told `sent`, theirs or not."""

    receipt_number: str
    recipient: str


Effect = (
    Greet
    | SetLanguage
    | Resume
    | Forget
    | FindBill
    | RequestBill
    | OpenPayment
    | CancelPayment
    | VerifyReceipt
    | SendReceipts
    | CopyReceipt
)
