"""Every wallet with every fate: who pays what with which, and what must become of it.

A table says what a fate is where the protocol can show it. Another says where it cannot: that is a
protocol's own business, told in docs/operators, and most often it is as `00`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import urllib3

from sandbox.phone import Phone, Screen

OVERCHARGE = 500  # francs
_REPLY_LOST = frozenset({"20", "21", "22"})
_LIFE_OF_A_PROMPT = 20.0  # seconds
_MORE, _PAGES_MAX = "98", 3
_TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class Wallet:
    """An operator's wallet, as the menu names it, and the beginning of the numbers that pay."""

    label: str
    prefix: str
    link: bool = False  # the citizen is sent one
    otp: bool = False  # the citizen types one


WALLETS: Mapping[str, Wallet] = {
    "orange_otp": Wallet("Orange OTP", "+223701", otp=True),
    "orange_web": Wallet("Orange Web", "+223702", link=True),
    "moov": Wallet("Moov Money", "+223663"),
    "wave": Wallet("Wave", "+223704", link=True),
    "gsma": Wallet("Mobile Money", "+223705"),
    "pi_spi": Wallet("PI-SPI", "+223706"),
}


@dataclass(frozen=True)
class Outcome:
    """What becomes of one payment. `told` begin the messages, in order; there are no others."""

    told: tuple[str, ...]
    receipts: tuple[str, ...] = ()  # the state of each, as its verification says
    debits: int = 0  # what was debited, in francs over what was due, is `over`
    over: int = 0
    reversed: bool = False
    failures: tuple[str, ...] = ()  # all the reasons the operator gave, if it said that it failed
    refused_after: float = 0.0  # seconds before which only a liar could have said so

    @property
    def fleeting(self) -> bool:
        """Whether it failed for some seconds only: who asks late never hears of that."""
        return bool(self.failures and self.debits)

    @property
    def paid(self) -> bool:
        return self.receipts == ("valid",)

    @property
    def never_heard_of(self) -> bool:
        """Whether the operator says neither that it debited nor that it did not."""
        return not (self.debits or self.failures)


RECEIPT = "REÇU Trésor Public: Amende {bill}, 3 000 F CFA payés le"
WAITING = "Amende {bill}, 3 000 F CFA: {wallet} n'a pas encore répondu. Ne payez pas deux fois"
LINK = "Amende {bill}, 3 000 F CFA: payez avec {wallet} ici http"
_UNPAID = "Amende {bill}, 3 000 F CFA: NON PAYÉ. "
_REASONS = {
    "insufficient": _UNPAID + "Solde insuffisant. Rien n'a été débité.",
    "refused": _UNPAID + "La demande {wallet} a été refusée. Rien n'a été débité.",
    "expired": _UNPAID + "La demande {wallet} est restée sans réponse. Rien n'a été débité.",
    "wallet": _UNPAID + "Le compte {wallet} ne peut pas payer. Rien n'a été débité.",
    "other": _UNPAID + "{wallet} a refusé. Rien n'a été débité.",
}
REVERSED = (
    "Amende {bill}: {wallet} a annulé ce paiement de 3 000 F CFA. Le reçu {receipt} est annulé."
)
SET_ASIDE = "Amende {bill}: 3 500 F CFA débités au lieu de 3 000 F CFA. La somme est gardée à part"


def _failed(reason: str, after: float = 0.0) -> Outcome:
    return Outcome((_REASONS[reason],), failures=(reason,), refused_after=after)


def _failed_then_paid(reason: str) -> Outcome:
    return Outcome((_REASONS[reason], RECEIPT), ("valid",), 1, failures=(reason,), refused_after=2)


_PAID = Outcome((RECEIPT,), ("valid",), 1)
# Nobody heard the request, or nobody can be asked about it: the closed statement decides alone.
_NEVER_HEARD_OF = Outcome((_REASONS["expired"],))

