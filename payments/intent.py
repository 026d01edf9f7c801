"""Whether a payment may be opened, and why not. Pure: the counts are looked up by the caller.

The decision to pay is a PaymentIntent: one bill, at one version. An Attempt is one collection of
it through one operator. A machine never starts an attempt: only a citizen's key does.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.bill import Bill, BillStatus

STRANGER_PROMPTS_A_DAY = 3  # for one caller, and for one target: a prompt wakes somebody up
STRANGER_SILENCES_A_DAY = 1  # a bill blocked by prompts nobody answers is a bill nobody can pay
ATTEMPTS_A_DAY = 20  # for one caller, whoever pays


class Refusal(StrEnum):
    """Why no payment was opened; the dialogue's outcomes."""

    PAID = "paid"
    CANCELLED = "cancelled"
    UNDER_WAY = "under_way"
    CHANGED = "changed"
    STRANGER_LIMIT = "stranger_limit"
    TOO_MANY = "too_many"
    AMOUNT_REFUSED = "amount_refused"


@dataclass(frozen=True, slots=True)
class AmountRules:
    """What an operator collects: francs between bounds, in whole steps."""

    low: int
    high: int
    step: int = 1

    def allow(self, francs: int) -> bool:
        """Whether `francs` can be collected."""
        return self.low <= francs <= self.high and francs % self.step == 0


@dataclass(frozen=True, slots=True)
class Traffic:
    """What happened in the last 24 hours around the caller, the payer and the bill."""

    attempts_by_caller: int
    prompts_by_caller_to_strangers: int
    prompts_to_payer_by_strangers: int
    silent_stranger_attempts_on_bill: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen confirmed: the version shown, and whether a stranger would be prompted."""

    bill_version: int
    stranger: bool
    rules: AmountRules


def refusal(bill: Bill, wish: Wish, traffic: Traffic, *, under_way: bool) -> Refusal | None:
    """Return why `wish` cannot be opened on `bill`, or None when it may: the first that holds."""
    reasons = (
        (Refusal.PAID, bill.status is BillStatus.PAID),
        (Refusal.CANCELLED, bill.status is BillStatus.CANCELLED),
        (Refusal.UNDER_WAY, under_way),
        (Refusal.CHANGED, bill.version != wish.bill_version),
        (Refusal.AMOUNT_REFUSED, not wish.rules.allow(bill.amount.francs)),
        (Refusal.TOO_MANY, traffic.attempts_by_caller >= ATTEMPTS_A_DAY),
        (Refusal.STRANGER_LIMIT, wish.stranger and _nuisance(traffic)),
    )
    return next((refusal for refusal, holds in reasons if holds), None)


def _nuisance(traffic: Traffic) -> bool:
    return (
        traffic.prompts_by_caller_to_strangers >= STRANGER_PROMPTS_A_DAY
        or traffic.prompts_to_payer_by_strangers >= STRANGER_PROMPTS_A_DAY
        or traffic.silent_stranger_attempts_on_bill >= STRANGER_SILENCES_A_DAY
    )