_FATES: Mapping[str, Outcome] = {
    "00": _PAID,
    "10": _failed("insufficient"),
    "11": _failed("refused", 2),
    "12": _failed("expired", 20),
    "20": _PAID,
    "21": _failed("expired", 20),
    "22": _PAID,
    "30": _PAID,
    "31": _PAID,
    "32": _PAID,
    "33": _failed("refused", 3),
    "40": _failed_then_paid("other"),
    "41": Outcome((RECEIPT, REVERSED), ("cancelled",), 1, reversed=True),
    "42": Outcome((SET_ASIDE,), (), 1, OVERCHARGE),
    "43": _PAID,
    "44": _PAID,
}
_OTHERWISE: Mapping[str, Mapping[str, Outcome]] = {
    # Who types a password has consented; a request that got lost was never in its books. The
    # refusal says why, and the list of transactions does not.
    "orange_otp": {
        "10": replace(_failed("insufficient"), failures=("insufficient", "other")),
        "12": _PAID,
        "21": _NEVER_HEARD_OF,
    },
    # The number is typed on a page that fixes the amount, and the page does not say why it failed.
    "orange_web": {
        "10": _failed("other", 1.5),
        "11": _failed("other", 2),
        "21": _PAID,
        "33": _failed("other", 3),
        "42": _PAID,
    },
    # One code for a refusal and an expiry, no callback to forge, and a lost reply is lost.
    "moov": {
        "11": _failed("expired", 2),
        "21": _NEVER_HEARD_OF,
        "33": _PAID,
    },
    # A try may fail: the link goes on being good, until it expires.
    "wave": {
        "10": _failed("insufficient", 20),
        "11": _failed("expired", 20),
        "33": _failed("expired", 20),
        "40": _PAID,
    },
    # No word for an expiry; a request whose reply was lost and that paid nothing has no answer.
    "gsma": {"12": _failed("other", 20), "21": _NEVER_HEARD_OF},
    # Nobody is told that money lacks; what fails is a suspended account.
    "pi_spi": {"10": _PAID, "40": _failed_then_paid("wallet")},
}


@dataclass(frozen=True)
class Case:
    """One fate at one operator."""

    operator: str
    fate: str

    @property
    def wallet(self) -> Wallet:
        return WALLETS[self.operator]

    @property
    def number(self) -> str:
        """Of the telephone that pays; no two cases share one."""
        return f"{self.wallet.prefix}001{self.fate}"

    @property
    def outcome(self) -> Outcome:
        return _OTHERWISE[self.operator].get(self.fate, _FATES[self.fate])

    @property
    def waits(self) -> frozenset[int]:
        """How often the citizen may be told that there is no answer yet.

        Always where nobody will ever answer; perhaps where the answer was lost, or is one that
        takes as long as a prompt lives.
        """
        if self.outcome.never_heard_of:
            return frozenset({1})
        slow = self.fate in _REPLY_LOST or self.outcome.refused_after >= _LIFE_OF_A_PROMPT
        return frozenset({0, 1} if slow else {0})

    @property
    def tellings(self) -> int:
        """How many messages come at least, but for those that say to wait."""
        return len(self.outcome.told) + self.wallet.link - self.outcome.fleeting

    def told(
        self, bill_number: str, receipt_number: str, *, heard_all: bool = True
    ) -> Iterator[str]:
        """Yield how each message begins, in order."""
        link = (LINK,) if self.wallet.link else ()
        for words in (*link, *self.outcome.told[0 if heard_all else 1 :]):
            yield words.format(bill=bill_number, wallet=self.wallet.label, receipt=receipt_number)

    def __str__(self) -> str:
        return f"{self.operator} {self.fate}"


CASES = [Case(operator, fate) for operator, fate in product(WALLETS, _FATES)]


def pay(case: Case, base_url: str, bill_number: str) -> Screen:
    """Pay a fine the other way, with this wallet and this telephone; return the last screen."""
    phone = Phone(base_url, case.number)
    choose(phone, bill_number, case.wallet.label)
    screen = phone.answer("1")
    if case.wallet.otp:
        assert f"Code de paiement {case.wallet.label}" in screen
        screen = phone.answer(_password(base_url, case.number))
    return screen


def choose(phone: Phone, bill_number: str, label: str) -> None:
    """Go as far as the confirmation of a bill with a wallet, for this telephone."""
    assert "2 Autre moyen" in phone.dial(f"*789*1*{bill_number}#")
    key = _find(phone, label)
    assert "1 Ce téléphone" in phone.answer(key)
    assert f"1 Payer: {label}\n" in phone.answer("1")


def _find(phone: Phone, label: str) -> str:
    """Look through the pages of the menu for the key of a wallet."""
    screen = phone.answer("2")
    for _ in range(_PAGES_MAX):
        for line in screen.text.splitlines():
            key, _, words = line.partition(" ")
            if words == label:
                return key
        screen = phone.answer(_MORE)
    message = f"no {label} on {_PAGES_MAX} pages, at last {screen.text!r}"
    raise AssertionError(message)


def _password(base_url: str, number: str) -> str:
    return str(_get(f"{base_url}/sandbox/otp", msisdn=number)["otp"])


def live(base_url: str, operator: str) -> int:
    """Return what one operator holds for us, in francs: debited, and not given back."""
    charges = _get(f"{base_url}/sandbox/charges", operator=operator)
    return sum(charge["amount"] for charge in charges if not charge["reversed"])


def _get(url: str, **fields: str) -> Any:  # noqa: ANN401 - JSON
    return urllib3.request("GET", url, fields=fields, timeout=_TIMEOUT, retries=False).json()
